"""The best proposals among the starts that suit, exactly."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from proxeny.engine.booking._clock import Ints

__all__ = ["choose_starts", "count_proposals"]

#: A cost and the starts that make it up: less is better, then earlier.
type _Plan = tuple[int, tuple[int, ...]]


def choose_starts(
    at: Ints, day: Ints, cost: Ints, *, duration: int, wanted: int, per_day: int
) -> tuple[int, ...]:
    """Return the best starts.

    As many as possible up to those wanted; of such sets those on most days; of those the one of
    least cost; of those the one that is first when compared start by start.

    Parameters
    ----------
    at, day, cost : ndarray, shape (n,)
        Starts, rising; their days and their costs.

    Notes
    -----
    A day's best 1, 2, … starts that do not overlap, then the days one after the other for each
    number of starts and of days so far: O(n k + d w² k) plans for `d` days, `w` wanted and at most
    `k` a day, each compared in O(w). Costs add up and starts of one length are compared in order, so
    the best plan consists of best plans.
    """
    plans: dict[tuple[int, int], _Plan] = {(0, 0): (0, ())}
    for rows in _days(day):
        best = _best_of_day(at[rows].tolist(), cost[rows].tolist(), duration, min(per_day, wanted))
        for (count, days), (spent, chosen) in list(plans.items()):
            for more, (price, starts) in enumerate(best[: wanted - count], 1):
                key, plan = (count + more, days + 1), (spent + price, chosen + starts)
                plans[key] = min(plans.get(key, plan), plan)
    return plans[max(plans)][1]


def _days(day: Ints) -> Iterator[slice]:
    """Yield the rows of each day."""
    edges = [0, *(np.flatnonzero(np.diff(day)) + 1).tolist(), len(day)]
    yield from (slice(a, b) for a, b in pairwise(edges) if a < b)


def _best_of_day(at: Sequence[int], cost: Sequence[int], duration: int, most: int) -> list[_Plan]:
    """Return the best plan of 1, 2, … starts of a day that do not overlap, as far as there are."""
    # free[i]: how many of the starts are over when start i begins.
    free = np.searchsorted(np.array(at) + duration, at, "right").tolist()
    before: list[_Plan | None] = [(0, ())] * (len(at) + 1)
    found: list[_Plan] = []
    for _ in range(most):
        upto: list[_Plan | None] = [None]
        for number, start in enumerate(at):
            rest, best = before[free[number]], upto[-1]
            plan = None if rest is None else (rest[0] + cost[number], (*rest[1], start))
            upto.append(min((one for one in (best, plan) if one), default=None))
        if upto[-1] is None:
            break
        found.append(upto[-1])
        before = upto
    return found


def count_proposals(at: Ints, day: Ints, *, duration: int, wanted: int, per_day: int) -> int:
    """Return how many proposals there can be: on each day the next start when one is over."""
    total = 0
    for rows in _days(day):
        total += _count_day(at[rows], duration, per_day)
        if total >= wanted:
            return wanted
    return total


def _count_day(at: Ints, duration: int, most: int) -> int:
    count, place = 0, 0
    while place < len(at) and count < most:
        count += 1
        place = int(np.searchsorted(at, at[place] + duration, "left"))
    return count
