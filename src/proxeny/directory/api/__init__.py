"""The directory over the API; `router` holds all routes, one file each use case."""

from proxeny.directory.api import (
    history,
    imports,
    listings,
    memberships,
    organisations,
    places,
)
from proxeny.directory.api._router import router

__all__ = ["history", "imports", "listings", "memberships", "organisations", "places", "router"]
