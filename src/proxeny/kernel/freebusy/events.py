"""Events of a calendar: when each is, how it repeats, whether it takes time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from proxeny.kernel.freebusy.lines import BrokenEvent, Line, Part, Zones, read_duration
from proxeny.kernel.freebusy.rules import Repeat, read_repeat

__all__ = [
    "APART",
    "Entry",
    "Interval",
    "Surroundings",
    "address_of",
    "may_matter",
    "read_event",
    "read_period",
    "read_periods",
    "takes_time",
]

_DAY = timedelta(days=1)
#: No zone is further from another.
APART = 2 * _DAY

type Interval = tuple[datetime, datetime]


@dataclass(slots=True)
class Entry:
    """One event: when it is, how it repeats, and whether it takes time."""

    number: int
    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    is_day: bool
    counts: bool
    replaces: Line | None
    repeats: list[Repeat] = field(default_factory=list)
    more: list[Line] = field(default_factory=list)
    less: list[Line] = field(default_factory=list)

    @property
    def moves_later(self) -> bool:
        """Whether it is an exception that all later ones follow."""
        return self.replaces is not None and "RANGE=THISANDFUTURE" in self.replaces.text.upper()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Context needed to read an event."""

    since: datetime
    until: datetime
    zones: Zones
    owners: frozenset[str]


def address_of(text: str) -> str:
    """Return an address as it is compared."""
    return text.strip().lower().removeprefix("mailto:").strip()


def read_periods(around: Surroundings, part: Part) -> Iterator[Interval]:
    """Yield the times that a `VFREEBUSY` says are not free."""
    for line in part.all("FREEBUSY"):
        params, value = line.split()
        if params.get("FBTYPE", "").upper() == "FREE":
            continue
        for period in value.split(","):
            start, end = read_period(around, {}, period, around.zones.own)
            yield start.astimezone(UTC), end.astimezone(UTC)


def read_period(
    around: Surroundings, params: dict[str, str], text: str, zone: tzinfo | None
) -> Interval:
    """Return from and to of a period (RFC 5545 §3.3.9)."""
    first, slash, last = text.strip().partition("/")
    if not slash:
        raise BrokenEvent
    start, _day = around.zones.read_time(params, first, zone=zone)
    if last[:1] in {"P", "+"}:
        return start, start + read_duration(last)
    return start, around.zones.read_time(params, last, zone=zone)[0]


def may_matter(around: Surroundings, part: Part) -> bool:
    """Whether an event is about the days asked for, or may be; told by its days alone.

    Most events of a calendar are years old: nothing in them need be readable.
    """
    if any(line.name in {"RRULE", "RDATE", "RECURRENCE-ID"} for line in part.lines):
        return True
    start = _rough_day(part.find("DTSTART"))
    end = start if part.find("DURATION") is None else None
    if part.find("DTEND"):
        end = _rough_day(part.find("DTEND"))
    if start and start > around.until + APART:
        return False
    return not end or end >= around.since - APART


def _rough_day(line: Line | None) -> datetime | None:
    day = line.value[:8] if line else ""
    try:
        return datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def read_event(around: Surroundings, part: Part, number: int) -> Entry:
    """Take an event apart; `BrokenEvent` if its times or its rules cannot be read."""
    line = part.find("DTSTART")
    if line is None:
        raise BrokenEvent
    starts_at, is_day = around.zones.read_time(*line.split())
    rules = part.all("RRULE")
    sequence = part.text("SEQUENCE")
    return Entry(
        number=number,
        uid=part.text("UID") or f" {number}",
        sequence=int(sequence) if sequence.isdecimal() and len(sequence) < 10 else 0,
        starts_at=starts_at,
        ends_at=_read_end(around, part, starts_at, is_day=is_day),
        is_day=is_day,
        counts=takes_time(around, part),
        replaces=part.find("RECURRENCE-ID"),
        repeats=[read_repeat(one.value, starts_at=starts_at, zones=around.zones) for one in rules],
        more=part.all("RDATE"),
        less=part.all("EXDATE"),
    )


def _read_end(around: Surroundings, part: Part, start: datetime, *, is_day: bool) -> datetime:
    """Return when an event ends; one that ends before it begins takes the time between (a day)."""
    line, zone = part.find("DTEND"), start.tzinfo or around.zones.own
    if line is not None:
        end = around.zones.read_time(*line.split(), zone=zone)[0]
    elif part.find("DURATION"):
        length = read_duration(part.text("DURATION"))
        # Days are days of the wall; hours are as they elapse (RFC 5545 §3.3.6).
        end = start + timedelta(days=length.days)
        if length.seconds:
            end = _shift(end, timedelta(seconds=length.seconds))
    else:
        end = start
    return max(end, start + _DAY) if is_day else end


def _shift(moment: datetime, length: timedelta) -> datetime:
    """Return a moment some elapsed time later, by the clocks of its own zone if those can tell."""
    later = moment.astimezone(UTC) + length
    wall = moment + length
    return wall if wall.astimezone(UTC) == later else later


def takes_time(around: Surroundings, part: Part) -> bool:
    """Whether an event is neither free nor cancelled nor declined by the owner."""
    if part.text("STATUS").upper() == "CANCELLED":
        return False
    if part.text("TRANSP").upper() == "TRANSPARENT":
        return False
    if part.text("X-MICROSOFT-CDO-BUSYSTATUS").upper() == "FREE":
        return False
    return not any(_is_declined(around, line) for line in part.all("ATTENDEE"))


def _is_declined(around: Surroundings, line: Line) -> bool:
    try:
        params, value = line.split()
    except BrokenEvent:
        return False
    return params.get("PARTSTAT", "").upper() == "DECLINED" and address_of(value) in around.owners
