"""The directory over the API; `router` holds all routes, one file each use case."""

from proxeny.directory.api import (
    following,
    history,
    imports,
    interests,
    listing_review,
    listings,
    matching,
    memberships,
    organisations,
    places,
)
from proxeny.directory.api._router import router

__all__ = [
    "following",
    "history",
    "imports",
    "interests",
    "listing_review",
    "listings",
    "matching",
    "memberships",
    "organisations",
    "places",
    "router",
]
