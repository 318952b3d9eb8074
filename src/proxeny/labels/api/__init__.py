"""Labels for programs, one module for each part of them."""

from proxeny.labels.api import (
    applications,
    awards,
    jury,
    public_labels,
    round_applications,
    rounds,
    schemes,
    scores,
    selection,
)
from proxeny.labels.api._router import router

__all__ = [
    "applications",
    "jury",
    "public_labels",
    "round_applications",
    "rounds",
    "router",
    "schemes",
    "scores",
    "selection",
]
