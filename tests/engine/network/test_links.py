"""What-if and the best new links, against networkx, igraph and every set there is."""

from itertools import combinations
from math import e, inf

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from proxeny.engine.network import _choice, _question
from proxeny.engine.network import links as links_module
from proxeny.engine.network._prices import Slate
from proxeny.engine.network.links import Link, Standing, best_links, what_if
from proxeny.engine.network.model import Network, Tie, build_network

KITE = nx.krackhardt_kite_graph()
GAINS = ("closeness", "reach")
SEEDS = (2, 8, 9)


def network_of(graph: nx.Graph) -> Network:
    ties = [Tie(a, b, data.get("weight", 1.0)) for a, b, data in graph.edges(data=True)]
    return build_network(ties, actors=graph.nodes)


def measure(graph: nx.Graph, key: int, gain: str, worth: dict[int, float] | None = None) -> float:
    worth = worth or {}
    steps = nx.single_source_shortest_path_length(graph, key)
    counted = {other: worth.get(other, 1.0) for other in graph if other != key}
    if gain == "reach":
        return sum(counted[other] for other, step in steps.items() if 1 <= step <= 2)
    whole = sum(counted.values())
    return sum(counted[other] / step for other, step in steps.items() if step) / whole


def linked(graph: nx.Graph, key: int, others: tuple[int, ...]) -> nx.Graph:
    after = graph.copy()
    after.add_edges_from((key, other) for other in others)
    return after


def best_by_trying(
    graph: nx.Graph,
    key: int,
    candidates: list[int],
    k: int,
    gain: str,
    worth: dict[int, float] | None = None,
    must: tuple[int, ...] = (),
) -> float:
    """Return what the best of all sets adds, by computing each anew."""
    before = measure(graph, key, gain, worth)
    graph = graph.copy()
    rest = [one for one in candidates if one not in must]
    return max(
        measure(linked(graph, key, (*must, *chosen)), key, gain, worth) - before
        for chosen in combinations(rest, k - len(must))
    )


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph:
    size = draw(st.integers(4, 11))
    kind = draw(st.sampled_from(("sparse", "tree", "dense", "long")))
    seed = draw(st.integers(0, 10_000))
    if kind == "tree":
        return nx.random_labeled_tree(size, seed=seed)
    if kind == "long":
        return nx.disjoint_union(nx.path_graph(size - 3), nx.star_graph(2))
    return nx.gnp_random_graph(size, 1.3 / size if kind == "sparse" else 0.3, seed=seed)


def open_to(graph: nx.Graph, key: int) -> list[int]:
    return [one for one in graph if one != key and not graph.has_edge(one, key)]


# What if


def position_by_networkx(graph: nx.Graph, key: int) -> Standing:
    constraint = nx.constraint(graph, [key], weight="weight")[key] if graph.degree(key) else None
    return Standing(
        degree=graph.degree(key),
        strength=graph.degree(key, weight="weight"),
        harmonic=measure(graph, key, "closeness"),
        reach=int(measure(graph, key, "reach")),
        constraint=constraint,
        betweenness=nx.betweenness_centrality(graph, normalized=False)[key],
    )


def assert_position(found: Standing, expected: Standing) -> None:
    for name in Standing.__slots__:
        one, other = getattr(found, name), getattr(expected, name)
        assert one == (None if other is None else pytest.approx(other)), name


@settings(max_examples=30, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 1000))
def test_what_if_is_what_networkx_finds_in_the_changed_network(graph: nx.Graph, seed: int) -> None:
    dice = np.random.default_rng(seed)
    for one, other in graph.edges:
        graph[one][other]["weight"] = float(dice.integers(1, 9)) / 4
    key = int(dice.integers(len(graph)))
    new = [one for one in open_to(graph, key) if dice.random() < 0.3]
    gone = [one for one in graph[key] if dice.random() < 0.4]
    after = graph.copy()
    after.remove_edges_from((key, one) for one in gone)
    after.add_edges_from(((key, one) for one in new), weight=0.75)

    change = what_if(network_of(graph), key, link=new, lose=gone, weight=0.75)

    assert_position(change.before, position_by_networkx(graph, key))
    assert_position(change.after, position_by_networkx(after, key))
    assert change.linked == tuple(sorted(new))
    assert change.lost == tuple(sorted(gone))


def test_new_tie_weighs_as_the_middle_one_of_the_actor_or_one() -> None:
    network = build_network([Tie(1, 2, 2.0), Tie(1, 3, 4.0), Tie(1, 4, 9.0)], actors=[5, 6])

    assert what_if(network, 1, link=[5]).after.strength == 19.0
    assert what_if(network, 5, link=[6]).after.strength == 1.0


def test_actor_without_ties_has_no_constraint() -> None:
    change = what_if(network_of(nx.path_graph(3)), 0, lose=[1])

    assert change.before.constraint == 1.0
    assert change.after == Standing(0, 0.0, 0.0, 0, None, 0.0)


def test_betweenness_is_left_out_of_large_networks_unless_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(links_module, "BETWEENNESS_UP_TO", 100)
    network = network_of(KITE)

    assert what_if(network, 7, link=[0]).after.betweenness is None
    asked = what_if(network, 7, link=[0], betweenness=True)
    assert asked.before.betweenness == pytest.approx(14.0)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"link": [99]}, "Nobody in the network has the key 99."),
        ({"link": [1]}, "Actor 0 is tied to 1 already; name only new partners."),
        ({"link": [0]}, "Actor 0 cannot be linked to itself."),
        ({"lose": [8]}, "Actor 0 is not tied to 8 and cannot lose it."),
        ({"lose": [0]}, "Actor 0 is not tied to 0 and cannot lose it."),
        ({"link": [8], "weight": 0.0}, "A weight of 0.0 is not a number above 0."),
        ({"link": [8], "weight": inf}, "A weight of inf is not a number above 0."),
    ],
)
def test_what_if_refuses_with_a_sentence(given: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        what_if(network_of(KITE), 0, **given)


# The best links


@pytest.mark.parametrize("gain", GAINS)
@settings(max_examples=50, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 1000), k=st.integers(1, 4))
def test_proposal_is_the_best_of_all_sets(graph: nx.Graph, seed: int, k: int, gain: str) -> None:
    dice = np.random.default_rng(seed)
    key = int(dice.integers(len(graph)))
    candidates = [one for one in open_to(graph, key) if dice.random() < 0.85]

    found = best_links(network_of(graph), key, candidates, k, gain=gain)

    assert found.proven
    assert found.missing == max(0, k - len(candidates))
    assert len(found.links) == min(k, len(candidates))
    if not candidates:
        assert found.status == "empty"
        return
    best = best_by_trying(graph, key, candidates, len(found.links), gain)
    assert found.gain == pytest.approx(best, abs=1e-12)
    assert found.bound == found.gain
    assert found.before == pytest.approx(measure(graph, key, gain))


@pytest.mark.parametrize("gain", GAINS)
@settings(max_examples=30, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 1000), k=st.integers(1, 4))
def test_best_of_all_sets_by_worth_with_must_and_never(
    graph: nx.Graph, seed: int, k: int, gain: str
) -> None:
    dice = np.random.default_rng(seed)
    key = int(dice.integers(len(graph)))
    worth = {one: float(dice.choice((0.0, 0.3, 1.0, 2.5))) for one in graph if dice.random() < 0.8}
    worth[(key + 1) % len(graph)] = 1.7
    candidates = open_to(graph, key)
    assume(len(candidates) > k)
    must, never = (candidates[-1],), (candidates[0],)

    found = best_links(
        network_of(graph), key, candidates, k, gain=gain, worth=worth, must=must, never=never
    )

    best = best_by_trying(graph, key, candidates[1:], k, gain, worth, must)
    assert found.gain == pytest.approx(best, abs=1e-9)
    assert found.proven
    assert found.links[0].key == must[0]
    assert never[0] not in {one.key for one in found.links}


@pytest.mark.parametrize("gain", GAINS)
@settings(max_examples=30, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 1000), k=st.integers(1, 4))
def test_without_search_the_greedy_choice_keeps_its_promise_and_the_bound_holds(
    graph: nx.Graph, seed: int, k: int, gain: str
) -> None:
    key = int(np.random.default_rng(seed).integers(len(graph)))
    candidates = open_to(graph, key)
    assume(len(candidates) >= k)

    found = best_links(network_of(graph), key, candidates, k, gain=gain, exact_up_to=0)

    best = best_by_trying(graph, key, candidates, k, gain)
    assert found.gain >= (1 - 1 / e) * best - 1e-12
    assert found.bound >= best - 1e-12
    assert found.gain <= best + 1e-12
    assert found.proven == (found.bound == found.gain)


@pytest.mark.parametrize("gain", GAINS)
def test_gains_are_what_networkx_finds_link_by_link(gain: str) -> None:
    graph = nx.barabasi_albert_graph(300, 2, seed=7)
    found = best_links(network_of(graph), 250, graph.nodes, 6, gain=gain)

    key, grown = 250, graph
    for link in found.links:
        after = linked(grown, key, (link.key,))
        added = measure(after, key, gain) - measure(grown, key, gain)
        assert link.gain == pytest.approx(added, abs=1e-12)
        grown = after
    assert [one.gain for one in found.links] == sorted((o.gain for o in found.links), reverse=True)
    assert found.gain == pytest.approx(measure(grown, key, gain) - found.before)


def hard_cover(seed: int) -> dict[int, set[int]]:
    """Return twenty-four who each know twelve of sixty others."""
    dice = np.random.default_rng(seed)
    return {10 + at: {*(100 + dice.choice(60, 12, replace=False)).tolist()} for at in range(24)}


def hard_network(cover: dict[int, set[int]]) -> Network:
    """Return an actor, 0, three ties from all others of a cover and four from who knows them."""
    ties = [Tie(0, 1), Tie(1, 2), *(Tie(2, other) for other in range(100, 160))]
    return build_network([*ties, *(Tie(one, other) for one in cover for other in cover[one])])


def one_by_one(cover: dict[int, set[int]], k: int) -> set[int]:
    chosen: set[int] = set()
    for _ in range(k):
        met = set().union(*(cover[one] for one in chosen))
        chosen.add(max(cover.keys() - chosen, key=lambda one: (len(cover[one] - met), -one)))
    return chosen


@pytest.mark.parametrize("seed", SEEDS)
def test_where_one_by_one_misses_the_best_the_search_finds_it(seed: int) -> None:
    cover = hard_cover(seed)
    found = best_links(hard_network(cover), 0, cover, 5, gain="reach")

    best = max(len(set().union(*(cover[one] for one in few))) for few in combinations(cover, 5))
    missed = len(set().union(*(cover[one] for one in one_by_one(cover, 5))))
    assert found.gain == 5 + best > 5 + missed
    assert found.status == "optimal"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), k=st.integers(2, 4), share=st.sampled_from((0.15, 0.3)))
def test_search_rules_out_nobody_of_the_best_set(seed: int, k: int, share: float) -> None:
    """Sixteen candidates with what they bring 25 actors, and three actors of one candidate each."""
    dice = np.random.default_rng(seed)
    brings = dice.integers(1, 6, (16, 28)) * (dice.random((16, 28)) < share).astype(float)
    brings[:, 25:] = 0.0
    brings[[0, 5, 9], [25, 26, 27]] = dice.integers(1, 4, 3)
    slate = _slate_of(brings)
    best = max(brings[list(few)].max(axis=0).sum() for few in combinations(range(16), k))

    found = _choice.choose_few(
        slate, k, chosen=tuple(range(k)), prices=slate.floor, grain=0.5, most=16, work=10**9
    )

    assert found.value == found.bound == best
    assert brings[list(found.chosen)].max(axis=0).sum() == best


def _slate_of(brings: np.ndarray) -> Slate:
    one, actor = np.nonzero(brings)
    starts = np.searchsorted(one, np.arange(len(brings) + 1)).astype(np.int64)
    nothing = np.zeros(len(brings)), np.zeros(brings.shape[1])
    return Slate(starts, actor.astype(np.int32), brings[one, actor], *nothing)


def test_search_that_is_cut_short_says_so_and_still_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    cover = hard_cover(SEEDS[0])
    network = hard_network(cover)
    best = best_links(network, 0, cover, 5, gain="reach")
    monkeypatch.setattr(_question, "_WORK", 10_000)
    monkeypatch.setattr(_choice, "_ROOT_ROUNDS", 5)

    found = best_links(network, 0, cover, 5, gain="reach")

    assert found.status == "bounded"
    assert found.gain <= best.gain < found.bound


def test_entries_that_do_not_fit_leave_the_first_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    cover = hard_cover(SEEDS[0])
    network = hard_network(cover)
    best = best_links(network, 0, cover, 5, gain="reach")
    monkeypatch.setattr(_question, "_HELD", 10)

    found = best_links(network, 0, cover, 5, gain="reach")

    assert found.status == "bounded"
    assert found.gain <= best.gain <= found.bound


def test_same_question_has_the_same_answer_and_of_equals_the_lowest_key() -> None:
    star = network_of(nx.path_graph(3))
    islands = build_network([Tie(1, 2), Tie(11, 12), Tie(21, 22), Tie(31, 32)])

    assert best_links(star, 0, [2], 1) == best_links(star, 0, [2, 2, 1, 0], 1)
    found = best_links(islands, 1, [32, 22, 21, 12, 31], 2, gain="reach")
    assert found.links == (Link(12, 2.0), Link(21, 2.0))
    assert found == best_links(islands, 1, [12, 21, 22, 31, 32], 2, gain="reach")


def test_too_few_candidates_are_all_taken_and_the_rest_is_missing() -> None:
    found = best_links(network_of(KITE), 9, [0, 8, 9, 3], 5)

    assert {one.key for one in found.links} == {0, 3}
    assert (found.missing, found.status) == (3, "optimal")


def test_nobody_to_link_to_is_an_answer() -> None:
    found = best_links(network_of(nx.complete_graph(4)), 0, range(4), 2)

    assert (found.status, found.links, found.missing, found.before) == ("empty", (), 2, 1.0)


def test_more_must_than_links_is_an_answer() -> None:
    found = best_links(network_of(KITE), 9, range(10), 1, must=[0, 1])

    assert (found.status, found.links) == ("infeasible", ())


def test_must_alone_fill_the_links() -> None:
    found = best_links(network_of(KITE), 9, range(10), 2, must=[0, 1])

    assert [one.key for one in found.links] == [0, 1]
    assert found.gain == pytest.approx(
        measure(linked(KITE, 9, (0, 1)), 9, "closeness") - measure(KITE, 9, "closeness")
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"candidates": [99]}, "Nobody in the network has the key 99."),
        ({"k": 0}, "k: at least 1 link must be asked for, not 0."),
        ({"must": [0], "never": [0]}, "Actor 0 must and must not be linked."),
        ({"worth": {1: -1.0}}, "worth: -1.0 of actor 1 is not a number from 0 up."),
        ({"worth": {1: inf}}, "worth: inf of actor 1 is not a number from 0 up."),
    ],
)
def test_best_links_refuses_with_a_sentence(given: dict, sentence: str) -> None:
    asked = {"candidates": [0], "k": 1, **given}
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        best_links(network_of(KITE), 9, **asked)
