"""Queries on events."""

from proxeny.events.queries.events import (
    days_of,
    directions_of,
    event_titles,
    get_event,
    groups_of,
    list_events,
)
from proxeny.events.queries.participants import (
    get_participation,
    own_participations,
    pair_names,
    participant_names,
    participants_of,
)
from proxeny.events.queries.requests import (
    MarkCounts,
    counterparts_of,
    own_counts,
    request_counts,
    requests_of,
    unanswered_of,
)

__all__ = [
    "MarkCounts",
    "counterparts_of",
    "days_of",
    "directions_of",
    "event_titles",
    "get_event",
    "get_participation",
    "groups_of",
    "list_events",
    "own_counts",
    "own_participations",
    "pair_names",
    "participant_names",
    "participants_of",
    "request_counts",
    "requests_of",
    "unanswered_of",
]
