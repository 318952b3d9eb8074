"""Insight for programs: the same operations and queries as the pages."""

from proxeny.insight.api import boards, foresight, networks, outcomes  # noqa: F401
from proxeny.insight.api._router import router

__all__ = ["router"]
