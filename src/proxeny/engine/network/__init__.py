"""Network analysis: ties, the position of each actor, and the causes of its movement."""

from proxeny.engine.network.introducers import Introducers, Path, introducers
from proxeny.engine.network.links import (
    BETWEENNESS_UP_TO,
    Change,
    Link,
    Proposal,
    Standing,
    best_links,
    what_if,
)
from proxeny.engine.network.measures import BUDGET, FIGURES, Bound, Measures, Whole, measure
from proxeny.engine.network.model import Group, Network, Tie, build_network, merge_actors
from proxeny.engine.network.movement import MOST_APART, Effect, Movement, TieChange, movement
from proxeny.engine.network.position import Place, Position, position

__all__ = [
    "BETWEENNESS_UP_TO",
    "BUDGET",
    "FIGURES",
    "MOST_APART",
    "Bound",
    "Change",
    "Effect",
    "Group",
    "Introducers",
    "Link",
    "Measures",
    "Movement",
    "Network",
    "Path",
    "Place",
    "Position",
    "Proposal",
    "Standing",
    "Tie",
    "TieChange",
    "Whole",
    "best_links",
    "build_network",
    "introducers",
    "measure",
    "merge_actors",
    "movement",
    "position",
    "what_if",
]
