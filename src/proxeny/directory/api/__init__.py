"""The directory over the API; `router` holds all routes, one file each use case."""

from proxeny.directory.api import (
    history,
    imports,
    listings,
    matching,
    memberships,
    organisations,
    places,
)
from proxeny.directory.api._router import router

__all__ = [
    "history",
    "imports",
    "listings",
    "matching",
    "memberships",
    "organisations",
    "places",
    "router",
]
