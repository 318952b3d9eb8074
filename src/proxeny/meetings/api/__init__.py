"""Meetings over the API: one's own, what came of them, the calendar, and catch-ups of partners."""

from proxeny.meetings.api import catch_ups, outcomes, own
from proxeny.meetings.api._router import router

__all__ = ["catch_ups", "outcomes", "own", "router"]
