"""Annealing moves on slots, compiled.

A schedule is `slot[m]` (-1 where unplaced), `at[p, t]` (the meeting, or -1) and `bits[p, w]` (busy
slots as bits of 64-bit words). Two moves: a **Kempe chain** exchanges two slots along alternating
meetings so that nobody is doubled (Kempe 1879; for timetables Lü and Hao, "Adaptive tabu search for
course timetabling", EJOR 2010), and an **insertion** puts an unplaced meeting into a slot and takes
out the meetings in its way (Blöchliger and Zufferey, "A graph coloring heuristic using partial
solutions", Computers & OR 2008). Only a chain's ends change their busy slots, so a long chain costs
no more to judge than a short one.
"""

import numpy as np
from numba import uint64

from proxeny.engine.agenda._jit import compiled

__all__ = ["anneal", "rebuild", "whole_cost"]

ONE = np.uint64(1)
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


@compiled
def _random(state):  # type: ignore[no-untyped-def]
    """Next number of xorshift64* (Vigna 2016)."""
    x = state[0]
    x ^= x >> uint64(12)
    x ^= x << uint64(25)
    x ^= x >> uint64(27)
    state[0] = x
    return x * uint64(2685821657736338717)


@compiled
def _below(state, n):  # type: ignore[no-untyped-def]
    return np.int64(((_random(state) >> uint64(32)) * uint64(n)) >> uint64(32))


@compiled
def _unit(state):  # type: ignore[no-untyped-def]
    return np.float64(_random(state) >> uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def _ones(x):  # type: ignore[no-untyped-def]
    x = x - ((x >> uint64(1)) & uint64(0x5555555555555555))
    x = (x & uint64(0x3333333333333333)) + ((x >> uint64(2)) & uint64(0x3333333333333333))
    x = (x + (x >> uint64(4))) & uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * uint64(0x0101010101010101)) >> uint64(56))


@compiled
def _cost(bits, p, flip1, flip2, weights):  # type: ignore[no-untyped-def]
    """Cost of p's day with the given slots (or -1) flipped: breaks, idle length, unfairness."""
    words = bits.shape[1]
    runs = 0
    busy = 0
    first = -1
    last = -1
    carry = uint64(0)
    for w in range(words):
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
            top = b
            top |= top >> uint64(1)
            top |= top >> uint64(2)
            top |= top >> uint64(4)
            top |= top >> uint64(8)
            top |= top >> uint64(16)
            top |= top >> uint64(32)
            last = 64 * w + _ones(top) - 1
        carry = b >> uint64(63)
    if runs <= 1:
        return 0.0
    breaks = runs - 1
    cost = weights[0] * breaks + weights[1] * (last - first + 1 - busy)
    if breaks > weights[2]:
        cost += weights[3] * (breaks - weights[2])
    return cost


@compiled
def _flip(bits, p, t):  # type: ignore[no-untyped-def]
    bits[p, t >> 6] ^= ONE << uint64(t & 63)


@compiled
def _room(used, capacity, res_ptr, res_idx, m, t):  # type: ignore[no-untyped-def]
    for k in range(res_ptr[m], res_ptr[m + 1]):
        if used[res_idx[k], t] >= capacity[res_idx[k], t]:
            return False
    return True


@compiled
def _disorder(slot, order_ptr, order_other, order_sign, m, t):  # type: ignore[no-untyped-def]
    """How many of m's precedences break with m at t."""
    broken = 0
    for k in range(order_ptr[m], order_ptr[m + 1]):
        other = slot[order_other[k]]
        if other >= 0 and (t - other) * order_sign[k] <= 0:
            broken += 1
    return broken


@compiled
def rebuild(slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, pos, pool):  # type: ignore[no-untyped-def]
    """Fill every derived array from `slot`; returns how many meetings are unplaced."""
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
            continue
        for k in range(party_ptr[m], party_ptr[m + 1]):
            p = party_idx[k]
            at[p, t] = m
            _flip(bits, p, t)
            count[p] += 1
        for k in range(res_ptr[m], res_ptr[m + 1]):
            used[res_idx[k], t] += 1
    return n_pool


@compiled
def _put(slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, m, t):  # type: ignore[no-untyped-def]
    slot[m] = t
    for k in range(party_ptr[m], party_ptr[m + 1]):
        p = party_idx[k]
        at[p, t] = m
        _flip(bits, p, t)
        count[p] += 1
    for k in range(res_ptr[m], res_ptr[m + 1]):
        used[res_idx[k], t] += 1


@compiled
def _take(slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, m):  # type: ignore[no-untyped-def]
    t = slot[m]
    slot[m] = -1
    for k in range(party_ptr[m], party_ptr[m + 1]):
        p = party_idx[k]
        at[p, t] = -1
        _flip(bits, p, t)
        count[p] -= 1
    for k in range(res_ptr[m], res_ptr[m + 1]):
        used[res_idx[k], t] -= 1


@compiled
def _day_cost(bits, party_ptr, party_idx, m, weights):  # type: ignore[no-untyped-def]
    total = 0.0
    for k in range(party_ptr[m], party_ptr[m + 1]):
        total += _cost(bits, party_idx[k], -1, -1, weights)
    return total


@compiled
def _insert(  # type: ignore[no-untyped-def]
    slot,
    at,
    bits,
    used,
    count,
    party_ptr,
    party_idx,
    res_ptr,
    res_idx,
    pos,
    pool,
    n_pool,
    domain,
    capacity,
    caps,
    worth,
    weights,
    order_ptr,
    order_other,
    order_sign,
    out,
    rng,
    temp,
):
    """Put a random unplaced meeting somewhere, taking out what is in its way.

    Returns the change of cost and the number of unplaced meetings.
    """
    n_slots = at.shape[1]
    m = pool[_below(rng, n_pool)]
    t = _below(rng, n_slots)
    # Of a few slots take the one with the fewest meetings in the way.
    least = 99
    for _ in range(6):
        tried = _below(rng, n_slots)
        if not domain[m, tried] or not _room(used, capacity, res_ptr, res_idx, m, tried):
            continue
        in_way = 0
        for k in range(party_ptr[m], party_ptr[m + 1]):
            if at[party_idx[k], tried] >= 0:
                in_way += 1
        if in_way < least:
            least = in_way
            t = tried
    if least == 99:
        return 0.0, n_pool
    n_out = 0
    delta = -worth[m]
    for k in range(party_ptr[m], party_ptr[m + 1]):
        p = party_idx[k]
        other = at[p, t]
        if other < 0 and count[p] >= caps[p]:
            # Full: one of p's other meetings has to go.
            pick = _below(rng, n_slots)
            for s in range(n_slots):
                other = at[p, (pick + s) % n_slots]
                if other >= 0:
                    break
        if other >= 0:
            known = False
            for j in range(n_out):
                known = known or out[j] == other
            if not known:
                out[n_out] = other
                n_out += 1
                delta += worth[other]
    if caps_zero(caps, party_ptr, party_idx, m):
        return 0.0, n_pool
    if delta > 0.0 and _unit(rng) >= np.exp(-delta / temp):
        return 0.0, n_pool
    olds = np.empty(n_out, np.int64)
    for j in range(n_out):
        olds[j] = slot[out[j]]
        delta -= _day_cost(bits, party_ptr, party_idx, out[j], weights)
        delta -= weights[4] * _disorder(slot, order_ptr, order_other, order_sign, out[j], olds[j])
        _take(slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, out[j])
        delta += _day_cost(bits, party_ptr, party_idx, out[j], weights)
    delta -= _day_cost(bits, party_ptr, party_idx, m, weights)
    _put(slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, m, t)
    delta += _day_cost(bits, party_ptr, party_idx, m, weights)
    delta += weights[4] * _disorder(slot, order_ptr, order_other, order_sign, m, t)
    if delta > 0.0 and _unit(rng) >= np.exp(-delta / temp):
        _take(slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, m)
        for j in range(n_out):
            _put(
                slot, at, bits, used, count, party_ptr, party_idx, res_ptr, res_idx, out[j], olds[j]
            )
        return 0.0, n_pool
    n_pool = pool_remove(pos, pool, n_pool, m)
    for j in range(n_out):
        pos[out[j]] = n_pool
        pool[n_pool] = out[j]
        n_pool += 1
    return delta, n_pool


@compiled
def caps_zero(caps, party_ptr, party_idx, m):  # type: ignore[no-untyped-def]
    """Whether some party of m accepts no meeting at all."""
    for k in range(party_ptr[m], party_ptr[m + 1]):
        if caps[party_idx[k]] <= 0:
            return True
    return False


@compiled
def pool_remove(pos, pool, n_pool, m):  # type: ignore[no-untyped-def]
    """Take m out of the pool of unplaced meetings."""
    i = pos[m]
    last = pool[n_pool - 1]
    pool[i] = last
    pos[last] = i
    pos[m] = -1
    return n_pool - 1


@compiled
def _kempe(  # type: ignore[no-untyped-def]
    slot,
    at,
    bits,
    used,
    party_ptr,
    party_idx,
    res_ptr,
    res_idx,
    domain,
    capacity,
    weights,
    order_ptr,
    order_other,
    order_sign,
    chain,
    mark,
    stamp,
    ends,
    change,
    m,
    t2,
    rng,
    temp,
):
    """Exchange slots t1 and t2 along the chain of meeting m, if the temperature accepts it."""
    t1 = slot[m]
    n = 1
    chain[0] = m
    mark[m] = stamp
    i = 0
    n_ends = 0
    delta = 0.0
    while i < n:
        c = chain[i]
        goes = t2 if slot[c] == t1 else t1
        if not domain[c, goes]:
            return 0.0
        for k in range(party_ptr[c], party_ptr[c + 1]):
            p = party_idx[k]
            other = at[p, goes]
            if other < 0:
                # This day changes: it leaves one slot and takes the other.
                ends[n_ends] = p
                n_ends += 1
                delta += _cost(bits, p, t1, t2, weights) - _cost(bits, p, -1, -1, weights)
            elif mark[other] != stamp:
                if n >= chain.shape[0]:
                    return 0.0
                mark[other] = stamp
                chain[n] = other
                n += 1
        i += 1
    for r in range(change.shape[0]):
        change[r] = 0
    for i in range(n):
        c = chain[i]
        step = 1 if slot[c] == t1 else -1
        for k in range(res_ptr[c], res_ptr[c + 1]):
            change[res_idx[k]] += step
    for r in range(change.shape[0]):
        if change[r] > 0 and used[r, t2] + change[r] > capacity[r, t2]:
            return 0.0
        if change[r] < 0 and used[r, t1] - change[r] > capacity[r, t1]:
            return 0.0
    ordered = order_other.shape[0] > 0
    if ordered:
        for i in range(n):
            c = chain[i]
            delta -= weights[4] * _disorder(slot, order_ptr, order_other, order_sign, c, slot[c])
        for i in range(n):
            slot[chain[i]] = t1 + t2 - slot[chain[i]]
        for i in range(n):
            c = chain[i]
            delta += weights[4] * _disorder(slot, order_ptr, order_other, order_sign, c, slot[c])
        for i in range(n):
            slot[chain[i]] = t1 + t2 - slot[chain[i]]
    if delta > 0.0 and _unit(rng) >= np.exp(-delta / temp):
        return 0.0
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
        _flip(bits, ends[i], t1)
        _flip(bits, ends[i], t2)
    for r in range(change.shape[0]):
        used[r, t1] -= change[r]
        used[r, t2] += change[r]
    return delta


@compiled
def _next_to_day(bits, p, n_slots, rng):  # type: ignore[no-untyped-def]
    """A random idle slot that touches a busy one of p's, or -1."""
    start = _below(rng, n_slots)
    for s in range(n_slots):
        t = (start + s) % n_slots
        if bits[p, t >> 6] >> uint64(t & 63) & ONE:
            continue
        before = t > 0 and bits[p, (t - 1) >> 6] >> uint64((t - 1) & 63) & ONE
        after = t + 1 < n_slots and bits[p, (t + 1) >> 6] >> uint64((t + 1) & 63) & ONE
        if before or after:
            return t
    return -1


@compiled
def anneal(  # type: ignore[no-untyped-def]
    slot,
    at,
    bits,
    used,
    count,
    party_ptr,
    party_idx,
    res_ptr,
    res_idx,
    pos,
    pool,
    n_pool,
    domain,
    capacity,
    caps,
    worth,
    weights,
    order_ptr,
    order_other,
    order_sign,
    free,
    rng,
    mark,
    stamp,
    temp_from,
    temp_to,
    n_moves,
    near,
    best,
    cost,
    best_cost,
):
    """Make `n_moves` tries while the temperature falls from `temp_from` to `temp_to`.

    Returns the number of unplaced meetings, the last stamp, the cost and the least cost seen, at
    which `best` is a copy of `slot`.
    """
    n_meetings, n_slots = domain.shape
    n_people = at.shape[0]
    widest = 2
    for m in range(n_meetings):
        widest = max(widest, party_ptr[m + 1] - party_ptr[m])
    chain = np.empty(min(n_meetings, 400) + 1, np.int64)
    ends = np.empty(chain.shape[0] * widest + 1, np.int64)
    change = np.zeros(used.shape[0], np.int64)
    out = np.empty(widest + 1, np.int64)
    temp = temp_from
    cooling = (temp_to / temp_from) ** (1.0 / max(1, n_moves // 256))
    for move in range(n_moves):
        if move & 255 == 255:
            temp *= cooling
        if n_pool > 0 and _unit(rng) < 0.3:
            delta, n_pool = _insert(
                slot,
                at,
                bits,
                used,
                count,
                party_ptr,
                party_idx,
                res_ptr,
                res_idx,
                pos,
                pool,
                n_pool,
                domain,
                capacity,
                caps,
                worth,
                weights,
                order_ptr,
                order_other,
                order_sign,
                out,
                rng,
                temp,
            )
        else:
            stamp += 1
            m = free[_below(rng, free.shape[0])]
            if slot[m] < 0:
                continue
            if _unit(rng) < near:
                # A meeting moves to the edge of one of its parties' days.
                p = party_idx[party_ptr[m] + _below(rng, party_ptr[m + 1] - party_ptr[m])]
                t2 = _next_to_day(bits, p, n_slots, rng)
            else:
                t2 = _below(rng, n_slots)
            if t2 < 0 or t2 == slot[m] or not domain[m, t2]:
                continue
            delta = _kempe(
                slot,
                at,
                bits,
                used,
                party_ptr,
                party_idx,
                res_ptr,
                res_idx,
                domain,
                capacity,
                weights,
                order_ptr,
                order_other,
                order_sign,
                chain,
                mark,
                stamp,
                ends,
                change,
                m,
                t2,
                rng,
                temp,
            )
        cost += delta
        if cost < best_cost - 1e-9 and n_meetings <= 2000:
            best_cost = cost
            best[:] = slot
    if n_people >= 0 and cost < best_cost - 1e-9:
        best_cost = cost
        best[:] = slot
    return n_pool, stamp, cost, best_cost


@compiled
def whole_cost(slot, bits, weights, worth, order_ptr, order_other, order_sign):  # type: ignore[no-untyped-def]
    """Cost of a schedule from scratch."""
    total = 0.0
    for p in range(bits.shape[0]):
        total += _cost(bits, p, -1, -1, weights)
    broken = 0
    for m in range(slot.shape[0]):
        if slot[m] < 0:
            total += worth[m]
        else:
            broken += _disorder(slot, order_ptr, order_other, order_sign, m, slot[m])
    return total + weights[4] * broken / 2
