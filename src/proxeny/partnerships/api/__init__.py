"""Partnerships over the API: proposed, signed, amended, ended; what happened; what is shared."""

from proxeny.partnerships.api import (
    agreements,
    deeds,
    history,
    introductions,
    partnerships,
    readings,
    sharing,
)
from proxeny.partnerships.api._router import router

__all__ = [
    "agreements",
    "deeds",
    "history",
    "introductions",
    "partnerships",
    "readings",
    "router",
    "sharing",
]
