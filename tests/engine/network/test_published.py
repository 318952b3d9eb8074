"""Figures of known networks, as they are published."""

import networkx
import numpy as np
import pytest
from tests.engine.network.graphs import from_networkx

from proxeny.engine.network import Tie, build_network, measure


def _by_name(graph, figures):
    return dict(zip(graph, figures.tolist(), strict=True))


def test_zachary():
    """Zachary's karate club, unweighted, as in Freeman's betweenness of members 1, 34 and 33.

    The optimum of modularity is .4198 with four groups (Agarwal and Kempe 2008; Brandes et al.
    2008); transitivity .26, mean distance 2.41.
    """
    found = measure(from_networkx(networkx.karate_club_graph()))
    assert np.round(found.betweenness_share[[0, 33, 32]], 4).tolist() == [0.4376, 0.3041, 0.1452]
    assert found.betweenness[0] == pytest.approx(231.071, abs=5e-4)
    assert np.round(found.closeness[[0, 33, 2]], 4).tolist() == [0.569, 0.55, 0.5593]
    assert round(found.whole.modularity, 4) == 0.4198
    assert found.whole.communities == 4
    assert round(found.whole.clustering, 3) == 0.256
    assert round(found.whole.mean_distance, 3) == 2.408
    assert found.coreness.max() == 4


def test_zachary_with_weights():
    """The optimum with weights is .4449."""
    found = measure(from_networkx(networkx.karate_club_graph(), "weight"))
    assert round(found.whole.modularity, 4) == 0.4449


def test_florentine_families():
    """Padgett and Ansell's marriages; Jackson 2008, "Social and Economic Networks", section 1.2.1."""
    graph = networkx.florentine_families_graph()
    share = _by_name(graph, measure(from_networkx(graph)).betweenness_share)
    assert round(share["Medici"], 3) == 0.522
    assert round(share["Guadagni"], 3) == 0.255
    assert round(share["Strozzi"], 3) == 0.103
    degree = _by_name(graph, measure(from_networkx(graph)).degree)
    assert (degree["Medici"], degree["Strozzi"], degree["Guadagni"]) == (6, 4, 4)


def test_les_miserables():
    """Knuth 1993; the optimum of modularity without weights is .5600 (Agarwal and Kempe 2008)."""
    graph = networkx.les_miserables_graph()
    found = measure(from_networkx(graph))
    assert (found.whole.size, found.whole.ties) == (77, 254)
    assert _by_name(graph, found.degree)["Valjean"] == 36
    assert round(_by_name(graph, found.betweenness_share)["Valjean"], 3) == 0.570
    assert round(found.whole.modularity, 4) == 0.56


BORGATTI = {
    "AB": 2,
    "AF": 3,
    "AG": 5,
    "AE": 2,
    "EG": 8,
    "FG": 3,
    "BG": 4,
    "BD": 1,
    "DG": 3,
    "GC": 10,
}


@pytest.mark.parametrize(
    ("weighted", "effective", "constraint"),
    [
        (False, {"G": 4.67, "A": 2.5, "C": 1.0}, {"G": 0.4, "A": 0.595, "C": 1.0}),
        (True, {"G": 5.472, "A": 2.475, "C": 1.0}, {"G": 0.299, "A": 0.795, "C": 1.0}),
    ],
)
def test_structural_holes(weighted, effective, constraint):
    """The network of Borgatti 1997, "Unpacking Burt's redundancy measures", Connections 20 (1).

    Ego G there has an effective size of 4.67; the figures with weights are UCINET's, as networkx
    keeps them for its tests.
    """
    ties = [
        Tie(ord(pair[0]), ord(pair[1]), weight if weighted else 1.0)
        for pair, weight in BORGATTI.items()
    ]
    network = build_network(ties)
    found = measure(network)
    for name in effective:
        place = network.place(ord(name))
        assert found.effective_size[place] == pytest.approx(effective[name], abs=5e-3)
        assert found.constraint[place] == pytest.approx(constraint[name], abs=1e-3)
