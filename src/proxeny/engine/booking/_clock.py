"""Moments as seconds since 1970 in UTC, and what local clocks show at them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "DAY",
    "Ints",
    "Offsets",
    "Spans",
    "moment_of",
    "read_offsets",
    "round_times",
    "seconds_after",
    "seconds_before",
    "spans_of_days",
]

type Ints = NDArray[np.int64]
#: Stretches of time from and to, rising, none touching the next.
type Spans = tuple[Ints, Ints]

DAY = 24 * 60 * 60
_HOUR = 60 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def seconds_before(moment: datetime) -> int:
    """Return the last whole second up to a moment."""
    return (moment.astimezone(UTC) - _EPOCH) // _SECOND


def seconds_after(moment: datetime) -> int:
    """Return the first whole second from a moment on."""
    return -((_EPOCH - moment.astimezone(UTC)) // _SECOND)


def moment_of(second: int) -> datetime:
    """Return the moment in UTC."""
    return _EPOCH + second * _SECOND


@dataclass(frozen=True, slots=True)
class Offsets:
    """The clocks of a zone over some time.

    Parameters
    ----------
    since : ndarray, shape (n + 1,)
        When each offset begins to hold, rising; the last one is the end of the time.
    offset : ndarray, shape (n,)
        Seconds that clocks are ahead of UTC.
    """

    since: Ints
    offset: Ints

    def local(self, moments: Ints) -> Ints:
        """Return what clocks show, as if 1970 had begun at local midnight."""
        at = np.searchsorted(self.since[:-1], moments, "right") - 1
        return moments + self.offset[np.maximum(at, 0)]

    def stretches(self) -> Iterator[tuple[int, int, int]]:
        """Yield from, to and offset of each stretch between changes of the clocks."""
        since = self.since.tolist()
        yield from zip(since[:-1], since[1:], self.offset.tolist(), strict=True)


def read_offsets(zone: str, first: int, last: int) -> Offsets:
    """Return the clocks of a zone between two moments.

    Every hour is looked at, and the second of a change is found by halving: the database of zones
    has no list of changes to ask for. No place has changed its clocks and back within an hour.
    """
    clock = ZoneInfo(zone)

    def offset_at(second: int) -> int:
        moment = moment_of(second)
        return (moment.astimezone(clock).replace(tzinfo=UTC) - moment) // _SECOND

    since, offsets = [first], [offset_at(first)]
    for hour in range(first, last, _HOUR):
        end = min(hour + _HOUR, last)
        if offset_at(end) != offsets[-1]:
            since.append(_find_change(offset_at, hour, end))
            offsets.append(offset_at(end))
    return Offsets(np.array([*since, last + 1]), np.array(offsets))


def _find_change(offset_at: Callable[[int], int], before: int, after: int) -> int:
    old = offset_at(before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if offset_at(middle) == old else (before, middle)
    return after


def round_times(clocks: Offsets, step: int) -> Ints:
    """Return all moments at which clocks show a multiple of some seconds; each of two repeated."""
    found = [
        np.arange(since + -(since + offset) % step, until, step)
        for since, until, offset in clocks.stretches()
    ]
    return np.concatenate(found).astype(np.int64)


def spans_of_days(clocks: Offsets, hours_of: Callable[[int], Sequence[tuple[int, int]]]) -> Spans:
    """Return the moments at which local clocks show certain hours.

    Parameters
    ----------
    hours_of : callable
        Takes a local day, counted from 1970-01-01, and returns minutes of it, from and to.

    Notes
    -----
    Between changes of the clocks an hour of the wall is a shifted hour of UTC. So hours that clocks
    jump over are in no span, hours that they show twice are in two, which join if nothing is
    between them, and days have the length that they have.
    """
    found: list[list[int]] = []
    for since, until, offset in clocks.stretches():
        for day in range((since + offset) // DAY, (until - 1 + offset) // DAY + 1):
            for opens, closes in hours_of(day):
                midnight = day * DAY - offset
                start, end = max(midnight + opens * 60, since), min(midnight + closes * 60, until)
                if start >= end:
                    continue
                if found and found[-1][1] == start:
                    found[-1][1] = end
                else:
                    found.append([start, end])
    rows = np.array(found, dtype=np.int64).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]
