"""Networks for tests, and the same ones for the libraries that judge."""

import igraph
import networkx
import numpy as np
from hypothesis import strategies as st

from proxeny.engine.network import Group, Network, Tie, build_network

__all__ = ["as_igraph", "as_networkx", "from_networkx", "networks", "ordered", "projects"]


def from_networkx(graph: networkx.Graph, weight: str | None = None) -> Network:
    """Return the network of a graph, whose nodes get the keys 0 … n-1 in their order."""
    names = {name: place for place, name in enumerate(graph)}
    ties = [
        Tie(names[a], names[b], data[weight] if weight else 1.0)
        for a, b, data in graph.edges(data=True)
    ]
    return build_network(ties, actors=names.values())


def as_networkx(network: Network) -> networkx.Graph:
    """Return networkx's graph; nodes are keys."""
    graph = networkx.Graph()
    graph.add_nodes_from(network.keys.tolist())
    graph.add_weighted_edges_from(
        zip(
            network.keys[network.heads].tolist(),
            network.keys[network.tails].tolist(),
            network.weights.tolist(),
            strict=True,
        )
    )
    return graph


def as_igraph(network: Network) -> igraph.Graph:
    """Return igraph's graph; vertices are places."""
    return igraph.Graph(
        n=network.size,
        edges=np.column_stack([network.heads, network.tails]),
        edge_attrs={"weight": network.weights},
    )


def ordered(figures: dict[int, float], network: Network) -> np.ndarray:
    """Return figures by key in the order of the network."""
    return np.array([figures[key] for key in network.keys.tolist()])


def projects(actors: int, count: int, most: int, seed: int) -> Network:
    """Return actors who did things together at random, a few of them often: many are alike."""
    dice = np.random.default_rng(seed)
    chance = 1.0 / np.arange(1, actors + 1)
    groups = [
        Group(tuple(dice.choice(actors, dice.integers(1, most + 1), False, chance / chance.sum())))
        for _ in range(count)
    ]
    return build_network(groups=groups, actors=range(actors))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Return small networks of ties and of things done together, with actors apart."""
    size = draw(st.integers(1, 14))
    actor = st.integers(0, size - 1)
    weights = st.sampled_from([0.25, 1.0, 3.0])
    groups = draw(
        st.lists(
            st.builds(Group, st.lists(actor, min_size=1, max_size=5).map(tuple), weights),
            max_size=6,
        )
    )
    pairs = (
        draw(st.lists(st.tuples(actor, actor).filter(lambda pair: pair[0] != pair[1]), max_size=25))
        if size > 1
        else []
    )
    ties = [Tie(a, b, draw(weights)) for a, b in pairs]
    return build_network(ties, groups, range(size))
