"""Partnerships over the API: proposed, signed, planned, measured, ended; what is shared."""

from proxeny.partnerships.api import (
    advice,
    agreements,
    deeds,
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
    "advice",
    "agreements",
    "deeds",
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
