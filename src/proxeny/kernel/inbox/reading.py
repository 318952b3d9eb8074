"""Processing of incoming mail: each mail once, and none lost.

The effects of a mail are applied in one transaction, together with a row that records it; only then
is the mail moved. After a crash in between, the mail is found again and moved.
"""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, F
from django.utils.crypto import salted_hmac

from proxeny.kernel.inbox.calendars import Reply
from proxeny.kernel.inbox.messages import (
    LARGEST,
    Bounce,
    Letter,
    Unreadable,
    digest_of,
    read_letter,
)
from proxeny.kernel.inbox.sources import NOT_UNDERSTOOD, PROCESSED, Place, Waiting, opening
from proxeny.kernel.logs import telling_work
from proxeny.kernel.mail import note_bounce
from proxeny.kernel.models import Mail, ReceivedMail
from proxeny.kernel.sandbox import ReadingFailed, read_apart
from proxeny.kernel.tenancy import SERVICE, acting_as

logger = logging.getLogger("proxeny.inbox")

#: Letters in one round, and how often one is tried that makes us stumble.
MOST, ATTEMPTS = 200, 5
#: Bytes read of a mail that is too large: enough to recognise it.
_HEAD = 64 * 1024
_READ_AT = "kernel.inbox.read-at"

Outcome = ReceivedMail.Outcome
#: Outcomes for a person to check: the mail had no effect.
_PUT_ASIDE = frozenset(
    {
        Outcome.STRANGER,
        Outcome.FORGED,
        Outcome.NOT_UNDERSTOOD,
        Outcome.TOO_LARGE,
        Outcome.FAILED,
    }
)


@dataclass(frozen=True, slots=True)
class Done:
    """The result of processing a mail.

    Attributes
    ----------
    about : str
        Digest of the respondent and the subject of the answer, as `about_of` makes it; empty if
        none.
    stamped_at : datetime or None
        When the person gave the answer.
    entry_id : int or None
        The row of the audit trail that it caused.
    """

    outcome: str
    about: str = ""
    stamped_at: datetime | None = None
    entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class Hands:
    """A capability's handlers for incoming mail.

    Each runs in the service's role, in the mail's transaction, and may act as a person.

    Attributes
    ----------
    answered : callable
        With a mail that contains an answer.
    unread : callable
        With a mail that contains an unreadable calendar.
    bounced : callable
        With a mail of ours that was not delivered, now marked as failed, and the status of the
        failure.
    """

    answered: Callable[[Letter, datetime], Done]
    unread: Callable[[Letter, datetime], None]
    bounced: Callable[[Mail, str, datetime], object]


def read_inbox(hands: Hands, *, clock: Callable[[], datetime]) -> Counter[str]:
    """Read the waiting mails of the configured source; return the number of mails by outcome.

    Nothing happens where none is configured. Call it outside any transaction, in one worker at a
    time.

    Raises
    ------
    InboxAway
        The place cannot be reached, or went away; what was read until then is done.
    """
    found: Counter[str] = Counter()
    if not settings.INBOX_URL:
        return found
    with opening(settings.INBOX_URL) as place:
        for waiting in place.waiting()[:MOST]:
            with telling_work(logger, "letter") as told:
                told.name = _take(place, waiting, hands, now=clock()) or "again"
                found[told.name] += 1
    cache.set(_READ_AT, clock().isoformat(), timeout=timedelta(days=30).total_seconds())
    return found


def last_read() -> datetime | None:
    """Return when the place was last read to its end, if that is known."""
    found = cache.get(_READ_AT)
    return datetime.fromisoformat(found) if isinstance(found, str) else None


def count_put_aside() -> dict[str, int]:
    """Return how many letters of the last 90 days were put aside, by outcome."""
    with acting_as(SERVICE):
        rows = ReceivedMail.objects.filter(outcome__in=_PUT_ASIDE).values_list("outcome")
        return dict(rows.annotate(count=Count("pk")).order_by("outcome"))


def _take(place: Place, waiting: Waiting, hands: Hands, *, now: datetime) -> str:
    """Apply one letter and move it; return its outcome, or nothing if it is to be tried again."""
    try:
        is_small = waiting.size <= LARGEST
        raw = place.read(waiting.name) if is_small else place.read_head(waiting.name, _HEAD)
    except FileNotFoundError:
        return ""  # somebody else moved it in the meantime
    outcome = take_in(raw, hands, now=now, is_whole=is_small)
    if outcome:
        with suppress(FileNotFoundError):
            place.move(waiting.name, NOT_UNDERSTOOD if outcome in _PUT_ASIDE else PROCESSED)
    return outcome


def take_in(raw: bytes, hands: Hands, *, now: datetime, is_whole: bool = True) -> str:
    """Apply one letter, once; return its outcome, or nothing if it is to be tried again.

    Parameters
    ----------
    raw : bytes
        The letter as it came, or its beginning.
    """
    letter, refused = _read(raw, is_whole=is_whole)
    try:
        with acting_as(SERVICE):
            row, _made = ReceivedMail.objects.get_or_create(digest=letter.digest)
            if row.outcome:
                return row.outcome
            done = Done(refused) if refused else _apply(letter, hands, now)
            ReceivedMail.objects.filter(pk=row.pk).update(
                outcome=done.outcome,
                about=done.about,
                stamped_at=done.stamped_at,
                entry_id=done.entry_id,
            )
            return done.outcome
    except Exception:
        logger.exception("a letter failed")
        return _note_failure(letter.digest)


def _read(raw: bytes, *, is_whole: bool) -> tuple[Letter, str]:
    if not is_whole:
        return Letter(digest_of(raw), ""), Outcome.TOO_LARGE
    try:
        return read_apart(
            read_letter,
            raw,
            settings.INBOX_JUDGE,
            returns=(Letter, Reply, Bounce),
            raises=(Unreadable,),
        ), ""
    except (Unreadable, ReadingFailed):
        # Also what the parser stumbles over: it would again, and the log records it.
        pass
    return Letter(digest_of(raw), ""), Outcome.NOT_UNDERSTOOD


def _apply(letter: Letter, hands: Hands, now: datetime) -> Done:
    if letter.reply is not None:
        # Before all else: calendars answer by themselves, and say so, when their person presses a button.
        return hands.answered(letter, now)
    if letter.bounce is not None:
        mail = note_bounce(letter.bounce.message_ids, letter.bounce.status)
        if mail is not None:
            hands.bounced(mail, letter.bounce.status, now)
        return Done(Outcome.BOUNCE)
    if letter.is_automatic:
        return Done(Outcome.AUTOMATIC)
    if letter.unread:
        hands.unread(letter, now)
    return Done(Outcome.NOT_UNDERSTOOD)


def _note_failure(digest: str) -> str:
    # In a transaction of its own: that of the attempt was rolled back.
    with acting_as(SERVICE):
        row, _made = ReceivedMail.objects.get_or_create(digest=digest)
        tried = row.attempts + 1
        outcome = Outcome.FAILED.value if tried >= ATTEMPTS else ""
        ReceivedMail.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1, outcome=outcome)
        return outcome


def about_of(*what: object) -> str:
    """Return a digest of the respondent and the subject of an answer, which reveals neither."""
    return salted_hmac("proxeny.inbox", ":".join(map(str, what)), algorithm="sha256").hexdigest()


def is_newer_known(about: str, stamped_at: datetime) -> bool:
    """Whether a newer answer came by mail before. Service role only."""
    return ReceivedMail.objects.filter(about=about, stamped_at__gt=stamped_at).exists()


def entries_of(about: str) -> list[int]:
    """Return the rows of the audit trail that answers by mail left. Service role only."""
    found = ReceivedMail.objects.filter(about=about).values_list("entry_id", flat=True)
    return [entry for entry in found if entry is not None]
