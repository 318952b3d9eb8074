"""Labels for programs, one module for each part of them."""

from proxeny.labels.api import (
    applications,
    awards,
    jury,
    life,
    own_results,
    public_labels,
    results,
    round_applications,
    rounds,
    schemes,
    scores,
    selection,
    verify,
)
from proxeny.labels.api._router import router

__all__ = [
    "applications",
    "awards",
    "jury",
    "life",
    "own_results",
    "public_labels",
    "results",
    "round_applications",
    "rounds",
    "router",
    "schemes",
    "scores",
    "selection",
    "verify",
]
