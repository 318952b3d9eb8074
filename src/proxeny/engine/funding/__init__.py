"""Funding of a partnership: payers, their concentration, and what goes on without a source."""

from proxeny.engine.funding.model import Activity, Line, Outcome, Plan, Rescue, Stop
from proxeny.engine.funding.shares import Concentration, measure_shares
from proxeny.engine.funding.stress import find_pillars, find_rescue, stress

__all__ = [
    "Activity",
    "Concentration",
    "Line",
    "Outcome",
    "Plan",
    "Rescue",
    "Stop",
    "find_pillars",
    "find_rescue",
    "measure_shares",
    "stress",
]
