"""Bids for programs, one module for each part of them."""

# Of two routes that fit an address the first is taken: what is one's own comes before what names a
# partnership.
from proxeny.bids.api import own  # isort: skip
from proxeny.bids.api import bids, budget, papers, partners, plan, searches, submission
from proxeny.bids.api._router import router

__all__ = [
    "bids",
    "budget",
    "own",
    "papers",
    "partners",
    "plan",
    "router",
    "searches",
    "submission",
]
