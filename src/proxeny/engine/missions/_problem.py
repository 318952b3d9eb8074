"""Day as arrays, with bounds that show early what is no longer possible."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.missions.model import MOST_MINUTES, Day

__all__ = ["Ints", "Problem", "build_problem"]

type Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Problem:
    """Some visits of a day, numbered from 0; a set of them is the sum of the bits 1 << number.

    Parameters
    ----------
    chosen : tuple of int
        Their places in the day's list.
    travel : ndarray, shape (n + 1, n)
        Minutes from each visit, and in the last row from the start, to each visit.
    home : ndarray, shape (n + 1,)
        Minutes from each of them to the day's end.
    duration, buffer, worth : ndarray, shape (n,)
    first, last : tuple of ndarrays
        Per visit the first and last minutes to begin, as far as the day's end allows; rising.
    leave_by : ndarray, shape (n + 1, n)
        The latest minute to leave a visit (or the start) from which another one can still be begun,
        be it after visits on the way; -1 if none.
    must : int
        The set of must-visits.
    is_direct : bool
        Whether no way gets shorter by making a visit on it. Then leaving visits out never makes
        others impossible.
    """

    chosen: tuple[int, ...]
    starts_at: int
    ends_by: int
    travel: Ints
    home: Ints
    duration: Ints
    buffer: Ints
    worth: Ints
    first: tuple[Ints, ...]
    last: tuple[Ints, ...]
    leave_by: Ints
    must: int
    is_direct: bool

    @property
    def count(self) -> int:
        """The number of visits."""
        return len(self.chosen)


def build_problem[Key: Hashable](
    day: Day[Key], chosen: Sequence[int] | None = None, *, ends_by: int | None = None
) -> Problem:
    """Return the arrays of a day, of some of its visits only, or with another end.

    Takes time cubic in the number of visits.
    """
    kept = tuple(range(len(day.visits))) if chosen is None else tuple(chosen)
    visits = [day.visits[one] for one in kept]
    by = day.ends_by if ends_by is None else ends_by
    # Anything longer than a day makes no difference.
    matrix = np.minimum(np.array(day.travel_min, dtype=np.int64), MOST_MINUTES)
    places = [visit.place for visit in visits]
    origins = [*places, day.start]
    travel = matrix[np.ix_(origins, places)] if places else np.zeros((1, 0), np.int64)
    home = np.zeros(len(origins), np.int64) if day.end is None else matrix[origins, day.end]
    duration, buffer, worth = (
        np.array(values, dtype=np.int64)
        for values in (
            [visit.duration_min for visit in visits],
            [visit.buffer_min for visit in visits],
            [visit.worth for visit in visits],
        )
    )
    near, near_home = _shortest(travel, home, duration + buffer)
    spans = [
        _spans(visit.begins, int(by - near_home[at] - duration[at]))
        for at, visit in enumerate(visits)
    ]
    last_begin = np.array([last[-1] if len(last) else -1 for _, last in spans], dtype=np.int64)
    return Problem(
        chosen=kept,
        starts_at=day.starts_at,
        ends_by=by,
        travel=travel,
        home=home,
        duration=duration,
        buffer=buffer,
        worth=worth,
        first=tuple(first for first, _ in spans),
        last=tuple(last for _, last in spans),
        leave_by=np.maximum(last_begin - buffer - near, -1),
        must=sum(1 << at for at, visit in enumerate(visits) if visit.must),
        is_direct=bool((near == travel).all() and (near_home == home).all()),
    )


def _shortest(travel: Ints, home: Ints, stay: Ints) -> tuple[Ints, Ints]:
    """Return the least time to each visit and to the end, on which others may be made.

    Floyd and Warshall's closure, a visit on the way costing its stay; opening hours apart, so that
    it is a lower bound. A visit to itself costs nothing.
    """
    near, near_home = travel.copy(), home.copy()
    for via in range(len(stay)):
        to_via = near[:, via] + stay[via]
        np.minimum(near, to_via[:, None] + near[via][None, :], out=near)
        np.minimum(near_home, to_via + near_home[via], out=near_home)
    return near, near_home


def _spans(begins: Sequence[tuple[int, int]], latest: int) -> tuple[Ints, Ints]:
    cut = [(first, min(last, latest)) for first, last in begins if first <= latest]
    first, last = (np.array([span[side] for span in cut], dtype=np.int64) for side in (0, 1))
    return first, last
