"""Events over the API; `router` holds all routes, one file each use case."""

# Addresses with a word in the place of an id come before those with an id.
from proxeny.events.api import (  # noqa: I001
    files,
    events,
    states,
    days,
    tables,
    groups,
    participants,
    invitations,
    participations,
    requests,
    agenda,
    entries,
    publication,
    repair,
    outcome,
    personal,
    suggestions,
    history,
)
from proxeny.events.api._router import router

__all__ = [
    "agenda",
    "days",
    "entries",
    "events",
    "files",
    "groups",
    "history",
    "invitations",
    "outcome",
    "participants",
    "participations",
    "personal",
    "publication",
    "repair",
    "requests",
    "router",
    "states",
    "suggestions",
    "tables",
]
