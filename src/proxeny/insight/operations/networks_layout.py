"""Where actors stand in the picture of a network: worked out once, so that no browser has to."""

import math
import random
import threading

import igraph
import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

#: The picture is so wide and so high.
SIDE = 1000.0
_GOLDEN = math.pi * (3 - math.sqrt(5))
#: Up to so many stand by their distances from each other, which takes the square of their number.
_FEW = 300
_ROUNDS, _ROUNDS_MANY, _MANY = 500, 250, 2_000
# igraph has one source of random numbers for the whole process.
_DICE = threading.Lock()


def lay_out(
    size: int, edges: NDArray[np.int64], weights: Floats, community: NDArray[np.int64], seed: int
) -> Floats:
    """Return x and y of each actor, float64[n, 2], from 0 to `SIDE`; the same for the same input.

    A few stand as far from each other as they are ties apart (Kamada and Kawai 1989, "An algorithm
    for drawing general undirected graphs"). Of many, ties pull and all others push (Fruchterman and
    Reingold 1991, "Graph drawing by force-directed placement"). Both begin with each community at
    a place of its own. Whoever has no tie stands in rows below.

    Parameters
    ----------
    edges : int64[m, 2]
        Places of those who are tied; each pair once.
    weights : float64[m]
    community : int64[n]
    """
    place = np.zeros((size, 2))
    tied = np.zeros(size, np.bool_)
    tied[edges.ravel()] = True
    some = np.flatnonzero(tied)
    if len(some):
        number = np.zeros(size, np.int64)
        number[some] = np.arange(len(some))
        place[some] = _pull(number[edges], weights, community[some], seed)
    alone = np.flatnonzero(~tied)
    if len(alone):
        across = max(1, math.ceil(math.sqrt(4 * len(alone))))
        rows = np.arange(len(alone)) // across
        place[alone, 0] = (np.arange(len(alone)) % across + 0.5) * SIDE / across
        place[alone, 1] = SIDE * (1.06 + 0.04 * rows)
    return _fit(place)


def _pull(
    edges: NDArray[np.int64], weights: Floats, community: NDArray[np.int64], seed: int
) -> Floats:
    start = _begin(community, seed)
    graph = igraph.Graph(n=len(community), edges=edges)
    if len(community) <= _FEW:
        found = graph.layout_kamada_kawai(seed=start.tolist())
    else:
        found = _push(graph, start, weights, seed)
    return _fit(np.array(found.coords))


def _push(graph: igraph.Graph, start: Floats, weights: Floats, seed: int) -> igraph.Layout:
    # The strongest ties would pull all others into one point.
    strength = (1 + np.log1p(weights / weights.mean())).tolist()
    with _DICE:
        igraph.set_random_number_generator(random.Random(seed))  # noqa: S311  (no secret)
        try:
            return graph.layout_fruchterman_reingold(
                weights=strength, seed=start.tolist(),
                niter=_ROUNDS if graph.vcount() <= _MANY else _ROUNDS_MANY,
            )  # fmt: skip
        finally:
            igraph.set_random_number_generator(random)


def _begin(community: NDArray[np.int64], seed: int) -> Floats:
    """Return places to start from: communities on a sunflower's spiral, the largest in the middle."""
    dice = np.random.default_rng(seed)
    angle, radius = community * _GOLDEN, np.sqrt(community) * math.sqrt(len(community)) / 4
    spread = dice.normal(0, math.sqrt(len(community)) / 12 + 0.5, (len(community), 2))
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]) + spread


def _fit(place: Floats) -> Floats:
    """Return places moved and scaled into the picture, both ways alike."""
    low, high = place.min(axis=0), place.max(axis=0)
    width = float((high - low).max())
    if width == 0:
        return np.full_like(place, SIDE / 2)
    middle = (SIDE - (high - low) * SIDE / width) / 2
    return (place - low) * SIDE / width + middle
