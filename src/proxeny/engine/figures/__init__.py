"""Figures with how sure they are: times until an answer, costs per outcome, give and take."""

from proxeny.engine.figures.balance import Balance, weigh_two
from proxeny.engine.figures.costs import CostPer, cost_per, count_limits
from proxeny.engine.figures.waits import Waits, median_wait

__all__ = [
    "Balance",
    "CostPer",
    "Waits",
    "cost_per",
    "count_limits",
    "median_wait",
    "weigh_two",
]
