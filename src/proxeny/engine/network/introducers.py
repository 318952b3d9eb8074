"""Possible introducers of one actor to another."""

from dataclasses import dataclass
from itertools import pairwise
from math import log, prod

import numpy as np

from proxeny.engine.network._position import levels_from
from proxeny.engine.network._rows import Rows, make_rows
from proxeny.engine.network.model import Network

__all__ = ["Introducers", "Path", "introducers"]

# Weights that are sums of the same parts in another order differ in the last digits.
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Path:
    """Path from one actor to another over one or two who know each other.

    Parameters
    ----------
    actors : tuple of int
        Keys, from the asking actor to the wanted one.
    weights : tuple of float
        Of the ties between them.
    rarity : float
        Adamic-Adar: the sum over the introducers of 1 / ln(degree); an introducer with few ties
        counts more.
    """

    actors: tuple[int, ...]
    weights: tuple[float, ...]
    rarity: float

    @property
    def weakest(self) -> float:
        """The weight of the weakest tie."""
        return min(self.weights)

    @property
    def steps(self) -> int:
        """The number of ties: one more than introductions."""
        return len(self.weights)


@dataclass(frozen=True, slots=True)
class Introducers:
    """Result of `introducers`.

    Parameters
    ----------
    distance : int, optional
        The number of ties between the two; 1 if they know each other, None if there is no path.
    paths : tuple of Path
        The best first. Empty where distance is 1 or above 3.
    found : int
        The number of paths of that length.
    """

    distance: int | None
    paths: tuple[Path, ...] = ()
    found: int = 0


def introducers(network: Network, source: int, target: int, k: int = 5) -> Introducers:
    """Find possible introducers of one actor to another.

    Parameters
    ----------
    source, target : int
        Keys of the asking and of the wanted actor.
    k : int
        The most paths to return, above 0.

    Returns
    -------
    Introducers
        Over one introducer where both have a partner in common: the strongest weaker tie first,
        then by Adamic-Adar. Else over two who are tied to each other: the strongest weakest tie
        first, then the highest product of the three. Of equals those with lower keys first.

    Raises
    ------
    ValueError
        An actor is not in the network, both are the same, or k is below 1.

    Notes
    -----
    O(m), and the ties of the source's partners where two are needed. Adamic and Adar 2003,
    "Friends and neighbors on the Web", Social Networks 25, 211-230.

    Examples
    --------
    >>> from proxeny.engine.network.model import Tie, build_network
    >>> known = build_network([Tie(1, 2, 3.0), Tie(2, 4, 2.0), Tie(1, 3), Tie(3, 4, 5.0)])
    >>> [path.actors for path in introducers(known, 1, 4).paths]
    [(1, 2, 4), (1, 3, 4)]
    """
    if k < 1:
        raise ValueError(f"k: at least 1 way must be asked for, not {k}.")
    start, end = network.place(source), network.place(target)
    if start == end:
        raise ValueError(f"Actor {source} needs nobody to be introduced to itself.")
    rows = make_rows(network)
    distance = int(levels_from(rows, start)[end])
    if distance > network.size:
        return Introducers(None)
    if distance == 2:
        ways = _over_one(rows, start, end)
    elif distance == 3:
        ways = _over_two(rows, start, end)
    else:
        return Introducers(distance)
    paths = [_make_path(network, rows, way) for way in ways]
    paths.sort(key=_rank_one if distance == 2 else _rank_two)
    return Introducers(distance, tuple(paths[:k]), len(paths))


def _partners(rows: Rows, place: int) -> dict[int, float]:
    around = slice(rows.starts[place], rows.starts[place + 1])
    return dict(zip(rows.others[around].tolist(), rows.weights[around].tolist(), strict=True))


def _over_one(rows: Rows, start: int, end: int) -> list[tuple[int, ...]]:
    wanted = _partners(rows, end)
    return [(start, one, end) for one in _partners(rows, start) if one in wanted]


def _over_two(rows: Rows, start: int, end: int) -> list[tuple[int, ...]]:
    wanted = np.zeros(rows.size, np.bool_)
    wanted[list(_partners(rows, end))] = True
    ways: list[tuple[int, ...]] = []
    for one in _partners(rows, start):
        theirs = rows.others[rows.starts[one] : rows.starts[one + 1]]
        ways += [(start, one, two, end) for two in theirs[wanted[theirs]].tolist()]
    return ways


def _make_path(network: Network, rows: Rows, way: tuple[int, ...]) -> Path:
    weights = []
    for one, other in pairwise(way):
        around = rows.others[rows.starts[one] : rows.starts[one + 1]]
        weights.append(float(rows.weights[rows.starts[one] + np.searchsorted(around, other)]))
    return Path(
        tuple(int(network.keys[place]) for place in way),
        tuple(weights),
        # An introducer between two others has at least two partners.
        sum(1 / log(int(rows.starts[place + 1] - rows.starts[place])) for place in way[1:-1]),
    )


def _rank_one(path: Path) -> tuple[float, float, tuple[int, ...]]:
    return -round(path.weakest, _DIGITS), -round(path.rarity, _DIGITS), path.actors


def _rank_two(path: Path) -> tuple[float, float, tuple[int, ...]]:
    return -round(path.weakest, _DIGITS), -round(prod(path.weights), _DIGITS), path.actors
