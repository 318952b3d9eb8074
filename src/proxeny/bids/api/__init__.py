"""Bids for programs, one module for each part of them."""

from proxeny.bids.api import bids, papers
from proxeny.bids.api._router import router

__all__ = ["bids", "papers", "router"]
