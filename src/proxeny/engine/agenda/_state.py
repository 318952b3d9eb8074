# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Arrays of an annealing run, and the compiled basics: chance, the cost of a day, put and take."""

from typing import Any, NamedTuple

import numpy as np
from numba import uint64

from proxeny.engine.agenda._jit import compiled

__all__ = [
    "State",
    "accepts",
    "below",
    "day_cost",
    "disorder",
    "flip",
    "has_room",
    "meeting_cost",
    "put",
    "rebuild",
    "take",
    "unit",
    "whole_cost",
]

ONE = np.uint64(1)


class State(NamedTuple):
    """Arrays of one run; rows of unequal length lie in an `_idx` array, cut by a `_ptr` array.

    Parameters
    ----------
    slot : (meetings,) int32, -1 where unplaced
    at : (participants, slots) int32, the meeting or -1
    bits : (participants, words) uint64, busy slots as bits
    used, capacity : (resources, slots) int64
    count, caps : (participants,) int64
    domain : (meetings, slots) bool
    pos, pool : (meetings,) int64, unplaced meetings and where each lies in the pool
    worth : (meetings,) float64, cost of leaving a meeting out
    weights : (7,) float64: break, idle slot, breaks free of penalty, penalty, broken precedence,
        a meeting too many for a resource in a slot, and how many of those a slot may have
    numbers : (3,) int64: unplaced meetings, last stamp, meetings too many for the resources
    costs : (2,) float64: now, best
    mark, chain, ends, change, out, olds : scratch
    """

    slot: Any
    at: Any
    bits: Any
    used: Any
    count: Any
    pos: Any
    pool: Any
    numbers: Any
    costs: Any
    best: Any
    rng: Any
    party_ptr: Any
    party_idx: Any
    res_ptr: Any
    res_idx: Any
    order_ptr: Any
    order_other: Any
    order_sign: Any
    domain: Any
    capacity: Any
    caps: Any
    worth: Any
    weights: Any
    free: Any
    mark: Any
    chain: Any
    ends: Any
    change: Any
    out: Any
    olds: Any


@compiled
def _random(rng):
    """Next number of xorshift64* (Vigna, "An experimental exploration of ...", 2016)."""
    x = rng[0]
    x ^= x >> uint64(12)
    x ^= x << uint64(25)
    x ^= x >> uint64(27)
    rng[0] = x
    return x * uint64(2685821657736338717)


@compiled
def below(rng, n):
    """A random whole number from 0 to n - 1."""
    return np.int64(((_random(rng) >> uint64(32)) * uint64(n)) >> uint64(32))


@compiled
def unit(rng):
    """A random number from 0 to less than 1."""
    return np.float64(_random(rng) >> uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def accepts(rng, delta, temp):
    """Whether a change of cost is taken at a temperature (Metropolis)."""
    return delta <= 0.0 or unit(rng) < np.exp(-delta / temp)


@compiled
def _ones(x):
    """Count the ones of a word (Warren, Hacker's Delight, 5-1)."""
    x = x - ((x >> uint64(1)) & uint64(0x5555555555555555))
    x = (x & uint64(0x3333333333333333)) + ((x >> uint64(2)) & uint64(0x3333333333333333))
    x = (x + (x >> uint64(4))) & uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * uint64(0x0101010101010101)) >> uint64(56))


@compiled
def _highest(b):
    """Index of the highest one of a word that has one."""
    b |= b >> uint64(1)
    b |= b >> uint64(2)
    b |= b >> uint64(4)
    b |= b >> uint64(8)
    b |= b >> uint64(16)
    b |= b >> uint64(32)
    return _ones(b) - 1


@compiled
def day_cost(bits, weights, p, flip1, flip2):
    """Cost of p's day with the given slots (or -1) flipped: breaks, idle length, unfairness."""
    runs = 0
    busy = 0
    first = -1
    last = -1
    carry = uint64(0)
    for w in range(bits.shape[1]):
        b = bits[p, w]
        if flip1 >= 0 and flip1 >> 6 == w:
            b ^= ONE << uint64(flip1 & 63)
        if flip2 >= 0 and flip2 >> 6 == w:
            b ^= ONE << uint64(flip2 & 63)
        if b != uint64(0):
            runs += _ones(b & ~((b << ONE) | carry))
            busy += _ones(b)
            if first < 0:
                first = 64 * w + _ones((b & (~b + ONE)) - ONE)
            last = 64 * w + _highest(b)
        carry = b >> uint64(63)
    if runs <= 1:
        return 0.0
    breaks = runs - 1
    cost = weights[0] * breaks + weights[1] * (last - first + 1 - busy)
    if breaks > weights[2]:
        cost += weights[3] * (breaks - weights[2])
    return cost


@compiled
def meeting_cost(bits, party_ptr, party_idx, weights, m):
    """Cost of the days of m's parties as they are."""
    total = 0.0
    for k in range(party_ptr[m], party_ptr[m + 1]):
        total += day_cost(bits, weights, party_idx[k], -1, -1)
    return total


@compiled
def disorder(slot, order_ptr, order_other, order_sign, m, t):
    """Return the number of m's precedences that break with m at t."""
    broken = 0
    for k in range(order_ptr[m], order_ptr[m + 1]):
        other = slot[order_other[k]]
        if other >= 0 and (t - other) * order_sign[k] <= 0:
            broken += 1
    return broken


@compiled
def whole_cost(slot, bits, order_ptr, order_other, order_sign, worth, weights):
    """Cost of a schedule from scratch."""
    total = 0.0
    for p in range(bits.shape[0]):
        total += day_cost(bits, weights, p, -1, -1)
    broken = 0
    for m in range(slot.shape[0]):
        if slot[m] < 0:
            total += worth[m]
        else:
            broken += disorder(slot, order_ptr, order_other, order_sign, m, slot[m])
    return total + weights[4] * broken / 2


@compiled
def flip(bits, p, t):
    """Turn p's busy bit at t over."""
    bits[p, t >> 6] ^= ONE << uint64(t & 63)


@compiled
def has_room(used, res_ptr, res_idx, capacity, m, t):
    """Whether every resource that m uses has room at t."""
    for k in range(res_ptr[m], res_ptr[m + 1]):
        if used[res_idx[k], t] >= capacity[res_idx[k], t]:
            return False
    return True


@compiled
def put(slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, m, t):
    """Place m at t."""
    slot[m] = t
    for k in range(party_ptr[m], party_ptr[m + 1]):
        p = party_idx[k]
        at[p, t] = m
        flip(bits, p, t)
        count[p] += 1
    for k in range(res_ptr[m], res_ptr[m + 1]):
        used[res_idx[k], t] += 1


@compiled
def take(slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, m):
    """Take m out of its slot."""
    t = slot[m]
    slot[m] = -1
    for k in range(party_ptr[m], party_ptr[m + 1]):
        p = party_idx[k]
        at[p, t] = -1
        flip(bits, p, t)
        count[p] -= 1
    for k in range(res_ptr[m], res_ptr[m + 1]):
        used[res_idx[k], t] -= 1


@compiled
def rebuild(a):
    """Fill every derived array from `slot`."""
    slot = a.slot
    at = a.at
    bits = a.bits
    used = a.used
    count = a.count
    pos = a.pos
    pool = a.pool
    numbers = a.numbers
    costs = a.costs
    party_ptr = a.party_ptr
    party_idx = a.party_idx
    res_ptr = a.res_ptr
    res_idx = a.res_idx
    order_ptr = a.order_ptr
    order_other = a.order_other
    order_sign = a.order_sign
    worth = a.worth
    weights = a.weights
    at[:] = -1
    bits[:] = 0
    used[:] = 0
    count[:] = 0
    n_pool = 0
    for m in range(slot.shape[0]):
        t = slot[m]
        pos[m] = -1
        if t < 0:
            pos[m] = n_pool
            pool[n_pool] = m
            n_pool += 1
        else:
            put(slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, m, t)
    numbers[0] = n_pool
    numbers[2] = 0
    costs[0] = whole_cost(slot, bits, order_ptr, order_other, order_sign, worth, weights)
