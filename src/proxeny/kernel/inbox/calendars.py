"""Calendars in incoming mail: the answer or the proposal in them (RFC 5545, RFC 5546).

What others write is read line by line and no further than needed. In particular no time zone is
built from a stranger's rules by a library that would work them out for centuries, and keep them
under a name for the next letter: `clocks` reads those.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar.parser import Contentline, Contentlines

from proxeny.kernel.inbox.timezones import BadClock, Clock, Rule, read_moment

#: Events in one calendar, and parts of any kind, at most; and how deep they stand in each other.
MOST_EVENTS, MOST_PARTS, DEEPEST = 20, 400, 4
#: Maximum length of a comment.
LONGEST_COMMENT = 500
METHODS = frozenset({"REPLY", "COUNTER"})
#: RFC 5545 §3.2.12, for events.
ANSWERS = frozenset({"ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "NEEDS-ACTION"})

_DURATION = re.compile(
    r"\+?P(?:(?P<weeks>\d{1,3})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,6})S)?)?"
)
_UID = re.compile(r"(?im)^UID(?:;[^:\r\n]{0,200})?:[ \t]*(\S{1,200})[ \t]*\r?$")
_FOLD = re.compile(r"\r?\n[ \t]")


class BrokenCalendar(Exception):
    """A calendar that cannot be read as an answer; the message says why, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One person's answer to one invitation.

    Attributes
    ----------
    method : {"REPLY", "COUNTER"}
        An answer, or a proposal for another time.
    attendee : str
        The claimed author of the answer: an address in lower case.
    answer : str
        `ACCEPTED`, `DECLINED`, `TENTATIVE`, `DELEGATED` or `NEEDS-ACTION`.
    stamped_at : datetime or None
        Time of the answer, by the sender's clock.
    starts_at, ends_at : datetime or None
        The time answered for, or the time proposed; aware. None where it is missing or ambiguous.
    comment : str
        The person's comment; untrusted text.
    delegated_to : str
        The delegate named in the answer: an address in lower case, untrusted text too.
    """

    method: str
    uid: str
    sequence: int
    attendee: str
    answer: str
    stamped_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    comment: str = ""
    delegated_to: str = ""


@dataclass(slots=True)
class _Part:
    """One component: its name, its lines, and the components in it."""

    name: str
    lines: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    parts: list["_Part"] = field(default_factory=list)

    def find(self, name: str) -> tuple[dict[str, Any], str] | None:
        """Return parameters and value of the first line of a name."""
        return next(((params, value) for key, params, value in self.lines if key == name), None)

    def text(self, name: str) -> str:
        """Return the value of the first line of a name, or nothing."""
        found = self.find(name)
        return found[1].strip() if found else ""

    def all(self, name: str) -> list["_Part"]:
        """Return the parts of a name in this one."""
        return [part for part in self.parts if part.name == name]


def read_reply(text: str, *, method: str = "") -> Reply | None:
    """Return the answer in a calendar, or None if it is no answer.

    Parameters
    ----------
    text : str
        The calendar.
    method : str
        What the mail's part says of it, where the calendar itself says nothing.

    Raises
    ------
    BrokenCalendar
        It says that it is an answer, and cannot be read as one.
    """
    if len(re.findall(r"(?im)^BEGIN:", text)) > MOST_PARTS:
        raise BrokenCalendar("too many parts")
    calendar = _read_parts(text)
    said = (calendar.text("METHOD") or method).upper()
    if said not in METHODS:
        return None
    events = calendar.all("VEVENT")
    if len(events) > MOST_EVENTS:
        raise BrokenCalendar("too many events")
    # An invitation of ours has no instances that could be answered one by one.
    events = [event for event in events if event.find("RECURRENCE-ID") is None]
    clocks = {clock.name: clock for clock in _clocks(calendar)}
    found = {_read_event(event, said, clocks) for event in events}
    if len(found) != 1:
        raise BrokenCalendar("not one answer to one invitation")
    return found.pop()


def find_uids(text: str) -> tuple[str, ...]:
    """Return the names of the events that a broken calendar seems to speak of, few at most."""
    return tuple(dict.fromkeys(_UID.findall(_FOLD.sub("", text))))[:3]


def _read_parts(text: str) -> _Part:
    top = _Part("")
    path = [top]
    for name, params, value in _lines(text):
        if name == "BEGIN":
            part = _Part(value.strip().upper())
            path[-1].parts.append(part)
            path.append(part)
            if len(path) > DEEPEST:
                raise BrokenCalendar("parts too deep in each other")
        elif name == "END":
            if path.pop().name != value.strip().upper() or not path:
                raise BrokenCalendar("parts that do not end where they should")
        else:
            path[-1].lines.append((name, params, value))
    if len(path) != 1 or [part.name for part in top.parts] != ["VCALENDAR"]:
        raise BrokenCalendar("not one whole calendar")
    return top.parts[0]


def _lines(text: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    try:
        lines = Contentlines.from_ical(text)
    except ValueError:
        raise BrokenCalendar("no lines of a calendar") from None
    for line in lines:
        if not line.strip():
            continue
        try:
            name, params, value = Contentline(line).parts()
        except ValueError:
            # One unreadable line does not spoil an answer found in others.
            continue
        yield name.upper(), {key.upper(): found for key, found in params.items()}, str(value)


def _read_event(event: _Part, method: str, clocks: dict[str, Clock]) -> Reply:
    attendees = [(params, value) for key, params, value in event.lines if key == "ATTENDEE"]
    uid = event.text("UID")
    if len(attendees) != 1 or not uid:
        raise BrokenCalendar("no event, or not one person's answer")
    params, address = attendees[0]
    answer = str(params.get("PARTSTAT", "NEEDS-ACTION")).upper()
    if answer not in ANSWERS:
        raise BrokenCalendar("an answer that there is not")
    starts_at = _moment(event, "DTSTART", clocks)
    return Reply(
        method=method,
        uid=uid,
        sequence=_number(event.text("SEQUENCE")),
        attendee=_address(address),
        answer=answer,
        stamped_at=_moment(event, "DTSTAMP", clocks),
        starts_at=starts_at,
        ends_at=_moment(event, "DTEND", clocks) or _end(starts_at, event.text("DURATION")),
        comment=event.text("COMMENT")[:LONGEST_COMMENT],
        delegated_to=_address(_first(params.get("DELEGATED-TO", "")))[:254],
    )


def _first(value: Any) -> str:
    # Several may be named (RFC 5545 §3.2.5): the first is reported.
    return str(value[0] if isinstance(value, list) and value else value)


def _address(text: str) -> str:
    return re.sub(r"(?i)^mailto:", "", text.strip()).strip().lower()


def _number(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BrokenCalendar("a sequence that is no number")
    return int(text)


def _moment(event: _Part, name: str, clocks: dict[str, Clock]) -> datetime | None:
    found = event.find(name)
    if found is None:
        return None
    params, value = found
    try:
        return read_moment(value.strip(), zone=str(params.get("TZID", "")), clocks=clocks)
    except BadClock:
        # Callers that need the time report it as missing; an answer may do without.
        return None


def _end(starts_at: datetime | None, duration: str) -> datetime | None:
    match = _DURATION.fullmatch(duration.upper())
    if starts_at is None or match is None:
        return None
    length = timedelta(**{name: int(value or 0) for name, value in match.groupdict().items()})
    try:
        return (starts_at + length).astimezone(UTC)
    except OverflowError:
        return None


def _clocks(calendar: _Part) -> Iterator[Clock]:
    for zone in calendar.all("VTIMEZONE"):
        rules = []
        for part in zone.parts:
            days = [value for key, _params, value in part.lines if key == "RDATE"]
            try:
                rules.append(
                    Rule.read(
                        since=part.text("DTSTART"),
                        before=part.text("TZOFFSETFROM"),
                        after=part.text("TZOFFSETTO"),
                        yearly=part.text("RRULE"),
                        days=",".join(days),
                    )
                )
            except BadClock:
                rules = []
                break
        if rules:
            yield Clock(zone.text("TZID"), tuple(rules))
