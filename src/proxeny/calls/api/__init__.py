"""Calls for programs."""

from proxeny.calls.api._router import router

__all__ = ["router"]
