"""Bids for programs, one module for each part of them."""

from proxeny.bids.api import bids, budget, own, papers, partners, plan, searches, submission
from proxeny.bids.api._router import router

__all__ = ["bids", "budget", "own", "papers", "partners", "plan", "router", "searches", "submission"]
