# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Annealing moves on slots, compiled.

A **Kempe chain** exchanges two slots along alternating meetings so that nobody is doubled (Kempe
1879; for timetables Lü and Hao, "Adaptive tabu search for course timetabling", EJOR 2010). Only a
chain's ends change their busy slots, so a long chain costs no more to judge than a short one. An
**insertion** puts an unplaced meeting into a slot and takes out what is in its way (Blöchliger and
Zufferey, "A graph coloring heuristic using partial solutions", Computers & OR 2008).
"""

import numpy as np
from numba import uint64

from proxeny.engine.agenda._jit import compiled
from proxeny.engine.agenda._state import (
    ONE,
    below,
    day_cost,
    disorder,
    flip,
    has_room,
    meeting_cost,
    put,
    take,
    unit,
)

__all__ = ["anneal"]

NO_SLOT = 99
INSERT_SHARE = 0.3
# Of the moves to the edge of a day, this share takes the meeting from an edge, too.
EDGE_SHARE = 0.3
# Up to this many meetings the best schedule is copied the moment it is seen.
COPY_AT_ONCE = 2000


@compiled
def _accepts(rng, delta, temp):
    return delta <= 0.0 or unit(rng) < np.exp(-delta / temp)


@compiled
def _least_crowded_slot(at, used, rng, party_ptr, party_idx, res_ptr, res_idx, domain, capacity, m):
    """Of a few random slots open to m, the one where the fewest of its parties are busy, or -1."""
    n_slots = at.shape[1]
    chosen = -1
    least = NO_SLOT
    for _ in range(6):
        t = below(rng, n_slots)
        if not domain[m, t] or not has_room(used, res_ptr, res_idx, capacity, m, t):
            continue
        in_way = 0
        for k in range(party_ptr[m], party_ptr[m + 1]):
            if at[party_idx[k], t] >= 0:
                in_way += 1
        if in_way < least:
            least = in_way
            chosen = t
    return chosen


@compiled
def _some_meeting(at, rng, p):
    """One of p's placed meetings, or -1."""
    n_slots = at.shape[1]
    start = below(rng, n_slots)
    for s in range(n_slots):
        m = at[p, (start + s) % n_slots]
        if m >= 0:
            return m
    return -1


@compiled
def _find_evicted(at, count, rng, party_ptr, party_idx, caps, out, m, t):
    """Fill `out` with the meetings that have to go for m at t; -1 if some party takes none."""
    n_out = 0
    for k in range(party_ptr[m], party_ptr[m + 1]):
        p = party_idx[k]
        if caps[p] <= 0:
            return -1
        other = at[p, t]
        if other < 0 and count[p] >= caps[p]:
            other = _some_meeting(at, rng, p)
        known = other < 0
        for j in range(n_out):
            known = known or out[j] == other
        if not known:
            out[n_out] = other
            n_out += 1
    return n_out


@compiled
def _insert(
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
):
    """Try to place a random unplaced meeting."""
    m = pool[below(rng, numbers[0])]
    t = _least_crowded_slot(
        at, used, rng, party_ptr, party_idx, res_ptr, res_idx, domain, capacity, m
    )
    if t < 0:
        return
    n_out = _find_evicted(at, count, rng, party_ptr, party_idx, caps, out, m, t)
    if n_out < 0:
        return
    delta = -worth[m]
    for j in range(n_out):
        delta += worth[out[j]]
    # Breaks weigh little against meetings: most refusals are known already.
    if not _accepts(rng, delta, temp):
        return
    for j in range(n_out):
        other = out[j]
        olds[j] = slot[other]
        delta -= weights[4] * disorder(
            slot, order_ptr, order_other, order_sign, other, slot[other]
        ) + meeting_cost(bits, party_ptr, party_idx, weights, other)
        take(slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, other)
        delta += meeting_cost(bits, party_ptr, party_idx, weights, other)
    delta -= meeting_cost(bits, party_ptr, party_idx, weights, m)
    put(slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, m, t)
    delta += weights[4] * disorder(slot, order_ptr, order_other, order_sign, m, t) + meeting_cost(
        bits, party_ptr, party_idx, weights, m
    )
    if not _accepts(rng, delta, temp):
        take(slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, m)
        for j in range(n_out):
            put(
                slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, out[j], olds[j]
            )
        return
    costs[0] += delta
    _swap_pool(pos, pool, numbers, out, m, n_out)


@compiled
def _swap_pool(pos, pool, numbers, out, m, n_out):
    """Take m out of the pool of unplaced meetings and add the evicted ones."""
    last = pool[numbers[0] - 1]
    pool[pos[m]] = last
    pos[last] = pos[m]
    pos[m] = -1
    numbers[0] -= 1
    for j in range(n_out):
        pos[out[j]] = numbers[0]
        pool[numbers[0]] = out[j]
        numbers[0] += 1


@compiled
def _grow_chain(
    slot, at, bits, numbers, party_ptr, party_idx, domain, weights, mark, chain, ends, m, t1, t2
):
    """Collect the chain of m between t1 and t2.

    Returns its length, or 0 if it cannot move, the number of ends, and the change of cost.
    """
    numbers[1] += 1
    stamp = numbers[1]
    chain[0] = m
    mark[m] = stamp
    n = 1
    n_ends = 0
    delta = 0.0
    i = 0
    while i < n:
        c = chain[i]
        goes = t1 + t2 - slot[c]
        if not domain[c, goes]:
            return 0, 0, 0.0
        for k in range(party_ptr[c], party_ptr[c + 1]):
            p = party_idx[k]
            other = at[p, goes]
            if other < 0:
                # This day changes: it leaves one slot and takes the other.
                ends[n_ends] = p
                n_ends += 1
                delta += day_cost(bits, weights, p, t1, t2) - day_cost(bits, weights, p, -1, -1)
            elif mark[other] != stamp:
                if n >= chain.shape[0]:
                    return 0, 0, 0.0
                mark[other] = stamp
                chain[n] = other
                n += 1
        i += 1
    return n, n_ends, delta


@compiled
def _chain_fits(slot, used, res_ptr, res_idx, capacity, chain, change, n, t1, t2):
    """Whether the resources have room after the exchange; leaves the shifts in `change`."""
    for r in range(change.shape[0]):
        change[r] = 0
    for i in range(n):
        c = chain[i]
        step = 1 if slot[c] == t1 else -1
        for k in range(res_ptr[c], res_ptr[c + 1]):
            change[res_idx[k]] += step
    for r in range(change.shape[0]):
        if change[r] > 0 and used[r, t2] + change[r] > capacity[r, t2]:
            return False
        if change[r] < 0 and used[r, t1] - change[r] > capacity[r, t1]:
            return False
    return True


@compiled
def _chain_disorder(slot, order_ptr, order_other, order_sign, chain, n, t1, t2):
    """Change of the number of broken precedences if the chain moves."""
    shift = 0
    for i in range(n):
        shift -= disorder(slot, order_ptr, order_other, order_sign, chain[i], slot[chain[i]])
    for i in range(n):
        slot[chain[i]] = t1 + t2 - slot[chain[i]]
    for i in range(n):
        shift += disorder(slot, order_ptr, order_other, order_sign, chain[i], slot[chain[i]])
    for i in range(n):
        slot[chain[i]] = t1 + t2 - slot[chain[i]]
    return shift


@compiled
def _move_chain(slot, at, bits, used, party_ptr, party_idx, chain, ends, change, n, n_ends, t1, t2):
    for i in range(n):
        c = chain[i]
        for k in range(party_ptr[c], party_ptr[c + 1]):
            at[party_idx[k], slot[c]] = -1
    for i in range(n):
        c = chain[i]
        slot[c] = t1 + t2 - slot[c]
        for k in range(party_ptr[c], party_ptr[c + 1]):
            at[party_idx[k], slot[c]] = c
    for i in range(n_ends):
        flip(bits, ends[i], t1)
        flip(bits, ends[i], t2)
    for r in range(change.shape[0]):
        used[r, t1] -= change[r]
        used[r, t2] += change[r]


@compiled
def _kempe(
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
):
    """Exchange m's slot and t2 along the chain of m, if the temperature accepts it."""
    t1 = slot[m]
    n, n_ends, delta = _grow_chain(
        slot, at, bits, numbers, party_ptr, party_idx, domain, weights, mark, chain, ends, m, t1, t2
    )
    if n == 0:
        return
    if order_other.shape[0] > 0:
        delta += weights[4] * _chain_disorder(
            slot, order_ptr, order_other, order_sign, chain, n, t1, t2
        )
    if not _accepts(rng, delta, temp) or not _chain_fits(
        slot, used, res_ptr, res_idx, capacity, chain, change, n, t1, t2
    ):
        return
    _move_chain(slot, at, bits, used, party_ptr, party_idx, chain, ends, change, n, n_ends, t1, t2)
    costs[0] += delta


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

    A share `near` of the moves brings a meeting to the edge of one of its parties' days. `best` is
    a copy of `slot` at the least cost seen.
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
            _insert(
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
                _kempe(
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
        if costs[0] < costs[1] - 1e-9 and slot.shape[0] <= COPY_AT_ONCE:
            costs[1] = costs[0]
            best[:] = slot
    if costs[0] < costs[1] - 1e-9:
        costs[1] = costs[0]
        best[:] = slot
