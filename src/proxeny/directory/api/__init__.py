"""The directory over the API; `router` holds all routes, one file each use case."""

from proxeny.directory.api import (
    clusters,
    duplicates,
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
    searches,
)
from proxeny.directory.api._router import router

__all__ = [
    "clusters",
    "duplicates",
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
    "searches",
]
