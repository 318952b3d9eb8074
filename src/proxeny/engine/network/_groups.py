"""Communities, PageRank and the core, by igraph; deterministic for a seed."""

import random
import threading

import igraph
import numpy as np
from numpy.typing import NDArray

from proxeny.engine.network._rows import Rows, by_size
from proxeny.engine.network.model import Network

__all__ = ["coreness", "find_communities", "find_core", "graph_of", "modularity", "page_rank"]

#: igraph has one source of random numbers for the whole process.
_DICE = threading.Lock()
#: Ties that starts of the community search may look at together: small networks get ten starts.
START_TIES, MOST_STARTS = 200_000, 10
#: A gain in modularity below this is rounding.
LEAST_GAIN = 1e-12


def graph_of(network: Network) -> igraph.Graph:
    """Return igraph's graph of a network, weights as `weight`."""
    return igraph.Graph(
        n=network.size,
        edges=np.column_stack([network.heads, network.tails]),
        edge_attrs={"weight": network.weights},
    )


def page_rank(graph: igraph.Graph) -> NDArray[np.float64]:
    """Return PageRank with damping .85, weighted, float64[n], sum 1 (Brin and Page 1998)."""
    if not graph.vcount():
        return np.empty(0)
    weights = "weight" if graph.ecount() else None
    return np.array(graph.pagerank(directed=False, damping=0.85, weights=weights))


def coreness(graph: igraph.Graph) -> NDArray[np.float64]:
    """Return the greatest k of a k-core that each actor is in (Seidman 1983), float64[n]."""
    return np.array(graph.coreness(), np.float64)


def find_communities(graph: igraph.Graph, seed: int) -> NDArray[np.int64]:
    """Return the community of each actor, int64[n], the largest 0, by the Leiden algorithm.

    Traag, Waltman, van Eck 2019, "From Louvain to Leiden: guaranteeing well-connected communities",
    Scientific Reports 9, 5233; objective: modularity with weights. Each start runs until nothing
    improves; of the starts the best one counts, of equals the first.
    """
    best = np.arange(graph.vcount(), dtype=np.int64)
    if not graph.ecount():
        return best
    starts = max(1, min(MOST_STARTS, START_TIES // graph.ecount()))
    highest = -np.inf
    with _DICE:
        igraph.set_random_number_generator(random.Random(seed))  # noqa: S311
        try:
            for _ in range(starts):
                value, found = _improve(graph)
                if value > highest + LEAST_GAIN:
                    highest, best = value, np.array(found, np.int64)
        finally:
            igraph.set_random_number_generator(random)
    return by_size(best)


def _improve(graph: igraph.Graph) -> tuple[float, list[int]]:
    """Return the modularity and membership of one start, iterated until it improves no further.

    igraph's own `n_iterations=-1` never ends on some small graphs, one in some thousands: rounding lets
    two actors that are worth the same in either community change places for ever. One iteration
    at a time ends, and modularity, which has a maximum, says when to stop.
    """
    value, membership = -np.inf, None
    while True:
        found = graph.community_leiden(
            "modularity", weights="weight", n_iterations=1, initial_membership=membership
        )
        reached = graph.modularity(found.membership, weights="weight")
        if membership is not None and reached <= value + LEAST_GAIN:
            return value, membership
        value, membership = reached, found.membership


def modularity(graph: igraph.Graph, community: NDArray[np.int64]) -> float:
    """Return the weighted modularity (Newman 2004); NaN without ties."""
    if not graph.ecount():
        return float("nan")
    return float(graph.modularity(community, weights="weight"))


def find_core(rows: Rows, coreness: NDArray[np.float64]) -> tuple[NDArray[np.bool_], float]:
    """Return the core, bool[n], and the fit of the division (a correlation, or NaN).

    The discrete model of Borgatti and Everett 2000, "Models of core/periphery structures", Social
    Networks 21: in the ideal all of the core are tied to each other and none of the periphery are;
    ties between both do not count. The division with the fewest pairs that differ from the ideal
    holds those with the most ties: the k-th of them is in while it has at least k ties (Lip 2011,
    "A fast algorithm for the discrete core/periphery bipartitioning problem", arXiv:1102.5511), so
    it is exact in O(n log n). Of those with equally many ties the one with the higher coreness
    comes first, then the earlier key.
    """
    degree = rows.degree.astype(np.int64)
    order = np.lexsort((np.arange(rows.size), -coreness, -degree))
    inside = int((degree[order] >= np.arange(1, rows.size + 1)).sum())
    core = np.zeros(rows.size, np.bool_)
    core[order[:inside]] = True
    origin = np.repeat(np.arange(rows.size), rows.degree)
    both = int((core[origin] & core[rows.others]).sum()) // 2
    neither = int((~core[origin] & ~core[rows.others]).sum()) // 2
    return core, _fit(inside * (inside - 1) // 2, both, _pairs(rows.size - inside), neither)


def _pairs(many: int) -> int:
    return many * (many - 1) // 2


def _fit(core_pairs: int, core_ties: int, other_pairs: int, other_ties: int) -> float:
    """Return the correlation of what is with the ideal, over pairs in the core or outside it."""
    pairs, ties = core_pairs + other_pairs, core_ties + other_ties
    spread = float(core_pairs) * other_pairs * ties * (pairs - ties)
    if not spread:
        return float("nan")
    return float((core_ties * float(pairs) - float(core_pairs) * ties) / np.sqrt(spread))
