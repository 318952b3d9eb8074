"""Networks from ties and from things done together."""

import numpy as np
import pytest

from proxeny.engine.network import Group, Tie, build_network, merge_actors


def _ties(network):
    keys = network.keys
    return dict(
        zip(
            zip(keys[network.heads].tolist(), keys[network.tails].tolist(), strict=True),
            network.weights.tolist(),
            strict=True,
        )
    )


def test_nothing():
    network = build_network()
    assert network.size == 0
    assert _ties(network) == {}


def test_ties_add_up_whichever_way_they_are_named():
    network = build_network([Tie(5, 2, 1.5), Tie(2, 5), Tie(9, 5)], actors=[1])
    assert network.keys.tolist() == [1, 2, 5, 9]
    assert _ties(network) == {(2, 5): 2.5, (5, 9): 1.0}
    assert network.place(9) == 3


def test_a_group_gives_each_member_its_weight_once():
    """Newman 2001: three tied by one thing have 1/2 each to the others, so 1 in all."""
    network = build_network(groups=[Group((1, 2, 3)), Group((3, 4), 2.0), Group((1, 1, 2))])
    assert _ties(network) == {(1, 2): 1.5, (1, 3): 0.5, (2, 3): 0.5, (3, 4): 2.0}


def test_a_group_of_one_ties_nobody_but_is_there():
    network = build_network(groups=[Group((4,)), Group((8, 8))])
    assert network.keys.tolist() == [4, 8]
    assert len(network.heads) == 0


def test_ties_stand_in_order():
    dice = np.random.default_rng(1)
    pairs = {tuple(sorted(pair)) for pair in dice.integers(0, 40, (200, 2)).tolist()}
    network = build_network(Tie(b, a) for a, b in pairs if a != b)
    assert (network.heads < network.tails).all()
    assert sorted(_ties(network)) == list(_ties(network))


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_weights_that_are_none(weight):
    with pytest.raises(ValueError, match=f"A weight of {weight} is not a number above 0"):
        build_network([Tie(1, 2, weight)])
    with pytest.raises(ValueError, match="is not a number above 0"):
        build_network(groups=[Group((1,), weight)])


def test_nobody_is_tied_to_itself():
    with pytest.raises(ValueError, match="Actor 3 is tied to itself"):
        build_network([Tie(1, 2), Tie(3, 3)])


def test_a_key_that_nobody_has():
    with pytest.raises(ValueError, match="Nobody in the network has the key 7"):
        build_network(actors=[1]).place(7)


def test_members_lend_their_ties_to_their_clusters():
    """Members 1 and 2 of cluster 10, 2 of cluster 20 too; 3 is of none, 99 is not there."""
    network = build_network([Tie(1, 3, 2.0), Tie(1, 2), Tie(2, 3, 4.0)], actors=[5])
    merged = merge_actors(network, [(1, 10), (2, 10), (2, 20), (99, 30)])
    assert _ties(merged) == {(3, 10): 6.0, (3, 20): 4.0, (10, 20): 1.0}
    assert merged.keys.tolist() == [3, 5, 10, 20]
