"""A day of visits in a city, and the way through it that was found."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

from proxeny.engine._checks import check_whole

__all__ = [
    "MOST_MINUTES",
    "MOST_VISITS",
    "Conflict",
    "Day",
    "Itinerary",
    "LeftOut",
    "Stop",
    "Visit",
]

#: More visits than that on one day are refused: each one more doubles time and memory.
MOST_VISITS = 16
#: The largest time of a day: two of them and a set of visits fit in one word.
MOST_MINUTES = 2**23 - 1


@dataclass(frozen=True, slots=True)
class Visit[Key: Hashable]:
    """Somewhere to be on that day, for a while.

    Parameters
    ----------
    key : hashable
        What the caller calls it; answers name it so. No other visit of the day has the same.
    place : int
        Its row in the day's matrix. Several visits may be at one place.
    duration_min : int
        How long it takes, at least 0.
    windows : sequence of (int, int)
        Opening hours, from and to in minutes of the day, rising, without overlap; a lunch break
        makes two. The visit begins and ends within one of them. None at all: open all day.
    fixed_at : int, optional
        The minute at which it begins, if that is agreed; its windows hold nevertheless.
    worth : int
        What it is worth if it is not a must, at least 1; only the ratio to other worths counts.
    must : bool
        Whether a day without it is no answer.
    buffer_min : int
        What has to lie between arriving there and beginning (the porter, the lift), at least 0;
        waiting for the doors to open counts towards it.

    Raises
    ------
    ValueError
        On a number out of range; the message names the visit, the field and the value.
    """

    key: Key
    place: int
    duration_min: int
    windows: Sequence[tuple[int, int]] = ()
    fixed_at: int | None = None
    worth: int = 1
    must: bool = False
    buffer_min: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "windows", tuple((one[0], one[1]) for one in self.windows))
        name = f"visit {self.key!r}"
        _check_whole(f"{name}: place", self.place)
        _check_whole(f"{name}: duration_min", self.duration_min)
        _check_whole(f"{name}: buffer_min", self.buffer_min)
        _check_whole(f"{name}: worth", self.worth, least=1)
        if self.fixed_at is not None:
            _check_whole(f"{name}: fixed_at", self.fixed_at)
        before = -1
        for place, (opens, closes) in enumerate(self.windows):
            _check_whole(f"{name}: windows[{place}]", opens)
            _check_whole(f"{name}: windows[{place}]", closes)
            if closes < opens:
                raise ValueError(
                    f"{name}: windows[{place}]: {opens} to {closes} ends before it begins"
                )
            if opens < before:
                raise ValueError(
                    f"{name}: windows[{place}]: {opens} to {closes} begins before the one before it "
                    f"ends, at {before}"
                )
            before = closes

    @property
    def begins(self) -> tuple[tuple[int, int], ...]:
        """The first and last minute to begin in each stretch in which it may, rising."""
        windows = self.windows or ((0, MOST_MINUTES),)
        spans = [(opens, closes - self.duration_min) for opens, closes in windows]
        if self.fixed_at is not None:
            at = self.fixed_at
            return ((at, at),) if any(first <= at <= last for first, last in spans) else ()
        return tuple((first, last) for first, last in spans if first <= last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day[Key: Hashable]:
    """The visits of a day, the way between all places, and where and when the day begins and ends.

    Times are minutes since the local midnight of the day, as they elapse: `minutes_since` makes
    them from moments, so that a day on which clocks change has 23 or 25 hours and all differences
    are true. A day may go on past the next midnight.

    Parameters
    ----------
    visits : sequence of Visit
        At most `MOST_VISITS`.
    travel_min : sequence of sequences of int
        Minutes from each place (row) to each place (column), 0 on the diagonal. It need not be the
        same in both directions, and is taken at its word: a way over a third place is only taken
        to make a visit there.
    start : int
        Where the day begins.
    starts_at : int
        The earliest minute to leave there.
    end : int or None
        Where the day has to end; None is wherever the last visit is.
    ends_by : int
        The latest minute to be there.

    Raises
    ------
    ValueError
        On what cannot be; the message names the field and the value.
    """

    visits: Sequence[Visit[Key]]
    travel_min: Sequence[Sequence[int]]
    start: int
    starts_at: int
    end: int | None
    ends_by: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "visits", tuple(self.visits))
        object.__setattr__(self, "travel_min", tuple(tuple(row) for row in self.travel_min))
        self._check_travel()
        self._check_visits()
        for name, place in (("start", self.start), ("end", self.end)):
            if place is not None and not 0 <= place < len(self.travel_min):
                raise ValueError(f"{name}: there is no place {place}")
        _check_whole("starts_at", self.starts_at)
        _check_whole("ends_by", self.ends_by)
        if self.ends_by < self.starts_at:
            raise ValueError(f"ends_by: {self.ends_by} is before the day starts, {self.starts_at}")

    def _check_travel(self) -> None:
        for origin, row in enumerate(self.travel_min):
            if len(row) != len(self.travel_min):
                raise ValueError(
                    f"travel_min[{origin}]: has {len(row)} columns for {len(self.travel_min)} places"
                )
            for destination, minutes in enumerate(row):
                _check_whole(f"travel_min[{origin}][{destination}]", minutes)
            if row[origin]:
                raise ValueError(
                    f"travel_min[{origin}][{origin}]: from a place to itself it is 0, "
                    f"not {row[origin]}"
                )

    def _check_visits(self) -> None:
        if len(self.visits) > MOST_VISITS:
            raise ValueError(f"visits: {len(self.visits)} are more than {MOST_VISITS}")
        seen: set[Key] = set()
        for visit in self.visits:
            if visit.place >= len(self.travel_min):
                raise ValueError(f"visit {visit.key!r}: place: there is no place {visit.place}")
            if visit.key in seen:
                raise ValueError(f"visit {visit.key!r}: key: two visits have it")
            seen.add(visit.key)


def _check_whole(name: str, value: int, *, least: int = 0) -> None:
    check_whole(name, value, MOST_MINUTES, least=least)


@dataclass(frozen=True, slots=True)
class Stop[Key: Hashable]:
    """A visit that is made, and when; minutes of the day.

    Parameters
    ----------
    waiting_min : int
        What passes between arriving and beginning beyond the visit's buffer.
    leaves_by : int
        The latest minute to leave there from which this day's other visits and its end are still
        made, in this order; never before `ends_at`.
    """

    visit: Key
    arrives_at: int
    waiting_min: int
    begins_at: int
    ends_at: int
    leaves_by: int

    @property
    def slack_min(self) -> int:
        """The extra minutes one may stay without losing any later visit."""
        return self.leaves_by - self.ends_at


@dataclass(frozen=True, slots=True)
class LeftOut[Key: Hashable]:
    """A visit that is not made.

    Parameters
    ----------
    code : str
        `closed`: it fits in none of its opening hours, or its agreed time lies outside of them.
        `too_late`: nobody gets there before it is too late to begin. `no_return`: after it the
        day's end is out of reach. `musts`: the must-visits leave no room for it. `worth`: other
        visits are worth more.
    """

    visit: Key
    code: Literal["closed", "too_late", "no_return", "musts", "worth"]


@dataclass(frozen=True, slots=True)
class Conflict[Key: Hashable]:
    """Reason why no day includes all must-visits.

    Parameters
    ----------
    code : str
        `closed`, `too_late`, `no_return`: the one must-visit that cannot be made even alone, as
        for `LeftOut`. `together`: each of the visits can be made, but not all of them on one day,
        while any of them left out makes the rest possible, and no smaller set has this. `end`: the
        day's end cannot be reached in time, with no visit at all.
    """

    code: Literal["closed", "too_late", "no_return", "together", "end"]
    visits: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Itinerary[Key: Hashable]:
    """The best way through a day, or why there is none.

    Parameters
    ----------
    status : {"optimal", "infeasible"}
        `infeasible`: not all must-visits can be made; `conflict` says why, nothing else is there.
    stops : tuple of Stop
        In the order in which they are made.
    left_out : tuple of LeftOut
        In the order of the day's list.
    worth : int
        Sum of the worths of what is made, must-visits included.
    ends_at : int
        When one is at the day's end.
    travel_min, waiting_min : int
        On the way, and waiting beyond the buffers, over all of the day.
    leaves_by : int
        The latest minute to leave the start from which no visit of this day is lost; leaving so
        late may move its end.
    """

    status: Literal["optimal", "infeasible"]
    stops: tuple[Stop[Key], ...] = ()
    left_out: tuple[LeftOut[Key], ...] = ()
    worth: int = 0
    ends_at: int = 0
    travel_min: int = 0
    waiting_min: int = 0
    leaves_by: int = 0
    conflict: Conflict[Key] | None = None

    @property
    def order(self) -> tuple[Key, ...]:
        """The visits that are made, in their order."""
        return tuple(stop.visit for stop in self.stops)
