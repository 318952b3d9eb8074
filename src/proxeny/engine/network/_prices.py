"""Upper bound on the joint gain of a few of many candidates, by a price on each actor.

A candidate raises actors to a value each, and an actor counts once, at the highest value it
reaches. With a price on every actor, a candidate is worth its gain above the prices; the prices and
the `count` best candidates together are never less than the best set's value (Cornuéjols, Fisher
and Nemhauser 1977, "Location of bank accounts to optimize float", Management Science 23, 789-810).
Prices are moved by the subgradient method (Held, Wolfe and Crowder 1974).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from proxeny.engine._jit import compiled

__all__ = ["Priced", "Slate", "relax_slate", "trim_slate", "value_set"]

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]

# The step is halved after so many moves in a row without a gain.
_PATIENCE = 8


class Slate(NamedTuple):
    """Candidates from 0 to c - 1, and the actors that more than one of them brings nearer.

    starts: int64[c + 1], the positions of each candidate's entries.
    who: int32[e], the actor of an entry; what: float64[e], its value there.
    own: float64[c], a candidate's gain that no other has.
    floor: float64[a], the value of each actor before.
    """

    starts: Whole
    who: NDArray[np.int32]
    what: Floats
    own: Floats
    floor: Floats


class Priced(NamedTuple):
    """Prices and the bound they prove.

    bound: no set gains more. prices: float64[a]. rests: float64[active], the worth of each
    candidate above the prices. chosen: the best set found, ascending; value: its gain. rounds: the
    number of price updates.
    """

    bound: float
    prices: Floats
    rests: Floats
    chosen: Whole
    value: float
    rounds: int


@compiled
def _top(rests: Floats, count: int) -> Whole:
    """Return the places of the highest, falling; of equals the first."""
    top = np.empty(count, np.int64)
    held = 0
    for at in range(len(rests)):
        if held == count and rests[at] <= rests[top[held - 1]]:
            continue
        place = min(held, count - 1)
        while place > 0 and rests[top[place - 1]] < rests[at]:
            top[place] = top[place - 1]
            place -= 1
        top[place] = at
        held = min(held + 1, count)
    return top


@compiled
def _value(
    starts: Whole,
    who: NDArray[np.int32],
    what: Floats,
    own: Floats,
    floor: Floats,
    chosen: Whole,
    best: Floats,
) -> float:
    """Return the gain of a set above the floor; `best` equals `floor` before and after."""
    total = 0.0
    for one in chosen:
        total += own[one]
        for at in range(starts[one], starts[one + 1]):
            if what[at] > best[who[at]]:
                total += what[at] - best[who[at]]
                best[who[at]] = what[at]
    for one in chosen:
        for at in range(starts[one], starts[one + 1]):
            best[who[at]] = floor[who[at]]
    return total


@compiled
def _rest(
    starts: Whole,
    who: NDArray[np.int32],
    what: Floats,
    own: Floats,
    active: Whole,
    prices: Floats,
    rests: Floats,
) -> None:
    """Write what each active candidate is worth above the prices."""
    for place in range(len(active)):
        one = active[place]
        rest = own[one]
        for at in range(starts[one], starts[one + 1]):
            over = what[at] - prices[who[at]]
            if over > 0:
                rest += over
        rests[place] = rest


@compiled
def _move(
    starts: Whole,
    who: NDArray[np.int32],
    what: Floats,
    floor: Floats,
    chosen: Whole,
    prices: Floats,
    drawn: NDArray[np.int32],
    way: float,
) -> bool:
    """Raise prices of actors reached more than once, lower those of unreached; False if none moves.

    way: the total step of the prices along the subgradient.
    """
    drawn[:] = 0
    for one in chosen:
        for at in range(starts[one], starts[one + 1]):
            if what[at] > prices[who[at]]:
                drawn[who[at]] += 1
    norm = 0.0
    for actor in range(len(floor)):
        if drawn[actor] > 1 or (drawn[actor] == 0 and prices[actor] > floor[actor]):
            norm += (1.0 - drawn[actor]) ** 2
    if norm == 0:
        return False
    for actor in range(len(floor)):
        if drawn[actor] != 1:
            moved = prices[actor] - way / norm * (1 - drawn[actor])
            prices[actor] = max(floor[actor], moved)
    return True


@compiled
def _relax(
    starts: Whole,
    who: NDArray[np.int32],
    what: Floats,
    own: Floats,
    floor: Floats,
    active: Whole,
    count: int,
    prices: Floats,
    known: float,
    grain: float,
    rounds: int,
) -> tuple[float, Floats, Floats, Whole, float, int]:
    prices = prices.copy()
    rests, drawn, scratch = np.empty(len(active)), np.empty(len(floor), np.int32), floor.copy()
    best_bound, best_prices, best_rests = np.inf, prices.copy(), rests.copy()
    best_set, best_value = active[:count].copy(), -1.0
    step, idle, done = 1.0, 0, 0
    while done < rounds:
        done += 1
        _rest(starts, who, what, own, active, prices, rests)
        top = _top(rests, count)
        chosen = active[top]
        bound = (prices - floor).sum() + rests[top].sum()
        idle = idle + 1 if bound > best_bound * (1 - 1e-5) else 0
        if bound < best_bound:
            best_bound = bound
            best_prices[:] = prices
            best_rests[:] = rests
        if idle > _PATIENCE:
            step, idle = step / 2, 0
        value = _value(starts, who, what, own, floor, chosen, scratch)
        if value > best_value:
            best_value, best_set = value, chosen
        goal = max(known, best_value)
        if best_bound < goal + grain or step < 1e-4:
            break
        if not _move(starts, who, what, floor, chosen, prices, drawn, step * (bound - goal)):
            break
    return best_bound, best_prices, best_rests, np.sort(best_set), best_value, done


def relax_slate(
    slate: Slate,
    active: Whole,
    count: int,
    *,
    prices: Floats,
    known: float,
    grain: float,
    rounds: int,
) -> Priced:
    """Move the prices until they prove that no set gains `known` + `grain` or more.

    active: the candidates that may be chosen, at least `count`, ascending; count: above 0. Ends
    after `rounds` rounds, or earlier if steps have become too small to matter.
    """
    return Priced(*_relax(*slate, active, count, prices, known, grain, rounds))


def value_set(slate: Slate, chosen: Whole) -> float:
    """Return the gain of a set of candidates."""
    return float(_value(*slate, chosen, slate.floor.copy()))


def trim_slate(slate: Slate, active: Whole) -> tuple[Slate, NDArray[np.bool_]]:
    """Return the slate of some candidates alone, and which actors remain in it.

    An actor that only one of them brings nearer is added to its `own`.
    """
    sizes = np.diff(slate.starts)
    mine = np.zeros(len(sizes), np.bool_)
    mine[active] = True
    number = np.cumsum(mine) - 1
    entry = np.repeat(mine, sizes)
    owner = number[np.repeat(np.arange(len(sizes)), sizes)[entry]]
    who, what = slate.who[entry], slate.what[entry]
    shared = np.bincount(who, minlength=len(slate.floor)) > 1
    kept = shared[who]
    alone = ~kept
    own = slate.own[active] + np.bincount(
        owner[alone], what[alone] - slate.floor[who[alone]], len(active)
    )
    starts = np.zeros(len(active) + 1, np.int64)
    np.cumsum(np.bincount(owner[kept], minlength=len(active)), out=starts[1:])
    column = (np.cumsum(shared) - 1).astype(np.int32)
    return Slate(starts, column[who[kept]], what[kept], own, slate.floor[shared]), shared
