"""Partnerships over the API: proposed, signed, planned, measured, ended; what is shared."""

from proxeny.partnerships.api import (
    actions,
    advice,
    agreements,
    delegations,
    figures,
    history,
    introductions,
    money,
    parties,
    partnerships,
    placements,
    readings,
    records,
    reviews,
    sharing,
    stages,
)
from proxeny.partnerships.api._router import router

__all__ = [
    "actions",
    "advice",
    "agreements",
    "delegations",
    "figures",
    "history",
    "introductions",
    "money",
    "parties",
    "partnerships",
    "placements",
    "readings",
    "records",
    "reviews",
    "router",
    "sharing",
    "stages",
]
