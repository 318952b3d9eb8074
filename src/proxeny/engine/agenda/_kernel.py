# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Compiled annealing on slots: chooses moves and lowers the temperature."""

import numpy as np
from numba import uint64

from proxeny.engine.agenda._chain import exchange
from proxeny.engine.agenda._insertion import insert
from proxeny.engine.agenda._jit import compiled
from proxeny.engine.agenda._state import ONE, below, unit

__all__ = ["anneal"]

INSERT_SHARE = 0.3
# Of the moves to the edge of a day, this share takes the meeting from an edge, too.
EDGE_SHARE = 0.3
# Up to this many meetings the best schedule is copied the moment it is seen, else at intervals.
COPY_AT_ONCE = 2000


@compiled
def _is_busy(at, bits, p, t):
    return 0 <= t < at.shape[1] and (bits[p, t >> 6] >> uint64(t & 63)) & ONE != uint64(0)


@compiled
def _next_to_day(at, bits, rng, p):
    """A random idle slot that touches a busy one of p's, or -1."""
    n_slots = at.shape[1]
    start = below(rng, n_slots)
    for s in range(n_slots):
        t = (start + s) % n_slots
        if not _is_busy(at, bits, p, t) and (
            _is_busy(at, bits, p, t - 1) or _is_busy(at, bits, p, t + 1)
        ):
            return t
    return -1


@compiled
def _edge_of_day(at, bits, rng, p):
    """A random busy slot of p's that has an idle one (or none) beside it; p has to be busy."""
    n_slots = at.shape[1]
    start = below(rng, n_slots)
    for s in range(n_slots):
        t = (start + s) % n_slots
        if _is_busy(at, bits, p, t) and not (
            _is_busy(at, bits, p, t - 1) and _is_busy(at, bits, p, t + 1)
        ):
            return t
    return start


@compiled
def _pick(slot, at, bits, rng, party_ptr, party_idx, free, near):
    """Pick a meeting and a slot for it (or -1)."""
    m = free[below(rng, free.shape[0])]
    if slot[m] < 0 or unit(rng) >= near:
        return m, below(rng, at.shape[1])
    p = party_idx[party_ptr[m] + below(rng, party_ptr[m + 1] - party_ptr[m])]
    t2 = _next_to_day(at, bits, rng, p)
    if unit(rng) < EDGE_SHARE:
        m = np.int64(at[p, _edge_of_day(at, bits, rng, p)])
    return m, t2


@compiled
def anneal(a, temp_from, temp_to, n_moves, near):
    """Make `n_moves` tries while the temperature falls from `temp_from` to `temp_to`.

    A share `near` of the moves shifts a meeting to the edge of one of its parties' days. `best` is
    a copy of `slot` at the least cost seen while no resource was exceeded.
    """
    slot = a.slot
    at = a.at
    bits = a.bits
    used = a.used
    count = a.count
    pos = a.pos
    pool = a.pool
    numbers = a.numbers
    costs = a.costs
    best = a.best
    rng = a.rng
    party_ptr = a.party_ptr
    party_idx = a.party_idx
    res_ptr = a.res_ptr
    res_idx = a.res_idx
    order_ptr = a.order_ptr
    order_other = a.order_other
    order_sign = a.order_sign
    domain = a.domain
    capacity = a.capacity
    caps = a.caps
    worth = a.worth
    weights = a.weights
    free = a.free
    mark = a.mark
    chain = a.chain
    ends = a.ends
    change = a.change
    out = a.out
    olds = a.olds
    temp = temp_from
    cooling = (temp_to / temp_from) ** (1.0 / max(1, n_moves // 256))
    for move in range(n_moves):
        if move & 255 == 255:
            temp *= cooling
        if numbers[0] > 0 and unit(rng) < INSERT_SHARE:
            insert(
                slot,
                at,
                bits,
                used,
                count,
                pos,
                pool,
                numbers,
                costs,
                rng,
                party_ptr,
                party_idx,
                res_ptr,
                res_idx,
                order_ptr,
                order_other,
                order_sign,
                domain,
                capacity,
                caps,
                worth,
                weights,
                out,
                olds,
                temp,
            )
        elif free.shape[0] > 0:
            m, t2 = _pick(slot, at, bits, rng, party_ptr, party_idx, free, near)
            if slot[m] >= 0 and t2 >= 0 and t2 != slot[m] and domain[m, t2]:
                exchange(
                    slot,
                    at,
                    bits,
                    used,
                    numbers,
                    costs,
                    rng,
                    party_ptr,
                    party_idx,
                    res_ptr,
                    res_idx,
                    order_ptr,
                    order_other,
                    order_sign,
                    domain,
                    capacity,
                    weights,
                    mark,
                    chain,
                    ends,
                    change,
                    m,
                    t2,
                    temp,
                )
        look = slot.shape[0] <= COPY_AT_ONCE or (move & 255 == 0 and weights[6] > 0.0)
        if look and costs[0] < costs[1] - 1e-9 and numbers[2] == 0:
            costs[1] = costs[0]
            best[:] = slot
    if costs[0] < costs[1] - 1e-9 and numbers[2] == 0:
        costs[1] = costs[0]
        best[:] = slot
