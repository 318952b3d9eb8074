# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Betweenness and harmonic closeness by samples, with a bound, where exact is too much work.

Betweenness: a path at random among the shortest ones of a pair at random, as often as it takes
(Riondato and Kornaropoulos 2016, "Fast approximation of betweenness centrality through sampling",
Data Mining and Knowledge Discovery 30), found from both ends at once (Borassi and Natale 2019,
"KADABRA is an ADaptive Algorithm for Betweenness via Random Approximation", ACM JEA 24).
Closeness: distances to actors at random (Eppstein and Wang 2004, "Fast approximation of
centrality", J. Graph Algorithms and Applications 8), 64 of them in the bits of one word (Then et
al. 2014, "The more the merrier: efficient multi-source graph traversal", PVLDB 8).

Each sample gives every actor something from 0 to 1, so Hoeffding's inequality with the union over
all actors bounds the errors of all of them together, without an assumption on the network.
"""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine._jit import compiled
from proxeny.engine.network._paths import SHARES, Reach
from proxeny.engine.network._rows import Rows

__all__ = ["Bound", "sample_paths"]

#: Distances cost more and differ less than betweenness, so they are asked for less closely.
NEAR_TIMES = 5.0
WORD = 64


@dataclass(frozen=True, slots=True)
class Bound:
    """With probability 1 - delta, all actors' figures are this near to the true ones, together.

    betweenness_share: how far off at most; the same for harmonic. Classical closeness and the mean
    distance come from the same sample and have no bound. pairs, pivots: how many were drawn.
    """

    betweenness_share: float
    harmonic: float
    delta: float
    pairs: int
    pivots: int


def sample_paths(
    rows: Rows, part: NDArray[np.int64], *, seed: int, epsilon: float, delta: float
) -> tuple[Reach, Bound]:
    """Estimate results of shortest paths; half of delta each for betweenness and for distances."""
    size = rows.size
    dice = np.random.default_rng(seed)
    between = np.zeros(size)
    pairs = 0
    if size > 2:
        pairs = samples_for(epsilon * (size - 2) / size, size, delta / 2)
        between = _sample_between(rows, part, pairs, dice) * (size * (size - 1) / 2 / pairs)
    pivots = min(size, samples_for(min(1.0, NEAR_TIMES * epsilon), size, delta / 2))
    near, far = _sample_near(rows, pivots, dice)
    harmonic = min(1.0, NEAR_TIMES * epsilon) if pivots < size else 0.0
    return Reach(between, near, far), Bound(epsilon, harmonic, delta, pairs, pivots)


def samples_for(epsilon: float, actors: int, delta: float) -> int:
    """Return how many samples keep all means within epsilon with probability 1 - delta."""
    return math.ceil(math.log(2 * max(actors, 1) / delta) / (2 * epsilon * epsilon))


def _sample_between(
    rows: Rows, part: NDArray[np.int64], pairs: int, dice: np.random.Generator
) -> NDArray[np.float64]:
    """Return how many of the sampled paths run through each actor, ends left out."""
    one = dice.integers(0, rows.size, pairs, dtype=np.int32)
    other = dice.integers(0, rows.size - 1, pairs, dtype=np.int32)
    other += other >= one
    kept = part[one] == part[other]
    one, other = one[kept], other[kept]
    seeds = dice.integers(0, 2**31, SHARES)

    def work(share: int) -> NDArray[np.float64]:
        found = np.zeros(rows.size)
        _walk_pairs(
            rows.starts, rows.others, one[share::SHARES], other[share::SHARES], seeds[share], found
        )
        return found

    total = np.zeros(rows.size)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for found in pool.map(work, range(SHARES)):
            total += found
    return total


def _sample_near(
    rows: Rows, pivots: int, dice: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return estimated sums of 1 / distance and of distances to all, float64[n] each."""
    chosen = dice.permutation(rows.size)[:pivots].astype(np.int32)

    def work(share: int) -> NDArray[np.float64]:
        sums = np.zeros((2, rows.size))
        for begin in range(share * WORD, pivots, SHARES * WORD):
            _flood(rows.starts, rows.others, chosen[begin : begin + WORD], sums)
        return sums

    total = np.zeros((2, rows.size))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for sums in pool.map(work, range(SHARES)):
            total += sums
    total *= rows.size / max(pivots, 1)
    return total[0], total[1]


@compiled
def _flood(starts, others, pivots, sums):
    """Add distances from up to 64 pivots at once: each has a bit, and bits spread along ties."""
    size = starts.shape[0] - 1
    seen, front = np.zeros(size, np.uint64), np.zeros(size, np.uint64)
    fresh = np.zeros(size, np.uint64)
    for at in range(pivots.shape[0]):
        seen[pivots[at]] |= np.uint64(1) << np.uint64(at)
        front[pivots[at]] = seen[pivots[at]]
    distance = 0
    more = True
    while more:
        more = False
        distance += 1
        for actor in range(size):
            bits = front[actor]
            if bits:
                for step in range(starts[actor], starts[actor + 1]):
                    fresh[others[step]] |= bits
        for actor in range(size):
            bits = fresh[actor] & ~seen[actor]
            fresh[actor] = 0
            front[actor] = bits
            if bits:
                more = True
                seen[actor] |= bits
                many = 0
                while bits:
                    bits &= bits - np.uint64(1)
                    many += 1
                sums[0, actor] += many / distance
                sums[1, actor] += many * distance


@compiled
def _grow(starts, others, level, paths, order, first, used):
    """Reach one more level from one end; return how many are reached by then."""
    stop = used
    for at in range(first, stop):
        actor = order[at]
        for step in range(starts[actor], starts[actor + 1]):
            other = others[step]
            if level[other] < 0:
                level[other] = level[actor] + 1
                paths[other] = 0.0
                order[used] = other
                used += 1
            if level[other] == level[actor] + 1:
                paths[other] += paths[actor]
    return used


@compiled
def _draw_middle(level, paths, order, first, used):
    """Draw where a path at random crosses what has just been reached; -1 if the ends are apart."""
    total = 0.0
    for at in range(first, used):
        # Balls that were apart share only actors on shortest paths, just one on each path.
        if level[order[at]] >= 0:
            total += paths[0, order[at]] * paths[1, order[at]]
    draw = np.random.random() * total
    middle = -1
    for at in range(first, used):
        if level[order[at]] >= 0:
            middle = order[at]
            draw -= paths[0, middle] * paths[1, middle]
            if draw < 0.0:
                break
    return middle


@compiled
def _draw_before(starts, others, level, paths, actor):
    """Draw the actor before this one on a path at random."""
    draw = np.random.random() * paths[actor]
    before = -1
    for step in range(starts[actor], starts[actor + 1]):
        if level[others[step]] == level[actor] - 1:
            before = others[step]
            draw -= paths[before]
            if draw < 0.0:
                break
    return before


@compiled
def _walk_pairs(starts, others, ones, twos, seed, found):
    """Draw one shortest path for each pair, all of a pair's equally likely, and count inner actors.

    Every pair has a path.
    """
    np.random.seed(seed)
    size = starts.shape[0] - 1
    level = np.full((2, size), -1, np.int32)
    paths = np.zeros((2, size))
    order = np.empty((2, size), np.int32)
    first, used, ties = np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64)
    for pair in range(ones.shape[0]):
        for end in range(2):
            root = ones[pair] if end == 0 else twos[pair]
            order[end, 0], level[end, root], paths[end, root] = root, 0, 1.0
            first[end], used[end] = 0, 1
            ties[end] = starts[root + 1] - starts[root]
        middle = -1
        while middle < 0:
            end = 0 if ties[0] <= ties[1] else 1
            stop = used[end]
            used[end] = _grow(starts, others, level[end], paths[end], order[end], first[end], stop)
            first[end] = stop
            ties[end] = 0
            for at in range(stop, used[end]):
                ties[end] += starts[order[end, at] + 1] - starts[order[end, at]]
            middle = _draw_middle(level[1 - end], paths, order[end], stop, used[end])
        if level[0, middle] > 0 and level[1, middle] > 0:
            found[middle] += 1.0
        for end in range(2):
            actor = middle
            while level[end, actor] > 1:
                actor = _draw_before(starts, others, level[end], paths[end], actor)
                found[actor] += 1.0
        for end in range(2):
            for at in range(used[end]):
                level[end, order[end, at]] = -1
