"""Network position: who is tied to whom, where each actor stands, and what moved it."""

from proxeny.engine.network.measures import BUDGET, FIGURES, Bound, Measures, Whole, measure
from proxeny.engine.network.model import Group, Network, Tie, build_network, merge_actors
from proxeny.engine.network.movement import MOST_APART, Effect, Movement, TieChange, movement
from proxeny.engine.network.position import Place, Position, position

__all__ = [
    "BUDGET",
    "FIGURES",
    "MOST_APART",
    "Bound",
    "Effect",
    "Group",
    "Measures",
    "Movement",
    "Network",
    "Place",
    "Position",
    "Tie",
    "TieChange",
    "Whole",
    "build_network",
    "measure",
    "merge_actors",
    "movement",
    "position",
]
