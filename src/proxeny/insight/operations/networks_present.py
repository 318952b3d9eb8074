"""Today's network as it is stored: positions, communities, countries and arrays."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proxeny.directory.vocabularies import nuts
from proxeny.engine.network import Measures, Network
from proxeny.insight.operations.networks_build import FIGURES, YearNetwork, tidy
from proxeny.insight.operations.networks_layout import lay_out, lay_out_groups
from proxeny.insight.queries.joint_activities import Spot

#: Actors that are told one by one, the strongest; all others are told by country.
MOST_ACTORS = 5_000
#: Ties that are drawn, the strongest.
MOST_TIES = 15_000
#: Communities and regions that are told, the largest; ties between them, the strongest.
MOST_GROUPS, MOST_GROUP_TIES = 60, 400
_SEED = 0

type Whole = NDArray[np.int64]
type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The content of the picture.

    shown: int64[s], indices of the listed actors in the network, the strongest first. place:
    float64[s, 2], the position of each. ties: int64[t], the ties that are drawn.
    """

    shown: Whole
    place: Floats
    ties: Whole


def draw(network: Network, measures: Measures, own: int) -> Drawn:
    """Choose the actors and ties to show, and lay them out."""
    shown = _strongest(network, measures, network.place(own))
    number = np.full(network.size, -1, np.int64)
    number[shown] = np.arange(len(shown))
    inside = np.flatnonzero((number[network.heads] >= 0) & (number[network.tails] >= 0))
    ties = _strongest_ties(network, inside)
    edges = np.column_stack([number[network.heads[ties]], number[network.tails[ties]]])
    place = lay_out(len(shown), edges, network.weights[ties], measures.community[shown], _SEED)
    return Drawn(shown, place, ties)


def _strongest(network: Network, measures: Measures, own: int) -> Whole:
    order = np.lexsort((network.keys, -measures.strength))
    shown = order[:MOST_ACTORS]
    return shown if own in shown else np.append(shown[: MOST_ACTORS - 1], own)


def _strongest_ties(network: Network, inside: Whole) -> Whole:
    """Return the strongest of some ties, the strongest one of each actor among them."""
    order = inside[np.lexsort((inside, -network.weights[inside]))]
    if len(order) <= MOST_TIES:
        return np.sort(order)
    ends = np.concatenate([network.heads[order], network.tails[order]])
    _actors, first = np.unique(ends, return_index=True)
    best = np.unique(order[first % len(order)])
    rest = order[~np.isin(order, best)]
    return np.sort(np.concatenate([best, rest[: max(0, MOST_TIES - len(best))]]))


def tell_present(present: YearNetwork, drawn: Drawn) -> dict[str, Any]:
    """Return the content of the network's pages: numbers, and ids of organisations."""
    network, measures = present.network, present.measures
    spots = [present.seen.spots.get(key) for key in network.keys.tolist()]
    countries = [spot.country if spot else "" for spot in spots]
    hidden = np.setdiff1d(np.arange(network.size), drawn.shown)
    return {
        "whole": {
            name: tidy(getattr(measures.whole, name))
            for name in (
                "size",
                "ties",
                "density",
                "components",
                "largest_share",
                "communities",
                "modularity",
                "mean_distance",
                "clustering",
                "core_size",
            )
        },
        "exact": measures.exact,
        "bound": None
        if measures.bound is None
        else {
            "betweenness_share": tidy(measures.bound.betweenness_share, 3),
            "harmonic": tidy(measures.bound.harmonic, 3),
        },
        "actors": _columns(network, measures, drawn.shown),
        "others": dict(sorted(Counter(countries[at] for at in hidden.tolist()).items())),
        "communities": _communities(network, measures, countries),
        "countries": group_by(present, countries, spots),
        "regions": group_by(present, [_region(spot) for spot in spots], spots),
    }


def _columns(network: Network, measures: Measures, shown: Whole) -> dict[str, list[Any]]:
    told: dict[str, list[Any]] = {"ids": network.keys[shown].tolist()}
    for name in FIGURES:
        told[name] = [tidy(value, 4) for value in getattr(measures, name)[shown].tolist()]
    told["core"] = measures.core[shown].astype(int).tolist()
    told["community"] = measures.community[shown].tolist()
    return told


def _communities(network: Network, measures: Measures, countries: Sequence[str]) -> dict[str, Any]:
    sizes = np.bincount(measures.community)
    count = min(MOST_GROUPS, int((sizes > 1).sum()))
    groups = []
    for number in range(count):
        members = np.flatnonzero(measures.community == number)
        order = members[np.lexsort((network.keys[members], -measures.strength[members]))]
        common = Counter(countries[at] for at in members.tolist() if countries[at])
        groups.append(
            {
                "size": len(members),
                "strength": tidy(float(measures.strength[members].sum()), 4),
                "top": network.keys[order[:3]].tolist(),
                "countries": [code for code, _n in sorted(common.items(), key=_commonest)[:3]],
            }
        )
    alone = int((sizes == 1).sum())
    ties = _between(network, measures.community, count)
    return {
        "groups": _placed(groups, ties),
        "ties": ties,
        "smaller": int((sizes > 1).sum()) - count,
        "alone": alone,
    }


def _commonest(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _placed(groups: list[dict[str, Any]], ties: list[list[float]]) -> list[dict[str, Any]]:
    """Return groups with where each is drawn."""
    places = lay_out_groups(len(groups), ties).round(1).tolist()
    return [{**one, "at": at} for one, at in zip(groups, places, strict=True)]


def _between(network: Network, group: Whole, count: int) -> list[list[float]]:
    """Return the strongest ties between the first groups: both, the sum of weights, how many."""
    a, b = group[network.heads], group[network.tails]
    kept = (a != b) & (a < count) & (b < count)
    low, high = np.minimum(a, b)[kept], np.maximum(a, b)[kept]
    codes, index = np.unique(low * max(count, 1) + high, return_inverse=True)
    weights = np.bincount(index, network.weights[kept], len(codes))
    many = np.bincount(index, minlength=len(codes))
    order = np.lexsort((codes, -weights))[:MOST_GROUP_TIES]
    return [
        [
            int(codes[at] // max(count, 1)),
            int(codes[at] % max(count, 1)),
            float(f"{weights[at]:.4g}"),
            int(many[at]),
        ]
        for at in order.tolist()
    ]


def group_by(
    present: YearNetwork, names: Sequence[str], spots: Sequence[Spot | None]
) -> dict[str, Any]:
    """Return the network with actors of one place taken together, the largest places first.

    `own` are the own ties that lead to each place: the sum of weights, and how many.
    """
    network, measures = present.network, present.measures
    sizes = Counter(name for name in names if name)
    told = [name for name, _n in sorted(sizes.items(), key=_commonest)]
    numbers = {name: number for number, name in enumerate(told)}
    group = np.array([numbers.get(name, len(told)) for name in names], np.int64)
    groups = []
    for number, name in enumerate(told):
        members = np.flatnonzero(group == number)
        groups.append(
            {
                "code": name,
                "size": len(members),
                "strength": tidy(float(measures.strength[members].sum()), 4),
                "point": _point(name, [spots[at] for at in members.tolist()]),
            }
        )
    ties = _between(network, group, len(told))
    return {
        "groups": _placed(groups, ties),
        "ties": ties,
        "own": _own_ties(network, network.place(present.own), group, len(told)),
        "unplaced": int((group == len(told)).sum()),
    }


def _own_ties(network: Network, own: int, group: Whole, count: int) -> list[list[float]]:
    ends = np.concatenate(
        [network.tails[network.heads == own], network.heads[network.tails == own]]
    )
    weights = np.concatenate(
        [network.weights[network.heads == own], network.weights[network.tails == own]]
    )
    total = np.bincount(group[ends], weights, count + 1)
    many = np.bincount(group[ends], minlength=count + 1)
    return [
        [number, float(f"{total[number]:.4g}"), int(many[number])]
        for number in range(count)
        if many[number]
    ]


def _region(spot: Spot | None) -> str:
    """Return the region of level 2 that an entry names, else its country."""
    if spot is None:
        return ""
    return spot.nuts[:4] if len(spot.nuts) >= 4 else spot.country


def _point(name: str, spots: Sequence[Spot | None]) -> list[float] | None:
    """Return longitude and latitude of a region's city, or of the middle of its organisations."""
    if len(name) == 4 and (seat := nuts.point_of(name)):
        return [seat[1], seat[0]]
    points = [
        (spot.longitude, spot.latitude) if spot.longitude is not None else _seat(spot.nuts)
        for spot in spots
        if spot
    ]
    known = [one for one in points if one is not None and None not in one]
    if not known:
        return None
    middle: list[float] = np.median(np.array(known, np.float64), axis=0).round(1).tolist()
    return middle


def _seat(code: str) -> tuple[float, float] | None:
    seat = nuts.point_of(code)
    return (seat[1], seat[0]) if seat else None
