"""Input and result of the search for a time: people's days, the request, and proposals."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from proxeny.engine._checks import check_whole

__all__ = [
    "DAY_MIN",
    "EASY_MIN",
    "MOST_DAYS",
    "MOST_PEOPLE",
    "MOST_WANTED",
    "Found",
    "Gain",
    "Person",
    "Proposal",
    "Request",
    "Rule",
    "Taken",
]

DAY_MIN = 24 * 60
#: More people than that are refused: each has four rules, and all rules are bits of one word.
MOST_PEOPLE = 12
#: The longest time to look at.
MOST_DAYS = 400
#: The most proposals at once.
MOST_WANTED = 50
#: With that much more time than the way takes, nobody need hurry.
EASY_MIN = 30
#: The longest way or pause: a week.
_LONGEST_MIN = 7 * DAY_MIN


@dataclass(frozen=True, slots=True)
class Taken:
    """A time that somebody does not have.

    Parameters
    ----------
    starts_at, ends_at : datetime
        Aware; it ends after it begins.
    place : int, optional
        Where the person is then: a row of the request's matrix. None is unknown or nowhere, from
        which there is no way to go.

    Raises
    ------
    ValueError
        On what cannot be; the message names the field and the value.
    """

    starts_at: datetime
    ends_at: datetime
    place: int | None = None

    def __post_init__(self) -> None:
        _check_aware("starts_at", self.starts_at)
        _check_aware("ends_at", self.ends_at)
        # Over UTC: two moments of one zone are compared by their clocks otherwise.
        if self.ends_at.astimezone(UTC) <= self.starts_at.astimezone(UTC):
            raise ValueError(f"ends_at: {self.ends_at} is not after starts_at, {self.starts_at}")
        if self.place is not None:
            _check_whole("place", self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person[Key: Hashable]:
    """Person who has to attend.

    Parameters
    ----------
    key : hashable
        The caller's name for them; answers use it.
    zone : str
        The IANA name of their time zone.
    hours : mapping of int to sequence of (int, int)
        Per weekday (0 is Monday) their working hours, from and to in minutes of the local day as
        clocks show it, 0 to 1440, ascending, without overlap. Without an entry they do not work on
        a weekday. Work over midnight is two spans, one up to 1440 and one from 0, which count as
        one.
    taken : sequence of Taken
        In any order; they may overlap.
    days_off : collection of date
        Local days without any availability.
    core : (int, int)
        The minutes of the local day that suit them best.

    Raises
    ------
    ValueError
        On an impossible value; the message names the person, the field and the value.
    """

    key: Key
    zone: str
    hours: Mapping[int, Sequence[tuple[int, int]]]
    taken: Sequence[Taken] = ()
    days_off: Collection[date] = ()
    core: tuple[int, int] = (10 * 60, 16 * 60)

    def __post_init__(self) -> None:
        hours = {
            weekday: tuple((one[0], one[1]) for one in spans)
            for weekday, spans in self.hours.items()
        }
        object.__setattr__(self, "hours", hours)
        object.__setattr__(self, "taken", tuple(self.taken))
        object.__setattr__(self, "days_off", frozenset(self.days_off))
        name = f"person {self.key!r}"
        _check_zone(f"{name}: zone", self.zone)
        for weekday, spans in hours.items():
            _check_whole(f"{name}: hours", weekday, most=6)
            _check_hours(f"{name}: hours[{weekday}]", spans)
        _check_hours(f"{name}: core", [self.core])
        for day in self.days_off:
            if not isinstance(day, date) or isinstance(day, datetime):
                raise ValueError(f"{name}: days_off: {day!r} is no date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request[Key: Hashable]:
    """Meeting that needs a time.

    Parameters
    ----------
    people : sequence of Person
        1 to `MOST_PEOPLE`, all of whom have to come.
    first_at, last_at : datetime
        Aware: it begins no earlier and ends no later, at most `MOST_DAYS` days apart.
    now : datetime
        Aware: the start of the notice period.
    zone : str
        The IANA name of the zone in which days are counted and times are round.
    duration_min : int
        1 to 1440.
    step_min : int
        It begins at local times of `zone` that are multiples of this; divides 1440.
    place : int, optional
        Its place, a row of the matrix. None: nobody travels.
    travel_min : sequence of sequences of int
        Minutes from each place (row) to each place (column), 0 on the diagonal.
    buffer_min : int
        The least time between the meeting and anything else, in addition to travel.
    wanted : int
        The number of proposals, 1 to `MOST_WANTED`.
    per_day : int
        The most of them on one day.
    notice_min : int
        The least time between `now` and its start.
    offered : collection of datetime
        Starts, aware, that must not be proposed again.

    Raises
    ------
    ValueError
        On an impossible value; the message names the field and the value.
    """

    people: Sequence[Person[Key]]
    first_at: datetime
    last_at: datetime
    now: datetime
    zone: str
    duration_min: int
    step_min: int = 15
    place: int | None = None
    travel_min: Sequence[Sequence[int]] = ()
    buffer_min: int = 0
    wanted: int = 5
    per_day: int = 2
    notice_min: int = 0
    offered: Collection[datetime] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "people", tuple(self.people))
        object.__setattr__(self, "travel_min", tuple(tuple(row) for row in self.travel_min))
        object.__setattr__(self, "offered", tuple(self.offered))
        self._check_times()
        self._check_numbers()
        self._check_travel()
        self._check_people()

    def _check_times(self) -> None:
        for name in ("first_at", "last_at", "now"):
            _check_aware(name, getattr(self, name))
        for start in self.offered:
            _check_aware("offered", start)
        _check_zone("zone", self.zone)
        length = self.last_at.astimezone(UTC) - self.first_at.astimezone(UTC)
        if length < timedelta():
            raise ValueError(f"last_at: {self.last_at} is before first_at, {self.first_at}")
        if length > timedelta(days=MOST_DAYS):
            raise ValueError(f"last_at: is more than {MOST_DAYS} days after first_at")

    def _check_numbers(self) -> None:
        _check_whole("duration_min", self.duration_min, least=1, most=DAY_MIN)
        _check_whole("step_min", self.step_min, least=1, most=DAY_MIN)
        if DAY_MIN % self.step_min:
            raise ValueError(f"step_min: {self.step_min} does not divide the {DAY_MIN} of a day")
        _check_whole("buffer_min", self.buffer_min)
        _check_whole("wanted", self.wanted, least=1, most=MOST_WANTED)
        _check_whole("per_day", self.per_day, least=1, most=MOST_WANTED)
        _check_whole("notice_min", self.notice_min, most=MOST_DAYS * DAY_MIN)

    def _check_travel(self) -> None:
        count = len(self.travel_min)
        for origin, row in enumerate(self.travel_min):
            if len(row) != count:
                raise ValueError(f"travel_min[{origin}]: has {len(row)} columns for {count} places")
            for destination, minutes in enumerate(row):
                _check_whole(f"travel_min[{origin}][{destination}]", minutes)
            if row[origin]:
                raise ValueError(
                    f"travel_min[{origin}][{origin}]: from a place to itself it is 0, "
                    f"not {row[origin]}"
                )
        if self.place is not None and not 0 <= self.place < count:
            raise ValueError(f"place: there is no place {self.place}")

    def _check_people(self) -> None:
        if not 1 <= len(self.people) <= MOST_PEOPLE:
            raise ValueError(f"people: {len(self.people)} are not 1 to {MOST_PEOPLE}")
        seen: set[Key] = set()
        for person in self.people:
            if person.key in seen:
                raise ValueError(f"person {person.key!r}: key: two people have it")
            seen.add(person.key)
            for number, one in enumerate(person.taken):
                if one.place is not None and one.place >= len(self.travel_min):
                    raise ValueError(
                        f"person {person.key!r}: taken[{number}]: there is no place {one.place}"
                    )


def _check_whole(name: str, value: int, *, least: int = 0, most: int = _LONGEST_MIN) -> None:
    check_whole(name, value, most, least=least)


def _check_aware(name: str, moment: datetime) -> None:
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise ValueError(f"{name}: {moment!r} is no moment with a time zone")


def _check_zone(name: str, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (OSError, TypeError, ValueError, KeyError):
        raise ValueError(f"{name}: there is no time zone {zone!r}") from None


def _check_hours(name: str, spans: Sequence[tuple[int, int]]) -> None:
    before = 0
    for opens, closes in spans:
        _check_whole(name, opens, most=DAY_MIN)
        _check_whole(name, closes, most=DAY_MIN)
        if closes <= opens:
            raise ValueError(f"{name}: {opens} to {closes} does not end after it begins")
        if opens < before:
            raise ValueError(f"{name}: {opens} to {closes} begins before {before}")
        before = closes


@dataclass(frozen=True, slots=True)
class Rule[Key: Hashable]:
    """Something that a time must not break.

    Parameters
    ----------
    code : str
        Of a person: `hours`, `days_off`, `taken` (with the buffer), `travel` (what is taken and the
        ways from and to it; it falls with `taken`). Of the request: `notice`, `offered`, `per_day`,
        and `range`, the first and last moment.
    person : hashable, optional
        Whose; None where it is the request's.
    """

    code: Literal["hours", "days_off", "taken", "travel", "notice", "offered", "per_day", "range"]
    person: Key | None = None


@dataclass(frozen=True, slots=True)
class Gain[Key: Hashable]:
    """Effect of dropping one rule.

    Parameters
    ----------
    starts : int
        The number of starts that would then suit everybody.
    proposals : int
        The number of proposals then possible, at most those wanted.
    """

    rule: Rule[Key]
    starts: int
    proposals: int


@dataclass(frozen=True, slots=True)
class Proposal[Key: Hashable]:
    """A time that suits everybody.

    Parameters
    ----------
    starts_at, ends_at : datetime
        In UTC.
    off_core : tuple of (hashable, int)
        Per person, in the request's order, by how many minutes it reaches out of their core hours:
        before them, or after them, whichever is more.
    tight : tuple of (hashable, int)
        Per person how many minutes are missing to `EASY_MIN` more than the ways before and after it
        take; 0 without ways.
    cost : int
        The sum of both over all people, and once more the largest `off_core`: it is better that two
        people give an hour each than that one gives two.
    """

    starts_at: datetime
    ends_at: datetime
    off_core: tuple[tuple[Key, int], ...]
    tight: tuple[tuple[Key, int], ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Found[Key: Hashable]:
    """Best proposals, and the obstacles to more.

    Parameters
    ----------
    status : {"enough", "fewer", "none"}
        As many as wanted, some, or no time at all.
    proposals : tuple of Proposal
        By their start.
    starts, days : int
        The number of starts that suit everybody, and of days with them in the request's zone.
    gains : tuple of Gain
        Unless there are enough: each single rule without which there would be more proposals, or
        more starts, most first.
    least : tuple of Rule
        If there is no time: the fewest rules that would all have to give way for one; of several
        such sets the one that makes room for most starts. One rule alone is also the first of
        `gains`.
    least_starts : int
        The number of starts without the rules in `least`.
    conflict : tuple of Rule
        If there is no time: rules that together leave none, each of them necessary. `range`: the
        meeting does not fit between the first and the last moment.
    """

    status: Literal["enough", "fewer", "none"]
    proposals: tuple[Proposal[Key], ...] = ()
    starts: int = 0
    days: int = 0
    gains: tuple[Gain[Key], ...] = ()
    least: tuple[Rule[Key], ...] = ()
    least_starts: int = 0
    conflict: tuple[Rule[Key], ...] = ()
