"""The best set and order of visits, by all sets from small to large."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.missions._labels import Labels, drop_hopeless, extend, first_label
from proxeny.engine.missions._problem import Ints, Problem

__all__ = ["Prefer", "can_make_musts", "find_best", "sets_that_end"]

type Prefer = Literal["end", "travel"]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A way to the day's end; the higher its rank the better."""

    rank: tuple[int, int, int]
    size: int
    row: int


def find_best(problem: Problem, prefer: Prefer) -> tuple[int, ...] | None:
    """Return the visits of the best day in their order; None if the must-visits do not fit.

    Most worth first; then the earlier end and the shorter way, in the order preferred; then fewer
    visits; then what comes first in the list. Time and memory grow with the labels: at most
    `n * 2**n` times the length of the fronts of time and way, and far fewer where times are tight.
    """
    layers: list[Labels] = []
    best: _Candidate | None = None
    for labels in _layers(problem):
        layers.append(labels)
        found = _best_end(problem, labels, prefer, len(layers) - 1)
        if found and (best is None or found.rank > best.rank):
            best = found
    return None if best is None else _trace(layers, best)


def can_make_musts(problem: Problem) -> bool:
    """Whether some day makes all must-visits."""
    return any(_can_end(problem, labels).any() for labels in _layers(problem))


def sets_that_end(problem: Problem) -> Iterator[Ints]:
    """Yield, by their size, the sets of visits that some day makes, must-visits or not."""
    labels = first_label(problem)
    while len(labels):
        yield np.unique(labels.made[labels.ready + problem.home[labels.last] <= problem.ends_by])
        labels = extend(problem, labels)


def _layers(problem: Problem) -> Iterator[Labels]:
    """Yield all ways of 0, 1, 2 … visits on which what is best is still within reach."""
    labels = first_label(problem)
    least = 0
    while True:
        labels = drop_hopeless(problem, labels, least)
        if not len(labels):
            return
        yield labels
        ending = labels.made[_can_end(problem, labels)]
        if len(ending):
            least = max(least, int(_worth_of(problem, ending).max()))
        labels = extend(problem, labels)


def _can_end(problem: Problem, labels: Labels) -> NDArray[np.bool_]:
    ends: NDArray[np.bool_] = (labels.made & problem.must == problem.must) & (
        labels.ready + problem.home[labels.last] <= problem.ends_by
    )
    return ends


def _worth_of(problem: Problem, sets: Ints) -> Ints:
    worth = np.zeros(len(sets), dtype=np.int64)
    for visit in range(problem.count):
        worth += (sets >> visit & 1) * problem.worth[visit]
    return worth


def _best_end(problem: Problem, labels: Labels, prefer: Prefer, size: int) -> _Candidate | None:
    rows = np.flatnonzero(_can_end(problem, labels))
    if not len(rows):
        return None
    way = problem.home[labels.last[rows]]
    end, travel = labels.ready[rows] + way, labels.travel[rows] + way
    first, second = (end, travel) if prefer == "end" else (travel, end)
    worth = _worth_of(problem, labels.made[rows])
    at = np.lexsort((second, first, -worth))[0]
    rank = (int(worth[at]), -int(first[at]), -int(second[at]))
    return _Candidate(rank, size, int(rows[at]))


def _trace(layers: list[Labels], best: _Candidate) -> tuple[int, ...]:
    order, row = [], best.row
    for labels in reversed(layers[1 : best.size + 1]):
        order.append(int(labels.last[row]))
        row = int(labels.parent[row])
    return tuple(reversed(order))
