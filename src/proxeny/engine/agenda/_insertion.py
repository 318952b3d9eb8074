# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Insertion: an unplaced meeting takes a slot and puts out what is in its way, compiled.

Blöchliger and Zufferey, "A graph coloring heuristic using partial solutions and a reactive tabu
scheme", Computers & Operations Research 35 (2008).
"""

from proxeny.engine.agenda._jit import compiled
from proxeny.engine.agenda._state import accepts, below, disorder, has_room, meeting_cost, put, take

__all__ = ["insert"]

NO_SLOT = 99


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
def _makes_room(used, res_ptr, res_idx, capacity, other, m, t):
    """Whether m fits in t once `other` has left it."""
    for k in range(res_ptr[m], res_ptr[m + 1]):
        r = res_idx[k]
        left = capacity[r, t] - used[r, t]
        for j in range(res_ptr[other], res_ptr[other + 1]):
            if res_idx[j] == r:
                left += 1
        if left <= 0:
            return False
    return True


@compiled
def _cheapest_in_full_slot(
    at,
    used,
    count,
    rng,
    party_ptr,
    party_idx,
    res_ptr,
    res_idx,
    domain,
    capacity,
    caps,
    worth,
    m,
    t,
):
    """Of a few meetings in t, the one worth least whose leaving makes room for m, or -1.

    Only where m is otherwise free to take place in t.
    """
    if not domain[m, t]:
        return -1
    for k in range(party_ptr[m], party_ptr[m + 1]):
        p = party_idx[k]
        if at[p, t] >= 0 or count[p] >= caps[p]:
            return -1
    chosen = -1
    for _ in range(8):
        other = at[below(rng, at.shape[0]), t]
        if other < 0 or (chosen >= 0 and worth[other] >= worth[chosen]):
            continue
        if _makes_room(used, res_ptr, res_idx, capacity, other, m, t):
            chosen = other
    return chosen


@compiled
def insert(
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
    if t >= 0:
        n_out = _find_evicted(at, count, rng, party_ptr, party_idx, caps, out, m, t)
    else:
        t = below(rng, at.shape[1])
        out[0] = _cheapest_in_full_slot(
            at,
            used,
            count,
            rng,
            party_ptr,
            party_idx,
            res_ptr,
            res_idx,
            domain,
            capacity,
            caps,
            worth,
            m,
            t,
        )
        n_out = 1 if out[0] >= 0 else -1
    if n_out < 0:
        return
    delta = -worth[m]
    for j in range(n_out):
        delta += worth[out[j]]
    # Breaks weigh little against meetings: most refusals are known already.
    if not accepts(rng, delta, temp):
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
    if not accepts(rng, delta, temp):
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
