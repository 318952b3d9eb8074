"""Meetings over the API: your own, their outcomes, the calendar, and catch-ups of partners."""

from proxeny.meetings.api import catch_ups, outcomes, own
from proxeny.meetings.api._router import router

__all__ = ["catch_ups", "outcomes", "own", "router"]
