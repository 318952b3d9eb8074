"""Position of one actor, from its own ties and the distances from it."""

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.network._gain import find_levels
from proxeny.engine.network._rows import Rows
from proxeny.engine.network.model import Network

__all__ = ["count_betweenness", "find_constraint", "levels_from"]


def levels_from(rows: Rows, place: int) -> NDArray[np.int32]:
    """Return the distance of each actor from one, n + 1 where there is no way."""
    return find_levels(rows.starts, rows.others, place, rows.size + 1)


def find_constraint(rows: Rows, place: int) -> float | None:
    """Return Burt's constraint of one actor from the ties of its neighbours; None without ties.

    Burt 1992, "Structural Holes", chapter 2: the sum over its neighbours j of
    (p_j + sum over its neighbours q of p_q p_qj)^2, where p_qj is the share of q's ties that goes
    to j, by weight.
    """
    around = slice(rows.starts[place], rows.starts[place + 1])
    friends, weights = rows.others[around], rows.weights[around]
    if not len(friends):
        return None
    share = np.zeros(rows.size)
    share[friends] = weights / weights.sum()
    reached = share.copy()
    for friend in friends.tolist():
        row = slice(rows.starts[friend], rows.starts[friend + 1])
        theirs = rows.weights[row]
        reached[rows.others[row]] += share[friend] * theirs / theirs.sum()
    return float((reached[friends] ** 2).sum())


def count_betweenness(network: Network, place: int) -> float:
    """Return through how many pairs' shortest ways one actor lies, each pair once; O(n m).

    Brandes 2001, "A faster algorithm for betweenness centrality".
    """
    from igraph import Graph

    graph = Graph(n=network.size, edges=np.column_stack([network.heads, network.tails]))
    return float(graph.betweenness(vertices=[place])[0])
