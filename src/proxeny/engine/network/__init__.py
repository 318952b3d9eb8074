"""Network position: who is tied to whom, where each actor stands, and what moved it."""

from proxeny.engine.network.measures import BUDGET, FIGURES, Bound, Measures, Whole, measure
from proxeny.engine.network.model import Group, Network, Tie, build_network, merge_actors

__all__ = [
    "BUDGET",
    "FIGURES",
    "Bound",
    "Group",
    "Measures",
    "Network",
    "Tie",
    "Whole",
    "build_network",
    "measure",
    "merge_actors",
]
