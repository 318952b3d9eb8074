"""Booking: times that suit several people, across zones, working hours and ways between places."""

from proxeny.engine.booking.check import check_times
from proxeny.engine.booking.find import find_times
from proxeny.engine.booking.model import (
    EASY_MIN,
    MOST_DAYS,
    MOST_PEOPLE,
    MOST_WANTED,
    Found,
    Gain,
    Person,
    Proposal,
    Request,
    Rule,
    Taken,
)

__all__ = [
    "EASY_MIN",
    "MOST_DAYS",
    "MOST_PEOPLE",
    "MOST_WANTED",
    "Found",
    "Gain",
    "Person",
    "Proposal",
    "Request",
    "Rule",
    "Taken",
    "check_times",
    "find_times",
]
