"""Repairing an agenda: proposals with few moves, and meetings called off."""

from proxeny.events.operations.repair.cancel import (
    cancel_meeting,
    cancel_participation_meetings,
    withdraw_from_meeting,
)
from proxeny.events.operations.repair.plan import (
    Disturbance,
    Move,
    RepairPlan,
    apply_repair,
    plan_repair,
    report_no_show,
)

__all__ = [
    "Disturbance",
    "Move",
    "RepairPlan",
    "apply_repair",
    "cancel_meeting",
    "cancel_participation_meetings",
    "plan_repair",
    "report_no_show",
    "withdraw_from_meeting",
]
