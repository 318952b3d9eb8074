"""Who could introduce one actor to another: known networks, and networkx as the judge."""

from math import log

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxeny.engine.network.introducers import Introducers, introducers
from proxeny.engine.network.model import Network, Tie, build_network


def weighted(graph: nx.Graph, seed: int) -> nx.Graph:
    dice = np.random.default_rng(seed)
    for one, other in graph.edges:
        graph[one][other]["weight"] = float(dice.integers(1, 5)) / 2
    return graph


def network_of(graph: nx.Graph) -> Network:
    ties = [Tie(a, b, data["weight"]) for a, b, data in graph.edges(data=True)]
    return build_network(ties, actors=graph.nodes)


def test_padgett_the_medici_introduce_the_barbadori_to_the_acciaiuoli() -> None:
    """Marriages of Florence, Padgett and Ansell 1993: the Medici stand between."""
    graph = nx.florentine_families_graph()
    names = sorted(graph)
    number = {name: at for at, name in enumerate(names)}
    network = build_network(Tie(number[one], number[other]) for one, other in graph.edges)

    found = introducers(network, number["Barbadori"], number["Acciaiuoli"])

    assert (found.distance, found.found) == (2, 1)
    (path,) = found.paths
    assert [names[at] for at in path.actors] == ["Barbadori", "Medici", "Acciaiuoli"]
    assert path.rarity == pytest.approx(1 / log(6))
    assert (path.steps, path.weakest) == (2, 1.0)


def test_strongest_weaker_tie_first_then_who_knows_fewer_then_the_lower_key() -> None:
    network = build_network(
        [
            *(Tie(1, 2, 5.0), Tie(2, 9, 1.0)),
            *(Tie(1, 3, 2.0), Tie(3, 9, 2.0)),
            *(Tie(1, 4, 2.0), Tie(4, 9, 3.0), Tie(4, 20)),
            *(Tie(1, 5, 2.0), Tie(5, 9, 7.0)),
        ]
    )

    found = introducers(network, 1, 9)

    assert [path.actors[1] for path in found.paths] == [3, 5, 4, 2]
    assert [path.weakest for path in found.paths] == [2.0, 2.0, 2.0, 1.0]
    assert found.found == 4
    assert introducers(network, 1, 9, k=2).paths == found.paths[:2]


def test_over_two_the_strongest_weakest_tie_first_then_the_product() -> None:
    network = build_network(
        [
            *(Tie(1, 2, 4.0), Tie(2, 6, 1.0), Tie(6, 9, 9.0)),
            *(Tie(1, 3, 2.0), Tie(3, 7, 2.0), Tie(7, 9, 2.0)),
            Tie(3, 8, 3.0),
            Tie(8, 9, 2.0),
        ]
    )

    found = introducers(network, 1, 9)

    assert found.distance == 3
    assert [path.actors for path in found.paths] == [(1, 3, 8, 9), (1, 3, 7, 9), (1, 2, 6, 9)]
    assert found.paths[0].weights == (2.0, 3.0, 2.0)


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(5, 25), ties=st.floats(1.0, 4.0))
def test_all_shortest_ways_of_networkx_are_found_and_ranked(
    seed: int, size: int, ties: float
) -> None:
    graph = weighted(nx.gnp_random_graph(size, ties / size, seed=seed), seed)

    found = introducers(network_of(graph), 0, size - 1, k=1000)

    if not nx.has_path(graph, 0, size - 1):
        assert found == Introducers(None)
        return
    ways = list(nx.all_shortest_paths(graph, 0, size - 1))
    assert found.distance == len(ways[0]) - 1
    if found.distance not in (2, 3):
        assert found == Introducers(found.distance)
        return
    assert sorted(path.actors for path in found.paths) == sorted(map(tuple, ways))
    assert found.found == len(ways)
    weakest = [path.weakest for path in found.paths]
    assert weakest == sorted(weakest, reverse=True)
    for path in found.paths:
        assert path.weights == tuple(
            graph[a][b]["weight"] for a, b in nx.utils.pairwise(path.actors)
        )
    if found.distance == 2:
        whole = next(nx.adamic_adar_index(graph, [(0, size - 1)]))[2]
        assert sum(path.rarity for path in found.paths) == pytest.approx(whole)


def test_who_knows_each_other_needs_nobody_and_far_apart_is_only_told() -> None:
    chain = build_network([Tie(at, at + 1) for at in range(5)], actors=[9])

    assert introducers(chain, 0, 1) == Introducers(1)
    assert introducers(chain, 0, 5) == Introducers(5)
    assert introducers(chain, 0, 9) == Introducers(None)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ((0, 77), "Nobody in the network has the key 77."),
        ((1, 1), "Actor 1 needs nobody to be introduced to itself."),
        ((0, 2, 0), "k: at least 1 way must be asked for, not 0."),
    ],
)
def test_refuses_with_a_sentence(given: tuple[int, ...], sentence: str) -> None:
    chain = build_network([Tie(0, 1), Tie(1, 2)])
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        introducers(chain, *given)
