"""Parsing of incoming mail, as far as needed: its sender, the answer in it, or the bounce.

Nothing in it is trusted. Its size, depth and headers are checked before anything parses it; HTML,
links and attachments other than calendars are ignored.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from proxeny.kernel.inbox.authentication_results import is_forged
from proxeny.kernel.inbox.calendars import BrokenCalendar, Reply, find_uids, read_reply

#: Bytes of a mail, and of a calendar in it.
LARGEST, LARGEST_CALENDAR = 5 * 1024 * 1024, 200 * 1024
#: Headers: bytes of all those on top, and of one of a part.
_LONGEST_HEAD, _LONGEST_HEADER = 256 * 1024, 8 * 1024
#: Limits on boundaries between parts, and on mails inside the mail.
_MOST_BORDERS, _MOST_INSIDE, _MOST_PARTS, _MOST_LINES = 15, 20, 100, 150_000
EXCERPT = 200

_HEADER = re.compile(rb"(?im)^content-[a-z-]{1,40}[ \t]*:.*(?:\n[ \t].*)*")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}", re.ASCII)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CALENDARS = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
_FILES = frozenset({"application/octet-stream", "text/plain"})
#: Charsets of mail. Others that Python knows take their time with hostile text.
_CHARSET = re.compile(
    r"utf-?8|us-ascii|ascii|iso-?8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]|utf-?16"
)


class Unreadable(Exception):
    """A mail that is not taken apart at all; the message says why, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a mail could not be delivered.

    Attributes
    ----------
    message_ids : tuple of str
        Possible Message-IDs of the undelivered mail.
    status : str
        RFC 3463, for instance `5.1.1`.
    """

    message_ids: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One incoming mail.

    Attributes
    ----------
    digest : str
        Identical for the same mail from the same sender; reveals nothing about either.
    sender : str
        The claimed From address in lower case; empty unless there is exactly one.
    reply : Reply or None
        The answer it contains.
    unread : tuple of str
        Names of events in a calendar that could not be read.
    bounce : Bounce or None
        The non-delivery report.
    is_automatic : bool
        Whether it was sent automatically.
    is_forged : bool
        Whether the receiving server reports that the sender is not genuine.
    excerpt : str
        The beginning of its text, cleaned, on one line; untrusted.
    """

    digest: str
    sender: str
    sent_at: datetime | None = None
    reply: Reply | None = None
    unread: tuple[str, ...] = ()
    bounce: Bounce | None = None
    is_automatic: bool = False
    is_forged: bool = False
    excerpt: str = ""


def digest_of(*parts: bytes) -> str:
    """Return the digest of some bytes in a row."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


def read_letter(raw: bytes, judge: str = "") -> Letter:
    """Read one mail.

    Parameters
    ----------
    raw : bytes
        The mail as received.
    judge : str
        The name under which the receiving server writes its authentication results
        (RFC 8601); empty: no results are trusted.

    Raises
    ------
    Unreadable
        It is too large, too deeply nested or too malformed to be parsed.
    """
    message = _take_apart(raw)
    parts = _flatten(message)
    calendars = [body for part in parts if (body := _calendar_of(part)) is not None]
    reply, unread = _read_calendars(calendars)
    sender = _sender_of(message)
    named = str(message.get("Message-ID", "")).strip().encode("utf-8", "replace")
    told = [_payload(part) for part, _text, _method in calendars]
    return Letter(
        digest=digest_of(named, sender.encode(), *(told or [raw if not named else b""])),
        sender=sender,
        sent_at=_sent_at(message),
        reply=reply,
        unread=unread,
        bounce=_bounce_of(message, parts),
        is_automatic=_is_automatic(message),
        is_forged=is_forged(message.get_all("Authentication-Results", []), sender, judge=judge),
        excerpt=_excerpt(parts),
    )


def _take_apart(raw: bytes) -> Message:
    if len(raw) > LARGEST:
        raise Unreadable("too large")
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    head = raw.find(b"\n\n")
    if (len(raw) if head < 0 else head) > _LONGEST_HEAD:
        raise Unreadable("too long a head")
    if any(len(found[0]) > _LONGEST_HEADER for found in _HEADER.finditer(raw)):
        raise Unreadable("too long a header")
    # The parser looks for every open boundary on every line: only a few may be open at once.
    words = raw.lower()
    if words.count(b"boundary") > _MOST_BORDERS or words.count(b"message/") > _MOST_INSIDE:
        raise Unreadable("too many parts in each other")
    if raw.count(b"\n") > _MOST_LINES:
        raise Unreadable("too many lines")
    try:
        return message_from_bytes(raw)
    except (RecursionError, ValueError, LookupError, TypeError, AssertionError):
        raise Unreadable("no mail") from None


def _flatten(message: Message) -> list[Message]:
    found = []
    for part in message.walk():
        found.append(part)
        if len(found) > _MOST_PARTS:
            raise Unreadable("too many parts")
    return found


def _sender_of(message: Message) -> str:
    headers = message.get_all("From", [])
    if len(headers) != 1:
        return ""
    found = [address for _name, address in getaddresses([str(headers[0])])]
    if len(found) != 1 or not _ADDRESS.fullmatch(found[0]):
        return ""
    return found[0].lower()


def _sent_at(message: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(str(message.get("Date", ""))[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _is_automatic(message: Message) -> bool:
    said = {
        name: str(message.get(name, "")).strip().lower()
        for name in ("Auto-Submitted", "Precedence", "X-Autoreply", "X-Autorespond", "Return-Path")
    }
    return (
        said["Auto-Submitted"].partition(";")[0].strip() not in ("", "no")
        or said["Precedence"] in ("bulk", "junk", "list", "auto_reply")
        or bool(said["X-Autoreply"] or said["X-Autorespond"])
        or said["Return-Path"] == "<>"
    )


#: A part, its text, and the method that the mail says it has.
type _Body = tuple[Message, str, str]


def _calendar_of(part: Message) -> _Body | None:
    kind, name = part.get_content_type(), _parameter(part, "name", part.get_filename())
    if kind not in _CALENDARS and not (kind in _FILES and name.lower().endswith(".ics")):
        return None
    body = _payload(part)
    if len(body) > LARGEST_CALENDAR:
        return part, "", ""
    return part, _decode(body, _parameter(part, "charset")), _parameter(part, "method")


def _parameter(part: Message, name: str, otherwise: Any = "") -> str:
    value = part.get_param(name) or otherwise or ""
    # RFC 2231 gives three parts of which the last is the value.
    return str(value[2] if isinstance(value, tuple) else value).strip()


def _payload(part: Message) -> bytes:
    try:
        body = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return body if isinstance(body, bytes) else b""


def _decode(body: bytes, charset: str) -> str:
    """Return text: UTF-8 if it is that whatever is said of it, else as is said, else as Windows."""
    named = charset.lower() if _CHARSET.fullmatch(charset.lower()) else "windows-1252"
    for one, errors in (("utf-8-sig", "strict"), (named, "strict"), ("windows-1252", "replace")):
        try:
            return body.decode(one, errors)
        except (UnicodeDecodeError, LookupError):
            continue
    return ""


def _read_calendars(bodies: list[_Body]) -> tuple[Reply | None, tuple[str, ...]]:
    """Return the one answer in a mail, which may lie in it twice, and what could not be read."""
    found: set[Reply] = set()
    broken: list[str] = []
    for _part, text, method in bodies:
        try:
            reply = read_reply(text, method=method)
        except BrokenCalendar:
            broken += find_uids(text)
        else:
            found |= {reply} if reply else set()
    # The copy that is attached differs only in additional details.
    same = {(one.uid, one.attendee, one.answer, one.method) for one in found}
    if len(same) == 1:
        return max(found, key=lambda one: (one.starts_at is not None, len(one.comment))), ()
    return None, tuple(dict.fromkeys([*broken, *(uid for uid, *_rest in sorted(same))]))[:3]


def _bounce_of(message: Message, parts: list[Message]) -> Bounce | None:
    if message.get_content_type() != "multipart/report":
        return None
    if _parameter(message, "report-type").lower() != "delivery-status":
        return None
    told = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    blocks = [block for part in told for block in _blocks(part)]
    failed = [one for one in blocks if str(one.get("Action", "")).strip().lower() == "failed"]
    if not failed:
        return None
    status = _STATUS.search(str(failed[0].get("Status", ""))[:40])
    names = [*_names_in(parts[1:]), *_MESSAGE_ID.findall(str(message.get("In-Reply-To", ""))[:300])]
    return Bounce(tuple(dict.fromkeys(names))[:3], status[1] if status else "5.0.0")


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _names_in(parts: list[Message]) -> Iterator[str]:
    """Yield the names of mails that lie inside another: whole, or their headers alone."""
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            inside: Message = message_from_bytes(_payload(part)[:_LONGEST_HEAD])
            yield from _MESSAGE_ID.findall(str(inside.get("Message-ID", ""))[:300])
        elif part.get_content_type() == "message/rfc822":
            for one in _blocks(part):
                yield from _MESSAGE_ID.findall(str(one.get("Message-ID", ""))[:300])


def _excerpt(parts: list[Message]) -> str:
    for part in parts:
        if part.get_content_type() == "text/plain" and not part.get_filename():
            return clean(_decode(_payload(part)[:4000], _parameter(part, "charset")))
    return ""


def clean(text: str, most: int = EXCERPT) -> str:
    """Return a stranger's words as one short line that leads nowhere and turns no text around."""
    plain = "".join(one if one.isprintable() else " " for one in text[: most * 10])
    line = " ".join(plain.split()).replace("://", ": //").replace("www.", "www .")
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def plain_address(address: str) -> str:
    """Return an address as it is compared: in lower case, its domain as machines write it."""
    name, at, domain = address.strip()[:254].lower().rpartition("@")
    try:
        return f"{name}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return f"{name}{at}{domain}"
