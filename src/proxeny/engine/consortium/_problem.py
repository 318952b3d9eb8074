"""A directory and a wish as arrays: eligible organisations, rows that count or sum, relations."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine._checks import check_distinct
from proxeny.engine.consortium._demands import (
    Bools,
    Ints,
    Row,
    build_rows,
    coordinators_of,
    screen,
)
from proxeny.engine.consortium._profiles import Profiles
from proxeny.engine.consortium.directory import MOST_LEVEL, Organisation, Relation, Wish

__all__ = ["Bools", "Ints", "Problem", "build_problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Eligible organisations, numbered from 0.

    Parameters
    ----------
    worth : ndarray, shape (n,)
        Fit less effort.
    levels : ndarray, shape (n, needs)
    rows : list of Row
        Demands that are linear in the membership.
    edges : ndarray, shape (m, 2), and strength, shape (m,)
        Relations, each in both directions, sorted by the first.
    start : ndarray, shape (n + 1,)
        The start of each organisation's relations, and the end of the last one's.
    """

    wish: Wish
    organisations: Sequence[Organisation]
    kept: Ints
    worth: Ints
    levels: NDArray[np.int8]
    weights: Ints
    side: Ints
    rows: list[Row]
    profiles: Profiles
    coordinators: Bools
    edges: Ints
    strength: Ints
    start: Ints
    unfit: Mapping[str, str]

    @property
    def count(self) -> int:
        """The number of eligible organisations."""
        return len(self.organisations)

    @property
    def left_out(self) -> dict[str, int]:
        """The number of excluded organisations, by reason."""
        return dict(sorted(Counter(self.unfit.values()).items()))

    def best_relation(self) -> Ints:
        """Return the strongest relation of each."""
        best = np.zeros(self.count, dtype=np.int64)
        for level in range(1, MOST_LEVEL + 1):
            best[self.edges[self.strength == level, 0]] = level
        return best

    def knows(self, some: Sequence[int]) -> dict[str, dict[str, int]]:
        """Return the relations within some organisations, by key, with their strength."""
        is_one = np.zeros(self.count, dtype=bool)
        is_one[list(some)] = True
        knows: dict[str, dict[str, int]] = {}
        for at in np.flatnonzero(is_one[self.edges].all(axis=1)).tolist():
            one, other = (self.organisations[place].key for place in self.edges[at].tolist())
            knows.setdefault(one, {})[other] = int(self.strength[at])
        return knows

    def take(self, some: Ints, *, in_full: bool) -> "Problem":
        """Return the problem of some of them only, in their order, with all rows if wanted."""
        number = np.full(self.count, -1, dtype=np.int64)
        number[some] = np.arange(len(some))
        on = (number[self.edges] >= 0).all(axis=1)
        edges, strength = number[self.edges[on]], self.strength[on]
        order = np.lexsort((edges[:, 1], edges[:, 0]))
        organisations = [self.organisations[at] for at in some.tolist()]
        return _assemble(
            organisations, self.wish, edges[order], strength[order], self.unfit, in_full=in_full
        )


def build_problem(
    organisations: Sequence[Organisation], relations: Sequence[Relation], wish: Wish
) -> Problem:
    """Return the arrays; organisations that break a rule alone are left out, with the reason.

    Raises
    ------
    ValueError
        If two organisations have one key, or their sums are too large.
    """
    check_distinct("organisations", (one.key for one in organisations))
    reasons = screen(organisations, wish)
    fit = [one for one, reason in zip(organisations, reasons, strict=True) if not reason]
    unfit = {one.key: why for one, why in zip(organisations, reasons, strict=True) if why}
    number = {one.key: at for at, one in enumerate(fit)}
    edges, strength = _edges(relations, number)
    return _assemble(fit, wish, edges, strength, unfit, in_full=False)


def _assemble(
    fit: Sequence[Organisation],
    wish: Wish,
    edges: Ints,
    strength: Ints,
    unfit: Mapping[str, str],
    *,
    in_full: bool,
) -> Problem:
    profiles = Profiles(fit, wish.call)
    column = {need.key: at for at, need in enumerate(wish.needs)}
    levels = np.zeros((len(fit), len(wish.needs)), dtype=np.int8)
    for at, one in enumerate(fit):
        for key, level in one.covers.items():
            if key in column:
                levels[at, column[key]] = level
    sides = {key: at for at, key in enumerate(wish.sides)}
    weights, kept = wish.weights, set(wish.keep)
    coordinators = coordinators_of(fit, profiles, wish)
    return Problem(
        wish=wish,
        organisations=fit,
        kept=np.array([at for at, one in enumerate(fit) if one.key in kept], dtype=np.int64),
        worth=np.array([weights.fit * one.fit - weights.member for one in fit], dtype=np.int64),
        levels=levels,
        weights=np.array([need.weight for need in wish.needs], dtype=np.int64),
        side=np.array([sides.get(one.side, -1) for one in fit], dtype=np.int64),
        rows=build_rows(fit, profiles, wish, levels, coordinators, in_full=in_full),
        profiles=profiles,
        coordinators=coordinators,
        edges=edges,
        strength=strength,
        start=np.searchsorted(edges[:, 0], np.arange(len(fit) + 1)),
        unfit=unfit,
    )


def _edges(relations: Sequence[Relation], number: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Return relations among eligible organisations; of two between the same, the stronger."""
    table = np.empty((len(relations), 3), dtype=np.int64)
    table[:, 0] = [number.get(one.one, -1) for one in relations]
    table[:, 1] = [number.get(one.other, -1) for one in relations]
    table[:, 2] = [one.level for one in relations]
    table = table[(table.min(axis=1, initial=0) >= 0) & (table[:, 2] > 0)]
    table = table[table[:, 0] != table[:, 1]]
    both = np.concatenate([table, table[:, [1, 0, 2]]])
    both = both[np.lexsort((-both[:, 2], both[:, 1], both[:, 0]))]
    first = np.ones(len(both), dtype=bool)
    first[1:] = (both[1:, :2] != both[:-1, :2]).any(axis=1)
    both = both[first]
    return both[:, :2], both[:, 2]
