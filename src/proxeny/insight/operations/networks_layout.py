"""The positions of actors in a network's picture, calculated once so that browsers need not."""

import math
from collections.abc import Callable, Sequence

import igraph
import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]

#: The picture is so wide and so high.
SIDE = 1000.0
#: Room for one of those who hang together with few or nobody, in the rows below.
_GAP = 28.0
_GOLDEN = math.pi * (3 - math.sqrt(5))
#: Up to so many stand by their distances from each other, which takes the square of their number.
_FEW = 300
#: Discs fill so much of the picture, and are pushed apart so often at most.
_FILLED, _ROUNDS = 0.4, 300


def lay_out(size: int, edges: Whole, weights: Floats, community: Whole, seed: int) -> Floats:
    """Return x and y of each actor, float64[n, 2], from 0 to `SIDE`; deterministic.

    In small networks, distances follow the number of ties between actors (Kamada and Kawai 1989,
    "An algorithm for drawing general undirected graphs"), in each connected component. In large
    ones, each community fills a disc, the strongest actor in its middle, near the discs it has most
    ties to.

    Parameters
    ----------
    edges : int64[m, 2]
        The two actors of each tie; each pair once.
    weights : float64[m]
    community : int64[n]
    """
    if size > _FEW:
        return _lay_out_discs(size, edges, weights, np.unique(community, return_inverse=True)[1])

    def pull(members: Whole, inside: Whole, own_edges: Whole) -> Floats:
        return _pull(own_edges, community[members], seed)

    return _pack(size, edges, pull)


def _lay_out_discs(size: int, edges: Whole, weights: Floats, community: Whole) -> Floats:
    sizes = np.bincount(community)
    ends = np.sort(community[edges], axis=1)
    apart = ends[:, 0] != ends[:, 1]
    pairs, index = np.unique(ends[apart], axis=0, return_inverse=True)
    sums = np.bincount(index, weights[apart], len(pairs))
    ties = [(int(a), int(b), one) for (a, b), one in zip(pairs, sums.tolist(), strict=True)]
    radius = np.sqrt(sizes) * SIDE * math.sqrt(_FILLED / (math.pi * size))
    middle = _push_apart(lay_out_groups(len(sizes), ties), radius * 1.15)
    strength = np.bincount(edges.ravel(), np.repeat(weights, 2), size)
    order = np.lexsort((np.arange(size), -strength, community))
    rank = np.empty(size, np.int64)
    rank[order] = np.arange(size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    # A sunflower's spiral fills a disc evenly.
    away = radius[community] * np.sqrt((rank + 0.5) / sizes[community])
    place = middle[community]
    place[:, 0] += away * np.cos(rank * _GOLDEN)
    place[:, 1] += away * np.sin(rank * _GOLDEN)
    return _fit(place) * SIDE


def _push_apart(middle: Floats, radius: Floats) -> Floats:
    """Move discs apart until none overlap, for a limited number of rounds."""
    place, room = middle.copy(), radius[:, None] + radius[None, :]
    np.fill_diagonal(room, 0.0)
    for _round in range(_ROUNDS):
        way = place[:, None] - place[None, :]
        far = np.linalg.norm(way, axis=2)
        short = np.maximum(room - far, 0.0)
        if not (short > 1e-6).any():
            break
        push = way * np.divide(short, far, out=np.zeros_like(far), where=far > 0)[:, :, None]
        place += 0.5 * push.sum(axis=1)
    return place


def lay_out_groups(size: int, ties: Sequence[Sequence[float]]) -> Floats:
    """Return x and y of each group, float64[g, 2], from 0 to `SIDE`: near its strongest partners.

    Parameters
    ----------
    ties : sequence of (group, group, weight, …)
        Each pair once.
    """
    edges = np.array([(int(one[0]), int(one[1])) for one in ties], np.int64).reshape(-1, 2)
    weights = np.array([one[2] for one in ties])

    def pull(members: Whole, inside: Whole, own_edges: Whole) -> Floats:
        if len(members) == 1:
            return np.full((1, 2), 0.5)
        # A tie that is four times as strong is about half as long; circles need room in any case.
        lengths = 1 / (0.25 + np.sqrt(weights[inside] / weights.max()))
        angle = np.arange(len(members)) * 2 * math.pi / len(members)
        start = np.column_stack([np.cos(angle), np.sin(angle)])
        graph = igraph.Graph(n=len(members), edges=own_edges)
        found = graph.layout_kamada_kawai(seed=start.tolist(), weights=lengths.tolist())
        return _fit(np.array(found.coords))

    return _pack(size, edges, pull, gap=4 * _GAP)


def _pack(
    size: int, edges: Whole, pull: Callable[[Whole, Whole, Whole], Floats], *, gap: float = _GAP
) -> Floats:
    """Lay out each connected component separately, the smaller ones in rows below the largest.

    pull: takes the members of a component, its ties, and these numbered within the component;
    returns positions from 0 to 1.
    """
    if not size:
        return np.empty((0, 2))
    parts, part, number = _parts(size, edges)
    place = np.zeros((size, 2))
    x = y = row = 0.0
    for at, members in enumerate(parts):
        inside = np.flatnonzero(part[edges[:, 0]] == at)
        width = SIDE if at == 0 and len(members) > 1 else gap * math.sqrt(len(members))
        if at and x + width > SIDE:
            x, y, row = 0.0, y + row + gap / 2, 0.0
        place[members] = pull(members, inside, number[edges[inside]]) * width + (x, y)
        if at == 0 and len(members) > 1:
            y = SIDE + gap
        else:
            x, row = x + width + gap / 2, max(row, width)
    return _fit(place) * SIDE


def _parts(size: int, edges: Whole) -> tuple[list[Whole], Whole, Whole]:
    """Return the connected components, the largest first, and each actor's component and number."""
    found = igraph.Graph(n=size, edges=edges).connected_components().membership
    sizes = np.bincount(found)
    order = np.lexsort((np.arange(len(sizes)), -sizes))
    rank = np.empty(len(sizes), np.int64)
    rank[order] = np.arange(len(sizes))
    part: Whole = rank[found]
    parts = np.split(np.argsort(part, kind="stable"), np.cumsum(sizes[order])[:-1])
    number = np.zeros(size, np.int64)
    for members in parts:
        number[members] = np.arange(len(members))
    return parts, part, number


def _pull(edges: Whole, community: Whole, seed: int) -> Floats:
    """Return the positions of a component's actors, from 0 to 1."""
    if len(community) == 1:
        return np.full((1, 2), 0.5)
    start = _begin(np.unique(community, return_inverse=True)[1], seed)
    graph = igraph.Graph(n=len(community), edges=edges)
    return _fit(np.array(graph.layout_kamada_kawai(seed=start.tolist()).coords))


def _begin(community: Whole, seed: int) -> Floats:
    """Return places to start from: communities on a sunflower's spiral, the largest in the middle."""
    dice = np.random.default_rng(seed)
    angle, radius = community * _GOLDEN, np.sqrt(community) * math.sqrt(len(community)) / 4
    spread = dice.normal(0, math.sqrt(len(community)) / 12 + 0.5, (len(community), 2))
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]) + spread


def _fit(place: Floats) -> Floats:
    """Return places moved and scaled into a square from 0 to 1, both ways alike."""
    low, high = place.min(axis=0), place.max(axis=0)
    width = float((high - low).max())
    if width == 0:
        return np.full_like(place, 0.5)
    middle = (1 - (high - low) / width) / 2
    return (place - low) / width + middle
