"""Joint events: days and slots, tables, groups, participation, requests, agenda runs."""

from proxeny.events.models.agenda import AgendaEntry, AgendaRun
from proxeny.events.models.events import Event, Group, GroupRule, Slot, Table
from proxeny.events.models.guests import GuestLink
from proxeny.events.models.participation import MeetingRequest, Participation

__all__ = [
    "AgendaEntry",
    "AgendaRun",
    "Event",
    "Group",
    "GroupRule",
    "GuestLink",
    "MeetingRequest",
    "Participation",
    "Slot",
    "Table",
]
