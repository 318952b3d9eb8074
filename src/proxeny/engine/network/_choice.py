"""The best few of many candidates, with proof: branch and bound on the bound of `_prices`."""

import heapq
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.network._prices import (
    Floats,
    Priced,
    Slate,
    Whole,
    relax_slate,
    trim_slate,
    value_set,
)

__all__ = ["Proof", "choose_few"]

_ROOT_ROUNDS = 60
_ROOT_PASSES = 8
_NODE_ROUNDS = 40
# Overhead of a part of the search, as the number of entries examined in the same time.
_OVERHEAD = 200_000


@dataclass(frozen=True, slots=True)
class Proof:
    """Best set found, with the proof that no set gains more than `bound`."""

    chosen: tuple[int, ...]
    value: float
    bound: float


@dataclass(slots=True)
class _Open:
    """A part of the sets that is not done with: all that hold `held`, the rest from `active`."""

    bound: float
    held: tuple[int, ...]
    active: Whole
    prices: Floats


@dataclass(slots=True)
class _Search:
    """The best so far, and how many entries may still be looked at."""

    grain: float
    work: int
    chosen: tuple[int, ...]
    value: float
    queue: list[tuple[float, int, _Open]] = field(default_factory=list)
    serial: int = 0

    def offer(self, chosen: tuple[int, ...], value: float) -> None:
        """Keep a set if it is better than the best so far."""
        # More by the last digits alone is not more.
        if value > self.value + self.grain / 2:
            self.chosen, self.value = chosen, value

    def push(self, part: _Open) -> None:
        """Keep a part of the sets open if it may hold a better one."""
        if part.bound >= self.value + self.grain:
            heapq.heappush(self.queue, (-part.bound, self.serial, part))
            self.serial += 1


def choose_few(
    slate: Slate,
    count: int,
    *,
    chosen: tuple[int, ...],
    prices: Floats,
    grain: float,
    most: int,
    work: int,
) -> Proof:
    """Choose the `count` candidates with the largest joint gain.

    Parameters
    ----------
    chosen
        A set to start from.
    prices
        float64[a], to start from; at least the floor.
    grain
        Gains of two sets differ by more than this, or not at all.
    most
        The most candidates left after the first bound for which the search goes on to the proof.
    work
        The most entries to examine in total.
    """
    start = value_set(slate, np.array(chosen, np.int64))
    search = _Search(grain, work, chosen, start)
    names = np.arange(len(slate.own))
    bound = np.inf
    for _ in range(_ROOT_PASSES):
        everyone = np.arange(len(names))
        priced = _relax(search, slate, everyone, count, prices, 0.0, _ROOT_ROUNDS)
        search.offer(tuple(names[priced.chosen].tolist()), priced.value)
        bound, before = min(bound, priced.bound), bound
        if bound < search.value + grain or search.work <= 0:
            break
        kept = _keep(priced, everyone, count, search)
        slate, shared = trim_slate(slate, kept)
        names, prices = names[kept], priced.prices[shared]
        if before - bound < 1e-4 * bound and len(kept) > 0.9 * len(everyone):
            break
    if bound < search.value + grain:
        return Proof(search.chosen, search.value, search.value)
    if len(names) > most:
        return Proof(search.chosen, search.value, bound)
    search.push(_Open(bound, (), np.arange(len(names)), prices))
    return _branch(search, slate, names, count)


def _relax(
    search: _Search,
    slate: Slate,
    active: Whole,
    count: int,
    prices: Floats,
    held: float,
    rounds: int,
) -> Priced:
    priced = relax_slate(
        slate,
        active,
        count,
        prices=prices,
        known=search.value - held,
        grain=search.grain,
        rounds=rounds,
    )
    sizes = np.diff(slate.starts)
    looked = int(sizes[active].sum()) + len(active) + 2 * len(slate.floor)
    search.work -= priced.rounds * looked + _OVERHEAD
    return priced


def _keep(
    priced: Priced, active: Whole, count: int, search: _Search, held: float = 0.0
) -> NDArray[np.int64]:
    """Drop candidates that cannot be in a better set, even in place of the worst of the best."""
    if len(active) <= count:
        return active
    least = np.partition(priced.rests, len(active) - count)[len(active) - count]
    best = held + priced.bound - least + priced.rests
    kept: Whole = active[(best >= search.value + search.grain) | (priced.rests >= least)]
    return kept


def _branch(search: _Search, slate: Slate, names: Whole, count: int) -> Proof:
    while search.queue and search.work > 0:
        _, _, part = heapq.heappop(search.queue)
        if part.bound < search.value + search.grain:
            continue
        for half in _split(search, slate, names, part, count):
            search.push(half)
    bound = max([search.value, *(part.bound for _, _, part in search.queue)])
    if bound < search.value + search.grain:
        bound = search.value
    return Proof(search.chosen, search.value, bound)


def _split(
    search: _Search, slate: Slate, names: Whole, part: _Open, count: int
) -> tuple[_Open, ...]:
    """Reprice a part; return the sets with and without its best candidate, if any may win."""
    open_count = count - len(part.held)
    if len(part.active) < open_count:
        return ()
    held = np.array(part.held, np.int64)
    above = value_set(slate, held)
    inner = slate._replace(floor=_raise_floor(slate, held))
    if open_count == 0:
        search.offer(_named(names, part.held), above)
        return ()
    rounds = 1 if open_count == 1 else _NODE_ROUNDS
    prices = inner.floor if open_count == 1 else np.maximum(part.prices, inner.floor)
    priced = _relax(search, inner, part.active, open_count, prices, above, rounds)
    search.offer(_named(names, (*part.held, *priced.chosen.tolist())), above + priced.value)
    bound = min(part.bound, above + priced.bound)
    if open_count == 1 or bound < search.value + search.grain:
        return ()
    active = _keep(priced, part.active, open_count, search, above)
    rests = priced.rests[np.searchsorted(part.active, active)]
    one = int(active[int(np.argmax(rests))])
    others = active[active != one]
    return (
        _Open(bound, (*part.held, one), others, priced.prices),
        _Open(bound, part.held, others, priced.prices),
    )


def _named(names: Whole, places: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(names[list(places)].tolist()))


def _raise_floor(slate: Slate, held: Whole) -> Floats:
    floor = slate.floor.copy()
    for one in held.tolist():
        entries = slice(slate.starts[one], slate.starts[one + 1])
        np.maximum.at(floor, slate.who[entries], slate.what[entries])
    return floor
