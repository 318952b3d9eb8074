# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Exact reduction of a network: twins merged, and actors without paths through them removed.

Two exact reductions (Sariyüce, Saule, Kaya, Çatalyürek 2013, "Shattering and compressing networks
for betweenness centrality", SDM):

- Twins have the same neighbours, and are all tied to each other or none is. Distances and paths
  from them are the same, so one represents all, with their number.
- An actor whose neighbours are all tied to each other (a "side vertex") is between nobody. Its own
  paths are computed once and then it is removed: no path among others needs it. Actors that took
  part in one thing only are such vertices, and usually most are.

Removal may turn others into side vertices; they are the next layer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine._jit import compiled
from proxeny.engine.network._rows import Rows

__all__ = ["Layer", "Twins", "find_twins", "peel", "uncompressed"]

#: No further layer is sought once fewer than this share of what is left would go.
LEAST_SHARE = 0.01
MOST_LAYERS = 12


@dataclass(frozen=True, slots=True)
class Twins:
    """Classes of twins, numbered by their first member.

    of: int32[n], the class of each actor.
    first: int32[c], the actor that represents the class.
    count: float64[c], the number it represents.
    tied: bool[c], whether they are tied to each other (True for a class of one).
    """

    of: NDArray[np.int32]
    first: NDArray[np.int32]
    count: NDArray[np.float64]
    tied: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Layer:
    """Remaining actors, and those that leave next.

    core: int32[k], classes through which paths may run; sorted by component, then falling degree.
    starts, others: rows among them, by place in `core`.
    begins, ends: int32[k], the places of the component that each one is in.
    side: int32[s], classes that leave, sorted by component.
    side_starts, side_others: their rows of places in `core`, int32.
    side_ends: int32[s], the first place in `side` after those of the component.
    """

    core: NDArray[np.int32]
    starts: NDArray[np.int32]
    others: NDArray[np.int32]
    begins: NDArray[np.int32]
    ends: NDArray[np.int32]
    side: NDArray[np.int32]
    side_starts: NDArray[np.int32]
    side_others: NDArray[np.int32]
    side_ends: NDArray[np.int32]
    last: bool

    @property
    def work(self) -> float:
        """Ties looked at if every search sees all it may see."""
        core = float(len(self.others)) * len(self.core) if self.last else 0.0
        return core + float(len(self.side)) * (len(self.others) + len(self.side_others))


def find_twins(rows: Rows) -> Twins:
    """Return classes of twins; O(m) and exact: equal sums are looked at neighbour by neighbour."""
    size = rows.size
    codes = np.random.default_rng(0x7713).integers(0, 2**63, size, dtype=np.uint64)
    gathered = np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes[rows.others])])
    open_sum = gathered[rows.starts[1:]] - gathered[rows.starts[:-1]]
    of = np.arange(size, dtype=np.int32)
    tied = np.ones(size, np.bool_)
    for sums, closed in ((open_sum + codes, True), (open_sum, False)):
        order = np.lexsort((np.arange(size), sums)).astype(np.int32)
        _join(order, sums, rows.starts, rows.others, closed, of, tied)
    first, number = np.unique(of, return_inverse=True)
    count = np.bincount(number, minlength=len(first)).astype(np.float64)
    return Twins(number.astype(np.int32), first.astype(np.int32), count, tied[first])


def uncompressed(size: int) -> Twins:
    """Return classes of one: what no compression would work on."""
    one = np.arange(size, dtype=np.int32)
    return Twins(one, one, np.ones(size), np.ones(size, np.bool_))


@compiled
def _join(order, sums, starts, others, closed, of, tied):
    """Let the first of the actors with the same neighbours represent all of them."""
    lead = -1
    for actor in order:
        fresh = lead < 0 or sums[lead] != sums[actor] or of[lead] != lead or of[actor] != actor
        if fresh or not _alike(lead, actor, starts, others, closed):
            lead = actor
        else:
            of[actor] = lead
            tied[lead] = closed


@compiled
def _alike(one, other, starts, others, closed):
    """Return whether two have the same neighbours, at least one; if closed, each other included."""
    a, b = starts[one], starts[other]
    a_end, b_end = starts[one + 1], starts[other + 1]
    if a_end - a != b_end - b or a == a_end:
        return False
    met = 0
    while a < a_end or b < b_end:
        if closed and a < a_end and others[a] == other:
            a += 1
            met += 1
        elif closed and b < b_end and others[b] == one:
            b += 1
            met += 1
        elif a < a_end and b < b_end and others[a] == others[b]:
            a += 1
            b += 1
        else:
            return False
    return met == (2 if closed else 0)


def peel(rows: Rows, twins: Twins, component: NDArray[np.int64], *, sides: bool) -> list[Layer]:
    """Return the layers, the last one with those through which paths may run.

    component: int64[n] of each actor. sides: False for a single layer without departures.
    """
    starts, others = _quotient(rows, twins)
    part = component[twins.first]
    plural = (twins.count > 1) & ~twins.tied
    left = np.ones(len(twins.first), np.bool_)
    layers: list[Layer] = []
    while True:
        leaves = np.zeros(len(left), np.bool_)
        if sides and len(layers) < MOST_LAYERS:
            _mark_sides(starts, others, plural, left, leaves)
            if leaves.sum() < max(1, LEAST_SHARE * left.sum()):
                leaves[:] = False
        last = not leaves.any() or bool((leaves == left).all())
        layers.append(_lay(starts, others, part, left & ~leaves, leaves, last))
        if last:
            return layers
        left &= ~leaves
        starts, others = _without(starts, others, left)


def _quotient(rows: Rows, twins: Twins) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the rows among classes."""
    stands = np.zeros(rows.size, np.bool_)
    stands[twins.first] = True
    origin = np.repeat(np.arange(rows.size, dtype=np.int32), rows.degree)
    kept = stands[origin] & stands[rows.others]
    starts = np.zeros(len(twins.first) + 1, np.int32)
    np.cumsum(np.bincount(twins.of[origin[kept]], minlength=len(twins.first)), out=starts[1:])
    return starts, twins.of[rows.others[kept]]


def _without(
    starts: NDArray[np.int32], others: NDArray[np.int32], left: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    origin = np.repeat(np.arange(len(left), dtype=np.int32), np.diff(starts))
    kept = left[origin] & left[others]
    fewer = np.zeros_like(starts)
    np.cumsum(np.bincount(origin[kept], minlength=len(left)), out=fewer[1:])
    return fewer, others[kept]


@compiled
def _mark_sides(starts, others, plural, left, leaves):
    """Mark those whose neighbours are all tied to each other; rows hold only those left.

    No two that are tied: the second one leaves with the next layer.
    """
    size = left.shape[0]
    seen = np.full(size, -1, np.int32)
    for actor in range(size):
        if left[actor]:
            leaves[actor] = _is_side(actor, starts, others, plural, leaves, seen)


@compiled
def _is_side(actor, starts, others, plural, leaves, seen):
    """Return whether all neighbours are tied to each other, and none leaves already."""
    begin, end = starts[actor], starts[actor + 1]
    fewest, where = seen.shape[0] + 1, begin
    for at in range(begin, end):
        other = others[at]
        degree = starts[other + 1] - starts[other]
        if degree < end - begin or plural[other] or leaves[other]:
            return False
        seen[other] = actor
        if degree < fewest:
            fewest, where = degree, at
    for turn in range(begin - 1, end):
        # The neighbour with the fewest ties is the likeliest to lack one, so it comes first.
        if end == begin:
            break
        other = others[where if turn < begin else turn]
        shared = 0
        for at in range(starts[other], starts[other + 1]):
            if seen[others[at]] == actor:
                shared += 1
        if shared < end - begin - 1:
            return False
    return True


def _lay(
    starts: NDArray[np.int32],
    others: NDArray[np.int32],
    part: NDArray[np.int64],
    stays: NDArray[np.bool_],
    leaves: NDArray[np.bool_],
    last: bool,
) -> Layer:
    """Renumber the remaining and the leaving actors, by component."""
    degree = np.diff(starts)
    core = np.flatnonzero(stays).astype(np.int32)
    core = core[np.lexsort((core, -degree[core], part[core]))]
    side = np.flatnonzero(leaves).astype(np.int32)
    side = side[np.lexsort((side, part[side]))]
    place = np.full(len(part), -1, np.int32)
    place[core] = np.arange(len(core), dtype=np.int32)
    begins = np.searchsorted(part[core], part[core], "left").astype(np.int32)
    ends = np.searchsorted(part[core], part[core], "right").astype(np.int32)
    side_ends = np.searchsorted(part[side], part[side], "right").astype(np.int32)
    return Layer(
        core,
        *_pick(starts, others, core, place),
        begins,
        ends,
        side,
        *_pick(starts, others, side, place),
        side_ends,
        last,
    )


def _pick(
    starts: NDArray[np.int32],
    others: NDArray[np.int32],
    chosen: NDArray[np.int32],
    place: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the rows of some, in their order, with only those neighbours that have a place."""
    picked = np.zeros(len(chosen) + 1, np.int32)
    into = np.empty(int(np.diff(starts)[chosen].sum()), np.int32)
    used = _fill(starts, others, chosen, place, picked, into)
    return picked, into[:used].copy()


@compiled
def _fill(starts, others, chosen, place, picked, into):
    used = 0
    for at in range(chosen.shape[0]):
        begin = used
        for step in range(starts[chosen[at]], starts[chosen[at] + 1]):
            if place[others[step]] >= 0:
                into[used] = place[others[step]]
                used += 1
        into[begin:used] = np.sort(into[begin:used])
        picked[at + 1] = used
    return used
