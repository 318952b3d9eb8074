"""Labels: sets of visits with the last of them, when one can leave it, and the time on the way."""

from dataclasses import dataclass

import numpy as np

from proxeny.engine.missions._problem import Ints, Problem
from proxeny.engine.missions.model import MOST_MINUTES

__all__ = ["Labels", "drop_hopeless", "extend", "first_label"]

BITS = MOST_MINUTES.bit_length()


@dataclass(frozen=True, slots=True)
class Labels:
    """All ways worth keeping to make a number of visits; arrays of one length.

    Parameters
    ----------
    made : ndarray
        The set of visits.
    last : ndarray
        The last of them; the number of visits is the start.
    ready, travel : ndarray
        When one can leave it, and minutes on the way until then.
    parent : ndarray
        The place of the way without its last visit, among those of one visit less.
    """

    made: Ints
    last: Ints
    ready: Ints
    travel: Ints
    parent: Ints

    def __len__(self) -> int:
        return len(self.made)

    def take(self, rows: np.ndarray) -> "Labels":
        """Return some of them."""
        return Labels(
            self.made[rows], self.last[rows], self.ready[rows], self.travel[rows], self.parent[rows]
        )


def first_label(problem: Problem) -> Labels:
    """Return the one way to make no visit."""
    one = (0, problem.count, problem.starts_at, 0, -1)
    return Labels(*(np.array([value], dtype=np.int64) for value in one))


def extend(problem: Problem, labels: Labels) -> Labels:
    """Return all ways that make one visit more and that no other one beats.

    Of two ways with one set and one last visit, the one that can leave no later and travels no
    longer beats the other: whatever follows it can follow the first as well, since one may wait.
    """
    # Backwards, since of equal ways the first row is taken: that with the later visit last.
    grown = [_extend_to(problem, labels, visit) for visit in reversed(range(problem.count))]
    return Labels(
        *(
            np.concatenate([getattr(one, name) for one in grown] or [np.zeros(0, np.int64)])
            for name in ("made", "last", "ready", "travel", "parent")
        )
    )


def _extend_to(problem: Problem, labels: Labels, visit: int) -> Labels:
    way = problem.travel[labels.last, visit]
    earliest = labels.ready + way + problem.buffer[visit]
    span = np.searchsorted(problem.last[visit], earliest)
    rows = np.flatnonzero((labels.made >> visit & 1 == 0) & (span < len(problem.last[visit])))
    begin = np.maximum(earliest[rows], problem.first[visit][span[rows]])
    grown = Labels(
        made=labels.made[rows] | 1 << visit,
        last=np.full(len(rows), visit, dtype=np.int64),
        ready=begin + problem.duration[visit],
        travel=labels.travel[rows] + way[rows],
        parent=rows,
    )
    return grown.take(_unbeaten(grown))


def _unbeaten(labels: Labels) -> Ints:
    """Return the rows that no other beats, by set, then by time; of equal ones the first."""
    order = np.argsort(
        labels.made << 2 * BITS | labels.ready << BITS | labels.travel, kind="stable"
    )
    made, travel = labels.made[order], labels.travel[order]
    # Each later set lies wholly below all earlier ones, so that one running minimum serves all.
    level = travel - (made << BITS)
    is_best = np.ones(len(order), dtype=bool)
    is_best[1:] = level[1:] < np.minimum.accumulate(level)[:-1]
    return order[is_best]


def drop_hopeless(problem: Problem, labels: Labels, least_worth: int) -> Labels:
    """Return the ways on which all must-visits and a worth are still within reach."""
    keep = np.ones(len(labels), dtype=bool)
    worth = np.zeros(len(labels), dtype=np.int64)
    for visit in range(problem.count):
        within = (labels.made >> visit & 1 == 1) | (
            labels.ready <= problem.leave_by[labels.last, visit]
        )
        if problem.must >> visit & 1:
            keep &= within
        worth += within * problem.worth[visit]
    keep &= worth >= least_worth
    return labels if keep.all() else labels.take(np.flatnonzero(keep))
