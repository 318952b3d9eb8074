# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Kempe chains: two slots are exchanged along alternating meetings, so that no one is booked twice.

Kempe 1879; for timetables Lü and Hao, "Adaptive tabu search for course timetabling", EJOR 200 (2010).
Only a chain's ends change their busy slots, so a long chain costs no more to judge than a short one.
"""

import numpy as np

from proxeny.engine.agenda._jit import compiled
from proxeny.engine.agenda._state import accepts, day_cost, flip

__all__ = ["exchange"]

BLOCKED = 1 << 40


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
def _added_overflow(slot, used, res_ptr, res_idx, capacity, chain, change, n, t1, t2, most):
    """Overflow of the resources that the exchange adds; leaves the shifts in `change`.

    `BLOCKED` if a slot that gains meetings would have more than `most` too many of them.
    """
    for r in range(change.shape[0]):
        change[r] = 0
    for i in range(n):
        c = chain[i]
        step = 1 if slot[c] == t1 else -1
        for k in range(res_ptr[c], res_ptr[c + 1]):
            change[res_idx[k]] += step
    added = 0
    for r in range(change.shape[0]):
        if change[r] == 0:
            continue
        over1 = used[r, t1] - capacity[r, t1]
        over2 = used[r, t2] - capacity[r, t2]
        gains = over2 + change[r] if change[r] > 0 else over1 - change[r]
        if gains > most:
            return BLOCKED
        added += max(over1 - change[r], 0) + max(over2 + change[r], 0)
        added -= max(over1, 0) + max(over2, 0)
    return added


@compiled
def _chain_disorder(slot, order_ptr, order_other, order_sign, mark, chain, stamp, n, t1, t2):
    """Change of the number of broken precedences if the chain moves; each pair counts once."""
    shift = 0
    for i in range(n):
        c = chain[i]
        for k in range(order_ptr[c], order_ptr[c + 1]):
            other = order_other[k]
            old = slot[other]
            if old < 0:
                continue
            new = old
            if mark[other] == stamp:
                if other < c:
                    continue
                new = t1 + t2 - old
            if (slot[c] - old) * order_sign[k] <= 0:
                shift -= 1
            if (t1 + t2 - slot[c] - new) * order_sign[k] <= 0:
                shift += 1
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
def exchange(
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
            slot, order_ptr, order_other, order_sign, mark, chain, numbers[1], n, t1, t2
        )
    most = np.int64(weights[6])
    if most == 0 and not accepts(rng, delta, temp):
        return
    added = _added_overflow(slot, used, res_ptr, res_idx, capacity, chain, change, n, t1, t2, most)
    if added == BLOCKED:
        return
    delta += weights[5] * added
    if most > 0 and not accepts(rng, delta, temp):
        return
    numbers[2] += added
    _move_chain(slot, at, bits, used, party_ptr, party_idx, chain, ends, change, n, n_ends, t1, t2)
    costs[0] += delta
