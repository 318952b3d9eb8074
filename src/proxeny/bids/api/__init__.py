"""Bids for programs, one module for each part of them."""

from proxeny.bids.api import bids
from proxeny.bids.api._router import router

__all__ = ["bids", "router"]
