"""Position of one actor relative to comparable ones."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.network.measures import FIGURES, Measures
from proxeny.engine.network.model import Network

__all__ = ["Place", "Position", "position"]

#: Where less is better: a low constraint leaves an actor free to broker.
LESS_IS_BETTER = frozenset({"constraint"})
#: Figures that add up, so that an actor's share of all comparable ones together means something.
ADDITIVE = frozenset({"degree", "strength", "betweenness", "pagerank", "effective_size"})


@dataclass(frozen=True, slots=True)
class Place:
    """Figure of one actor relative to comparable ones; `None` where there is no value.

    value: the figure; None if it does not exist, as constraint without ties; then all else is None.
    rank: 1 + how many are better (competition ranking: equals share the better place).
    best_rank, worst_rank: what the bound of estimated figures leaves open; `rank` if exact.
    of: how many have this figure, the actor included. equal: how many others have the same.
    percentile: share of the others that are worse, equals counted half; 0 to 1.
    share: of the sum over all `of`, where figures add up.
    """

    value: float | None
    rank: int | None
    best_rank: int | None
    worst_rank: int | None
    of: int
    equal: int | None
    percentile: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Position:
    """All figures of one actor, by the names in `FIGURES`."""

    key: int
    among: int
    places: dict[str, Place]


def position(network: Network, measures: Measures, key: int, among: Iterable[int]) -> Position:
    """Compare an actor with others: `among` are their keys, with or without the actor's own.

    Two figures that differ by less than one part in 10^9 are equal: sums of fractions end in
    different last digits for actors in equal positions.

    Raises
    ------
    ValueError
        A key is not in the network, or the measures are of another one.
    """
    if not np.array_equal(network.keys, measures.keys):
        raise ValueError("The measures are of other actors than this network's.")
    own = network.place(key)
    others = sorted({network.place(one) for one in among} - {own})
    picked = np.array([own, *others], np.int64)
    places = {
        name: _place(name, getattr(measures, name)[picked], _error(measures, name))
        for name in FIGURES
    }
    return Position(key, len(picked), places)


def _error(measures: Measures, name: str) -> float:
    """Return how far off a figure may be, in its own unit."""
    if measures.bound is None:
        return 0.0
    pairs = max(1.0, (measures.whole.size - 1) * (measures.whole.size - 2) / 2)
    of = {
        "betweenness": measures.bound.betweenness_share * pairs,
        "harmonic": measures.bound.harmonic,
        "closeness": np.inf,
    }
    return float(of.get(name, 0.0))


def _place(name: str, values: NDArray[np.float64], error: float) -> Place:
    """Return the place of the first value among all."""
    known = values[~np.isnan(values)]
    if np.isnan(values[0]):
        return Place(None, None, None, None, len(known), None, None, None)
    value = float(values[0])
    lead = known[1:] - value
    if name in LESS_IS_BETTER:
        lead = -lead
    same = np.abs(lead) <= 1e-9 * np.maximum(np.abs(known[1:]), abs(value))
    better, equal = int((~same & (lead > 0)).sum()), int(same.sum())
    best, worst = better + 1, better + 1
    if error:
        best = 1 + int((~same & (lead > 2 * error)).sum())
        worst = 1 + int((same | (lead > -2 * error)).sum())
    total = float(known.sum())
    return Place(
        value=value,
        rank=better + 1,
        best_rank=best,
        worst_rank=worst,
        of=len(known),
        equal=equal,
        percentile=(len(lead) - better - equal / 2) / len(lead) if len(lead) else None,
        share=value / total if name in ADDITIVE and total > 0 else None,
    )
