"""Calls for programs."""

from proxeny.calls.api import bids, brought, calls, watching
from proxeny.calls.api._router import router

__all__ = ["bids", "brought", "calls", "router", "watching"]
