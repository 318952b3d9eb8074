"""Gain of one new tie of an actor: inner loops over the ties, compiled.

`level` holds the distance of each actor from the gaining one, FAR = len(value) - 1 if there is no
path; `value[d]` is the worth of an actor at distance d. A new tie to c moves every actor to 1 + its
distance from c if that is nearer. So only actors that come nearer are visited: one that does not
come nearer moves no other nearer either, and the work is the ties of those that do.
"""

import heapq

import numpy as np
from numpy.typing import NDArray

from proxeny.engine._jit import compiled

__all__ = ["add_tie", "count_gains", "find_levels", "lazy_greedy", "limit_gains", "write_entries"]

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int32]


@compiled
def find_levels(starts: Whole, others: Whole, source: int, far: int) -> Whole:
    """Return the distance of each actor from `source`, `far` where there is no way; O(m)."""
    level = np.full(len(starts) - 1, far, np.int32)
    queue = np.empty(len(starts) - 1, np.int32)
    level[source], queue[0], head, tail = 0, source, 0, 1
    while head < tail:
        here = queue[head]
        head += 1
        for at in range(starts[here], starts[here + 1]):
            there = others[at]
            if level[there] == far:
                level[there] = level[here] + 1
                queue[tail] = there
                tail += 1
    return level


@compiled
def _come_nearer(
    starts: Whole,
    others: Whole,
    level: Whole,
    limit: int,
    candidate: int,
    near: Whole,
    queue: Whole,
) -> int:
    """Fill `queue` with the actors that a tie to `candidate` brings nearer, `near` with how near.

    `near` is 0 everywhere before, and the caller has to reset it.
    """
    if level[candidate] <= 1:
        return 0
    near[candidate], queue[0], head, tail = 1, candidate, 0, 1
    while head < tail:
        here = queue[head]
        head += 1
        next_level = near[here] + 1
        if next_level > limit:
            continue
        for at in range(starts[here], starts[here + 1]):
            there = others[at]
            if near[there] == 0 and next_level < level[there]:
                near[there] = next_level
                queue[tail] = there
                tail += 1
    return tail


@compiled
def add_tie(
    starts: Whole,
    others: Whole,
    level: Whole,
    limit: int,
    candidate: int,
    near: Whole,
    queue: Whole,
) -> None:
    """Update `level` for a tie to `candidate`."""
    for at in range(_come_nearer(starts, others, level, limit, candidate, near, queue)):
        level[queue[at]] = near[queue[at]]
        near[queue[at]] = 0


@compiled
def _gain(
    starts: Whole,
    others: Whole,
    level: Whole,
    worth: Floats,
    value: Floats,
    limit: int,
    candidate: int,
    near: Whole,
    queue: Whole,
) -> float:
    total = 0.0
    for at in range(_come_nearer(starts, others, level, limit, candidate, near, queue)):
        here = queue[at]
        total += worth[here] * (value[near[here]] - value[level[here]])
        near[here] = 0
    return total


@compiled
def count_gains(
    starts: Whole,
    others: Whole,
    level: Whole,
    worth: Floats,
    value: Floats,
    limit: int,
    candidates: Whole,
    most: int,
    gains: Floats,
) -> bool:
    """Write the gain of a tie to each candidate alone.

    False, with the rest unwritten, once more than `most` have come nearer to all together.
    """
    near, queue = np.zeros(len(level), np.int32), np.empty(len(level), np.int32)
    for at in range(len(candidates)):
        found = _come_nearer(starts, others, level, limit, candidates[at], near, queue)
        most -= found
        gains[at] = 0.0
        for place in range(found):
            here = queue[place]
            gains[at] += worth[here] * (value[near[here]] - value[level[here]])
            near[here] = 0
        if most < 0:
            return False
    return True


@compiled
def limit_gains(
    starts: Whole,
    others: Whole,
    level: Whole,
    worth: Floats,
    value: Floats,
    most: float,
    beyond: Floats,
    fourth: Floats,
    candidates: Whole,
    parts: Whole,
) -> Floats:
    """Return a gain that a tie to each candidate cannot exceed, from two steps around it.

    The candidate and its neighbours count exactly. At most as many others as their ties lead to
    come to distance 3, everybody else at best to 4. `beyond[p]` is the worth of part p's actors at
    distance 4 or more, `fourth[p]` what it gains if those at 5 or more come to 4; `most` is the
    highest worth of one actor.
    """
    third = value[min(3, len(value) - 1)] - value[min(4, len(value) - 1)]
    gains = np.zeros(len(candidates))
    for at in range(len(candidates)):
        here = candidates[at]
        if level[here] <= 1:
            continue
        total = worth[here] * (value[1] - value[level[here]])
        onward = 0.0
        for tie in range(starts[here], starts[here + 1]):
            there = others[tie]
            if level[there] > 2:
                total += worth[there] * (value[2] - value[level[there]])
                onward += starts[there + 1] - starts[there]
        part = parts[here]
        gains[at] = total + min(onward * most, beyond[part]) * third + fourth[part]
    return gains


@compiled
def lazy_greedy(
    starts: Whole,
    others: Whole,
    level: Whole,
    worth: Floats,
    value: Floats,
    limit: int,
    candidates: Whole,
    gains: Floats,
    count: int,
    chosen: Whole,
    steps: Floats,
    states: Floats,
) -> int:
    """Choose `count` candidates, each the one that gains most then; return how many gains it took.

    gains: at least the gain of each alone; afterwards exact (of a tie alone) where it was looked
    at. `level` follows what is chosen. chosen, steps: the places among the candidates and the
    gain of each. states[i]: the same as `gains` after i choices, each at least the gain then.
    Of equals the first is chosen.
    """
    near, queue = np.zeros(len(level), np.int32), np.empty(len(level), np.int32)
    now = gains.copy()
    looked = 0
    heap = [(-now[at], at, -1) for at in range(len(candidates))]
    heapq.heapify(heap)
    for step in range(count):
        states[step] = now
        while True:
            _, at, known = heapq.heappop(heap)
            if known == step:
                break
            exact = _gain(starts, others, level, worth, value, limit, candidates[at], near, queue)
            looked += 1
            now[at] = exact
            if step == 0:
                gains[at] = exact
            heapq.heappush(heap, (-exact, at, step))
        states[step] = now
        chosen[step], steps[step] = at, now[at]
        add_tie(starts, others, level, limit, candidates[at], near, queue)
        now[at] = 0.0
    states[count] = now
    return looked


@compiled
def write_entries(
    starts: Whole,
    others: Whole,
    level: Whole,
    worth: Floats,
    value: Floats,
    limit: int,
    candidates: Whole,
    sizes: NDArray[np.int64],
    who: Whole,
    what: Floats,
) -> None:
    """Write the actors that a tie to each candidate brings nearer, and their worth then.

    sizes: int64[c + 1], the positions of each candidate's entries; written while `who` is empty.
    """
    near, queue = np.zeros(len(level), np.int32), np.empty(len(level), np.int32)
    for number in range(len(candidates)):
        found = _come_nearer(starts, others, level, limit, candidates[number], near, queue)
        place = sizes[number]
        for at in range(found):
            here = queue[at]
            if value[near[here]] > value[level[here]]:
                if len(who):
                    who[place] = here
                    what[place] = worth[here] * value[near[here]]
                place += 1
            near[here] = 0
        if not len(who):
            sizes[number + 1] = place
