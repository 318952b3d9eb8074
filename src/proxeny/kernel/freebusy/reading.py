"""Busy times read from a calendar file.

Events are taken apart here, so that no title and no zone of a stranger's making reaches a library;
what repeats is unrolled by `recurring_ical_events`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.freebusy.events import (
    Entry,
    Interval,
    Surroundings,
    address_of,
    may_matter,
    read_event,
    read_periods,
    takes_time,
)
from proxeny.kernel.freebusy.lines import BrokenEvent, Part, Zones, read_parts
from proxeny.kernel.freebusy.unroll import TooMuch, Unrolling, split_series
from proxeny.kernel.zones import load_zone

__all__ = ["LARGEST", "LONGEST_DAYS", "MOST_INTERVALS", "Busy", "read_busy"]

#: Bytes of a file.
LARGEST = 5 * 1024 * 1024
#: Stretches of time that come out.
MOST_INTERVALS = 20_000
#: Days to look at.
LONGEST_DAYS = 800
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Busy:
    """The times at which a person is busy.

    Attributes
    ----------
    intervals : tuple of (datetime, datetime)
        Start and end in UTC, in ascending order, within the days asked for; none touches the next.
    events : int
        Number of events in the file, so that an empty answer can be told from an empty file.
    """

    intervals: tuple[tuple[datetime, datetime], ...]
    events: int


def read_busy(
    text: bytes, since: datetime, until: datetime, zone: str, owners: Collection[str] = ()
) -> Busy:
    """Read a person's busy times from a calendar of any vendor (RFC 5545).

    Taken is what an event does not say to be free (`TRANSP`, and Outlook's own word for it), what
    is not cancelled and what its owner has not declined; tentative events take time. Whole days and
    times without a zone are those of `zone`. Lists of busy times (`VFREEBUSY`) count too.

    Parameters
    ----------
    text : bytes
        The file, at most `LARGEST`.
    since, until : datetime
        Aware; at most `LONGEST_DAYS` apart.
    zone : str
        The IANA name of the zone in which the owner lives.
    owners : collection of str
        Addresses of the owner, for what they declined; the address by which Google names a calendar
        is known without.

    Returns
    -------
    Busy
        Times only: no title, place, name or description is kept of any event.

    Raises
    ------
    InvalidInput
        The file cannot be read, or not in bounded time and room; it names an event by its number
        in the file only.

    Notes
    -----
    Linear in the file, and in the steps of its rules, which are counted before they are taken.
    """
    if until < since or until - since > LONGEST_DAYS * _DAY:
        raise ValueError(f"until: {until} is not 0 to {LONGEST_DAYS} days after {since}")
    place = load_zone(zone)
    calendars = _open(text)
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    found: list[Interval] = []
    first = 1
    for calendar in calendars:
        names = {address_of(one) for one in (*owners, _name_of(calendar))} - {""}
        around = Surroundings(since, until, Zones(calendar, place), frozenset(names))
        found += _read_calendar(around, calendar, first)
        first += len(_events(calendar))
    return Busy(_merge(found, since, until), first - 1)


def _open(text: bytes) -> list[Part]:
    if len(text) > LARGEST:
        raise InvalidInput(
            _("This file is larger than %(size)d MB. Export only the coming months.")
            % {"size": LARGEST // 1024 // 1024}
        )
    if not text.strip():
        raise InvalidInput(_("This file is empty. Export the calendar again and choose that file."))
    is_wide = text[:2] in {b"\xff\xfe", b"\xfe\xff"}
    # Times are plain letters in any encoding: what else does not fit is not kept anyway.
    decoded = text.decode("utf-16" if is_wide else "utf-8-sig", errors="replace")
    if "BEGIN:VCALENDAR" not in decoded.upper():
        raise InvalidInput(
            _(
                "This isn’t a calendar. Choose a file in iCalendar format, with a name ending in "
                ".ics."
            )
        )
    calendars = read_parts(decoded)
    if calendars is None:
        raise InvalidInput(
            _("This calendar isn’t complete. Export it again and let the download finish.")
        )
    return calendars


def _name_of(calendar: Part) -> str:
    """Return the name of a calendar where it is an address, as that of Google's main one is."""
    line = calendar.find("X-WR-CALNAME")
    try:
        name = line.value if line else ""
    except BrokenEvent:
        return ""
    return name if "@" in name else ""


def _events(calendar: Part) -> list[Part]:
    return [part for part in calendar.parts if part.name in {"VEVENT", "VFREEBUSY"}]


def _read_calendar(around: Surroundings, calendar: Part, first: int) -> Iterator[Interval]:
    series: dict[str, list[Entry]] = defaultdict(list)
    for number, part in enumerate(_events(calendar), first):
        try:
            if part.name == "VFREEBUSY":
                yield from read_periods(around, part)
            elif may_matter(around, part):
                entry = read_event(around, part, number)
                series[entry.uid].append(entry)
        except (BrokenEvent, ValueError, OverflowError):
            if _is_free(around, part):
                continue
            raise _unreadable(number) from None
    unrolling = Unrolling(around)
    for some in split_series(series.values()):
        try:
            yield from unrolling.unroll(some)
        except TooMuch:
            raise _too_much(some[0].number) from None
        except (BrokenEvent, ArithmeticError, LookupError, TypeError, ValueError):
            raise _unreadable(some[0].number) from None


def _is_free(around: Surroundings, part: Part) -> bool:
    """Whether what cannot be read takes no time anyway, and no other time either."""
    try:
        return part.find("RECURRENCE-ID") is None and not takes_time(around, part)
    except BrokenEvent:
        return False


def _unreadable(number: int) -> InvalidInput:
    return InvalidInput(
        _(
            "Event number %(number)d in this calendar has a time, a time zone or a repetition "
            "that can’t be read. Correct or delete it in your calendar, then export it again."
        )
        % {"number": number}
    )


def _too_much(number: int) -> InvalidInput:
    return InvalidInput(
        _(
            "Event number %(number)d in this calendar repeats too often to be processed. Make it "
            "repeat less often or delete it in your calendar, then export it again."
        )
        % {"number": number}
    )


def _merge(found: Iterable[Interval], since: datetime, until: datetime) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for start, end in sorted(found):
        start, end = max(start, since), min(end, until)
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    if len(merged) > MOST_INTERVALS:
        raise InvalidInput(
            _("This calendar has more than %(most)d busy times. Export only the coming months.")
            % {"most": MOST_INTERVALS}
        )
    return tuple(merged)
