"""Where one actor stands among others, and what moved it."""

import math

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import percentileofscore, rankdata
from tests.engine.network.graphs import as_networkx, from_networkx, networks, projects

from proxeny.engine.network import (
    FIGURES,
    Group,
    Tie,
    build_network,
    measure,
    movement,
    position,
)


def test_the_middle_of_a_star():
    network = from_networkx(networkx.star_graph(4))
    places = position(network, measure(network), 0, range(5)).places
    assert (places["betweenness"].rank, places["betweenness"].of) == (1, 5)
    assert places["betweenness"].percentile == 1.0
    assert places["betweenness"].share == 1.0
    assert places["degree"].share == 0.5
    # A low constraint is the better one.
    assert places["constraint"].rank == 1
    assert places["harmonic"].share is None
    assert places["coreness"].equal == 4
    assert places["coreness"].percentile == 0.5


def test_equals_share_the_better_place():
    network = from_networkx(networkx.star_graph(4))
    place = position(network, measure(network), 3, [1, 2]).places["degree"]
    assert (place.rank, place.best_rank, place.worst_rank) == (1, 1, 1)
    assert (place.of, place.equal, place.percentile) == (3, 2, 0.5)
    place = position(network, measure(network), 3, [0, 1, 2]).places["degree"]
    assert (place.rank, place.of, place.equal) == (2, 4, 2)
    assert place.percentile == pytest.approx(1 / 3)


def test_nobody_to_compare_with():
    network = build_network([Tie(1, 2)], actors=[3])
    found = position(network, measure(network), 3, [])
    assert found.among == 1
    assert found.places["degree"].rank == 1
    assert found.places["degree"].percentile is None
    assert found.places["degree"].share is None
    constraint = found.places["constraint"]
    assert (constraint.value, constraint.rank, constraint.of) == (None, None, 0)


@settings(max_examples=60, deadline=None)
@given(networks(), st.data())
def test_ranks_are_scipys(network, data):
    measures = measure(network)
    key = data.draw(st.sampled_from(network.keys.tolist()))
    places = position(network, measures, key, network.keys.tolist()).places
    for name in FIGURES:
        values = np.round(getattr(measures, name), 12)
        own = values[network.place(key)]
        if math.isnan(own):
            assert places[name].rank is None
            continue
        better = values if name == "constraint" else -values
        better = better[~np.isnan(better)]
        mine = own if name == "constraint" else -own
        assert places[name].rank == rankdata(better, "min")[np.flatnonzero(better == mine)[0]]
        others = np.delete(-better, np.flatnonzero(better == mine)[0])
        if len(others):
            # Its mean of "weak" and "strict" counts equals half.
            weak, strict = (percentileofscore(others, -mine, kind) for kind in ("weak", "strict"))
            assert places[name].percentile == pytest.approx((weak + strict) / 200)


def test_estimates_leave_ranks_open():
    network = projects(300, 120, 8, 2)
    true, found = measure(network), measure(network, exact=False, epsilon=0.02)
    keys = network.keys.tolist()
    top = int(network.keys[np.argmax(true.betweenness)])
    for key in (top, keys[40], keys[-1]):
        exact = position(network, true, key, keys).places["betweenness"]
        loose = position(network, found, key, keys).places["betweenness"]
        assert loose.best_rank <= exact.rank <= loose.worst_rank
        assert exact.best_rank == exact.rank == exact.worst_rank
    assert loose.best_rank < loose.worst_rank


def test_measures_of_another_network():
    one, other = build_network([Tie(1, 2)]), build_network([Tie(1, 3)])
    with pytest.raises(ValueError, match="other actors"):
        position(one, measure(other), 1, [])
    with pytest.raises(ValueError, match="Nobody in the network has the key 8"):
        position(one, measure(one), 1, [8])


def _figures(graph, key):
    if key not in graph:
        return 0.0, 0.0
    share = networkx.betweenness_centrality(graph)[key]
    return networkx.harmonic_centrality(graph)[key] / max(len(graph) - 1, 1), share


def _without(graph, key, others):
    less = graph.copy()
    less.remove_edges_from([(key, other) for other in others])
    return less


@settings(max_examples=60, deadline=None)
@given(networks(), networks())
def test_movement_adds_up_and_is_what_taking_out_does(before, after):
    key = 0
    found = movement(before, after, key, most=3)
    old, new = as_networkx(before), as_networkx(after)
    came, went = set(new[key]) - set(old[key]), set(old[key]) - set(new[key])
    assert len(found.new_ties) == min(3, len(came))
    assert {one.key for one in found.lost_ties} <= went
    assert (found.new_rest is None) == (len(came) <= 3)
    for at, name in enumerate(("harmonic", "betweenness")):
        start, end = _figures(old, key)[at], _figures(new, key)[at]
        assert getattr(found.before, name) == pytest.approx(start)
        assert getattr(found.after, name) == pytest.approx(end)
        parts = [getattr(part, name) for part in (found.new, found.lost, found.others)]
        assert sum(parts) == pytest.approx(end - start)
        assert parts[0] == pytest.approx(end - _figures(_without(new, key, came), key)[at])
        assert parts[1] == pytest.approx(_figures(_without(old, key, went), key)[at] - start)
        for one in found.new_ties:
            effect = end - _figures(_without(new, key, [one.key]), key)[at]
            assert getattr(one.effect, name) == pytest.approx(effect)
        for one in found.lost_ties:
            effect = _figures(_without(old, key, [one.key]), key)[at] - start
            assert getattr(one.effect, name) == pytest.approx(effect)


def test_a_bridge_that_came():
    """Two circles that 1 alone came to hold together; others did nothing."""
    circles = [Group((1, 2, 3)), Group((4, 5, 6))]
    found = movement(build_network(groups=circles), build_network([Tie(1, 4)], circles), 1)
    assert found.before.betweenness == 0.0
    assert found.after.betweenness == pytest.approx(6 / 10)
    assert [one.key for one in found.new_ties] == [4]
    assert found.new_ties[0].effect == found.new
    assert found.others.harmonic == found.others.betweenness == 0.0
    assert (found.lost_ties, found.lost_rest, found.new_rest) == ((), None, None)


def test_what_others_did():
    """1 did nothing; 3 and 4 now go past it."""
    before = build_network([Tie(3, 1), Tie(1, 4)])
    after = build_network([Tie(3, 1, 2.0), Tie(1, 4, 0.5), Tie(3, 4)], actors=[7])
    found = movement(before, after, 1)
    assert (found.before.betweenness, found.after.betweenness) == (1.0, 0.0)
    assert found.others.betweenness == -1.0
    assert found.new.betweenness == found.lost.betweenness == 0.0
    assert (found.stronger, found.weaker) == (1, 1)
    assert (found.others_new, found.others_lost, found.joined, found.gone) == (1, 0, 1, 0)


def test_who_was_not_there_before():
    found = movement(build_network([Tie(1, 2)]), build_network([Tie(1, 2), Tie(2, 3)]), 3)
    assert (found.before.harmonic, found.after.harmonic) == (0.0, 0.75)
    assert found.new.harmonic == 0.75
    assert found.joined == 0
    with pytest.raises(ValueError, match="Nobody in either network has the key 9"):
        movement(build_network(), build_network(), 9)


def test_the_budget_leaves_out_betweenness_never_distances():
    network = projects(200, 90, 8, 1)
    less = build_network(actors=network.keys.tolist())
    found = movement(less, network, 0, budget=0)
    assert found.after.harmonic == pytest.approx(measure(network).harmonic[0])
    assert found.after.betweenness is None
    assert found.new.betweenness is None
    assert len(found.new_ties) == 20
    assert [one.weight for one in found.new_ties] == sorted(
        (one.weight for one in found.new_ties), reverse=True
    )
    assert found.new_rest[0] == measure(network).degree[0] - 20
    some = movement(less, network, 0, budget=2e6)
    assert some.after.betweenness == pytest.approx(measure(network).betweenness_share[0])
    known = [one.effect.betweenness is not None for one in some.new_ties]
    assert known == sorted(known, reverse=True)
    assert any(known)
    assert not all(known)
