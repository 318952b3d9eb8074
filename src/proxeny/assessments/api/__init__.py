"""The consultation service over the API, one module for each part of it."""

from proxeny.assessments.api import (
    advising,
    catalogue,
    engagements,
    figures,
    findings,
    notes,
    outcomes,
    own,
    plan,
    reports,
    templates,
)
from proxeny.assessments.api._router import router

__all__ = [
    "advising",
    "catalogue",
    "engagements",
    "figures",
    "findings",
    "notes",
    "outcomes",
    "own",
    "plan",
    "reports",
    "router",
    "templates",
]
