"""The same measures by other libraries, and whether they agree."""

from collections.abc import Callable
from typing import Any

import igraph
import networkx as nx
import numpy as np

from proxeny.engine.network import Measures, Network

__all__ = ["difference", "igraph_calls", "igraph_of", "networkx_calls", "networkx_of"]

type Calls = dict[str, tuple[Callable[[], Any], str]]


def igraph_of(network: Network) -> igraph.Graph:
    """Return igraph's graph."""
    return igraph.Graph(
        n=network.size,
        edges=np.column_stack([network.heads, network.tails]),
        edge_attrs={"weight": network.weights},
    )


def networkx_of(network: Network) -> nx.Graph:
    """Return networkx's graph; nodes are places, in order."""
    graph = nx.Graph()
    graph.add_nodes_from(range(network.size))
    graph.add_weighted_edges_from(
        zip(network.heads.tolist(), network.tails.tolist(), network.weights.tolist(), strict=True)
    )
    return graph


def igraph_calls(graph: igraph.Graph) -> Calls:
    """Return igraph's way to each figure, with the name that `figure` knows it by."""
    return {
        "betweenness": (graph.betweenness, "betweenness"),
        "harmonic closeness": (lambda: graph.harmonic_centrality(normalized=False), "near"),
        "constraint": (lambda: graph.constraint(weights="weight"), "constraint"),
    }


def networkx_calls(graph: nx.Graph) -> Calls:
    """Return networkx's way to each figure, with the name that `figure` knows it by."""
    plain = {"max_iter": 1000, "tol": 1e-12}
    return {
        "betweenness": (lambda: nx.betweenness_centrality(graph), "betweenness_share"),
        "harmonic closeness": (lambda: nx.harmonic_centrality(graph), "near"),
        "closeness": (lambda: nx.closeness_centrality(graph), "closeness"),
        "constraint": (lambda: nx.constraint(graph, weight="weight"), "constraint"),
        "PageRank": (lambda: nx.pagerank(graph, **plain), "pagerank"),
        "coreness": (lambda: nx.core_number(graph), "coreness"),
    }


def figure(found: Measures, name: str) -> np.ndarray:
    """Return our figures as the other library scales them."""
    if name == "near":
        return found.harmonic * max(found.whole.size - 1, 1)
    return np.nan_to_num(getattr(found, name))


def difference(found: Measures, name: str, theirs: Any) -> float:
    """Return the greatest difference to theirs, relative to the greatest figure."""
    values = np.array(list(theirs.values()) if isinstance(theirs, dict) else theirs)
    ours = figure(found, name)
    return float(np.abs(ours - np.nan_to_num(values)).max() / max(np.abs(ours).max(), 1e-300))
