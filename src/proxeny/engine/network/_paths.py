# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Shortest paths from many actors: betweenness and distances, exactly.

Brandes 2001, "A faster algorithm for betweenness centrality", J. Math. Sociology 25, over the
layers of `_layers`. A search looks at each step from the side that has fewer ties to look at: from
those just reached, or from those not reached yet (Beamer, Asanović, Patterson 2012,
"Direction-optimizing breadth-first search", SC12), on the way out and on the way back.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine._jit import compiled
from proxeny.engine.network._layers import Layer, Twins
from proxeny.engine.network._rows import Rows

__all__ = ["SHARES", "Reach", "harmonic_of", "run_paths"]

#: Shares of the sources; sums are added in their order, so that the number of cores changes nothing.
SHARES = 8


@dataclass(frozen=True, slots=True)
class Reach:
    """Results from shortest paths, float64[n] each.

    between: for pairs of others, the share of their shortest paths that run through, summed.
    near: sum of 1 / distance to all reached ones. far: sum of the distances.
    """

    between: NDArray[np.float64]
    near: NDArray[np.float64]
    far: NDArray[np.float64]


def run_paths(layers: list[Layer], twins: Twins, rows: Rows) -> Reach:
    """Run through all layers; O(work of the layers), in as many threads as there are cores."""
    sums = np.zeros((3, len(twins.first)))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for layer in layers:
            for share in pool.map(_share_of(layer, twins), range(SHARES)):
                sums += share
    return _spread(sums, twins, rows)


def _share_of(layer: Layer, twins: Twins) -> Callable[[int], NDArray[np.float64]]:
    """Return a function that computes one share of a layer: float64[3, c]."""
    whole = len(layer.core)
    kind = np.int16 if whole < np.iinfo(np.int16).max - 2 else np.int32
    core_count, side_count = twins.count[layer.core], twins.count[layer.side]

    def work(share: int) -> NDArray[np.float64]:
        out = np.zeros((3, whole))
        level = np.full(whole, -1, kind)
        result = np.zeros((3, len(twins.first)))
        if len(layer.side):
            side_out = np.zeros((3, len(layer.side)))
            _from_sides(
                share,
                SHARES,
                layer.starts,
                layer.others,
                layer.begins,
                layer.ends,
                core_count,
                layer.side_starts,
                layer.side_others,
                layer.side_ends,
                side_count,
                level,
                out[0],
                out[1],
                out[2],
                side_out[1],
                side_out[2],
            )
            result[:, layer.side] = side_out
        if layer.last:
            _from_core(
                share,
                SHARES,
                layer.starts,
                layer.others,
                layer.begins,
                layer.ends,
                core_count,
                level,
                out[0],
                out[1],
                out[2],
            )
        result[:, layer.core] = out
        return result

    return work


def _spread(sums: NDArray[np.float64], twins: Twins, rows: Rows) -> Reach:
    """Return figures of actors from those of classes, with what happens inside the classes."""
    between, near, far = sums[:, twins.of]
    others = twins.count - 1
    degree = rows.degree[twins.first]
    meet = ~twins.tied & (others > 0) & (degree > 0)
    near += np.where(twins.tied, others, np.where(meet, others / 2, 0.0))[twins.of]
    far += np.where(twins.tied, others, np.where(meet, others * 2, 0.0))[twins.of]
    for one in np.flatnonzero(meet):
        # Twins that are not tied meet through all they know, by equal shares.
        first = twins.first[one]
        known = rows.others[rows.starts[first] : rows.starts[first + 1]]
        between[known] += twins.count[one] * others[one] / 2 / degree[one]
    return Reach(between, near, far)


@compiled
def _ties(starts, order, first, stop):
    """Return how many ties a stretch of `order` has."""
    ties = np.int64(0)
    for at in range(first, stop):
        ties += starts[order[at] + 1] - starts[order[at]]
    return ties


@compiled
def _push(starts, others, count, first, stop, depth, paths, gain, level, order):
    """Reach the next level from the one just reached; return how many are reached by then."""
    used = stop
    for at in range(first, stop):
        actor = order[at]
        value = paths[actor] * count[actor]
        for step in range(starts[actor], starts[actor + 1]):
            other = others[step]
            # Added to those reached before too: nobody reads that, and no branch is missed.
            gain[other] += value
            if level[other] < 0:
                level[other] = depth
                order[used] = other
                used += 1
    for at in range(stop, used):
        paths[order[at]] = gain[order[at]]
    return used


@compiled
def _pull(starts, others, count, first, stop, depth, paths, mask, level, order, rest, left):
    """Reach the next level from those not reached, `rest[:left]`; return how many stay there."""
    for at in range(first, stop):
        mask[order[at]] = paths[order[at]] * count[order[at]]
    kept, used = 0, stop
    for at in range(left):
        actor = rest[at]
        total = 0.0
        for step in range(starts[actor], starts[actor + 1]):
            total += mask[others[step]]
        if total > 0.0:
            paths[actor] = total
            level[actor] = depth
            order[used] = actor
            used += 1
        else:
            rest[kept] = actor
            kept += 1
    for at in range(first, stop):
        mask[order[at]] = 0.0
    return kept


@compiled
def _search(starts, others, count, begin, end, wanted, scratch, level, order, marks, used, rest):
    """Go on from the first level in `order[:used]` until `wanted` of the component are reached.

    Fills `level`, `order`, `marks` (where each level begins in `order`) and the first row of
    `scratch` (numbers of shortest paths to one of the class); returns the last level.
    """
    paths, gain, mask = scratch[0], scratch[1], scratch[2]
    marks[0], marks[1] = 0, used
    gain[begin:end] = 0.0
    left = 0
    for actor in range(begin, end):
        if level[actor] < 0:
            rest[left] = actor
            left += 1
    ties_left = _ties(starts, rest, 0, left)
    pulled = False
    depth = 0
    while used < wanted:
        first, stop = marks[depth], used
        depth += 1
        if not pulled and _ties(starts, order, first, stop) <= ties_left:
            used = _push(starts, others, count, first, stop, depth, paths, gain, level, order)
            ties_left -= _ties(starts, order, stop, used)
        else:
            if not pulled:
                pulled = True
                left = _unreached(level, rest, left)
            fewer = _pull(
                starts, others, count, first, stop, depth, paths, mask, level, order, rest, left
            )
            used += left - fewer
            left = fewer
        marks[depth + 1] = used
    return depth


@compiled
def _unreached(level, rest, left):
    """Keep those of `rest` that are not reached yet; return how many they are."""
    kept = 0
    for at in range(left):
        if level[rest[at]] < 0:
            rest[kept] = rest[at]
            kept += 1
    return kept


@compiled
def _carry(starts, others, above, first, stop, gain, mask, share, order):
    """Add to each of one level (`above` to `first`) the gain of the next (`first` to `stop`).

    `mask` holds the gain of each of the next level per tie, and 0 for all others.
    """
    if _ties(starts, order, first, stop) <= _ties(starts, order, above, first):
        for at in range(first, stop):
            actor = order[at]
            for step in range(starts[actor], starts[actor + 1]):
                # Levels at and below this one are done with: only the one above reads it.
                gain[others[step]] += mask[actor]
        for at in range(above, first):
            share[order[at]] += gain[order[at]]
    else:
        for at in range(above, first):
            actor = order[at]
            total = 0.0
            for step in range(starts[actor], starts[actor + 1]):
                total += mask[others[step]]
            share[actor] += total


@compiled
def _collect(starts, others, count, begin, end, scratch, order, marks, depth):
    """Go back from the last level: the fourth row of `scratch` becomes what each carries.

    It may hold what sides have added, per path, before.
    """
    paths, gain, mask, share = scratch[0], scratch[1], scratch[2], scratch[3]
    gain[begin:end] = 0.0
    for down in range(depth, -1, -1):
        first, stop = marks[down], marks[down + 1]
        for at in range(first, stop):
            actor = order[at]
            share[actor] *= paths[actor]
            mask[actor] = count[actor] * (1.0 + share[actor]) / paths[actor]
        if down:
            _carry(starts, others, marks[down - 1], first, stop, gain, mask, share, order)
        for at in range(first, stop):
            mask[order[at]] = 0.0


@compiled
def _from_core(turn, turns, starts, others, begins, ends, count, level, between, near, far):
    """Search from every `turns`-th of the core; each pair is met from both of its ends."""
    whole = level.shape[0]
    scratch = np.zeros((4, whole))
    order, rest = np.empty(whole, np.int32), np.empty(whole, np.int32)
    marks = np.zeros(whole + 2, np.int32)
    for source in range(turn, whole, turns):
        begin, end = begins[source], ends[source]
        if end - begin < 2:
            continue
        level[source] = 0
        used = 0
        for step in range(starts[source], starts[source + 1]):
            order[used] = others[step]
            level[others[step]] = 0
            scratch[0, others[step]] = 1.0
            used += 1
        scratch[3, begin:end] = 0.0
        depth = _search(
            starts,
            others,
            count,
            begin,
            end,
            end - begin - 1,
            scratch,
            level,
            order,
            marks,
            used,
            rest,
        )
        _collect(starts, others, count, begin, end, scratch, order, marks, depth)
        for down in range(depth + 1):
            many = 0.0
            for at in range(marks[down], marks[down + 1]):
                many += count[order[at]]
                between[order[at]] += 0.5 * count[source] * scratch[3, order[at]]
            near[source] += many / (down + 1)
            far[source] += many * (down + 1)
        level[begin:end] = -1


@compiled
def _to_sides(
    source,
    count,
    side_starts,
    side_others,
    side_ends,
    side_count,
    level,
    paths,
    share,
    side_near,
    side_far,
):
    """Take the last step to each side after the source, and add its gain, per path."""
    own = side_count[source]
    for side in range(source + 1, side_ends[source]):
        first, stop = side_starts[side], side_starts[side + 1]
        least = level[side_others[first]]
        for step in range(first + 1, stop):
            least = min(least, level[side_others[step]])
        total = 0.0
        for step in range(first, stop):
            other = side_others[step]
            if level[other] == least:
                total += count[other] * paths[other]
        value = side_count[side] / total
        for step in range(first, stop):
            if level[side_others[step]] == least:
                share[side_others[step]] += value
        side_near[source] += side_count[side] / (least + 2)
        side_near[side] += own / (least + 2)
        side_far[source] += side_count[side] * (least + 2)
        side_far[side] += own * (least + 2)


@compiled
def _from_sides(
    turn,
    turns,
    starts,
    others,
    begins,
    ends,
    count,
    side_starts,
    side_others,
    side_ends,
    side_count,
    level,
    between,
    near,
    far,
    side_near,
    side_far,
):
    """Search from every `turns`-th side to the core and to the sides after it: each pair once."""
    whole = level.shape[0]
    scratch = np.zeros((4, whole))
    order, rest = np.empty(whole, np.int32), np.empty(whole, np.int32)
    marks = np.zeros(whole + 2, np.int32)
    for source in range(turn, side_count.shape[0], turns):
        if side_starts[source] == side_starts[source + 1]:
            continue
        begin = begins[side_others[side_starts[source]]]
        end = ends[side_others[side_starts[source]]]
        used = 0
        for step in range(side_starts[source], side_starts[source + 1]):
            order[used] = side_others[step]
            level[side_others[step]] = 0
            scratch[0, side_others[step]] = 1.0
            used += 1
        depth = _search(
            starts, others, count, begin, end, end - begin, scratch, level, order, marks, used, rest
        )
        share = scratch[3]
        share[begin:end] = 0.0
        own = side_count[source]
        _to_sides(
            source,
            count,
            side_starts,
            side_others,
            side_ends,
            side_count,
            level,
            scratch[0],
            share,
            side_near,
            side_far,
        )
        _collect(starts, others, count, begin, end, scratch, order, marks, depth)
        for down in range(depth + 1):
            many = 0.0
            for at in range(marks[down], marks[down + 1]):
                actor = order[at]
                many += count[actor]
                between[actor] += own * share[actor]
                near[actor] += own / (down + 1)
                far[actor] += own * (down + 1)
            side_near[source] += many / (down + 1)
            side_far[source] += many * (down + 1)
        level[begin:end] = -1


def harmonic_of(rows: Rows, place: int) -> float:
    """Return one actor's harmonic closeness, 0 to 1; O(n + m)."""
    return float(_near_of(rows.starts, rows.others, place)) / max(rows.size - 1, 1)


@compiled
def _near_of(starts, others, source):
    """Return the sum of 1 / distance from one actor."""
    size = starts.shape[0] - 1
    distance = np.full(size, -1, np.int32)
    order = np.empty(size, np.int32)
    order[0], distance[source] = source, 0
    used, at, near = 1, 0, 0.0
    while at < used:
        actor = order[at]
        at += 1
        for step in range(starts[actor], starts[actor + 1]):
            other = others[step]
            if distance[other] < 0:
                distance[other] = distance[actor] + 1
                near += 1.0 / distance[other]
                order[used] = other
                used += 1
    return near
