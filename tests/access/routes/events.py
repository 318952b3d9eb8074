"""How each page is tried: events: setting up, taking part, asking for meetings."""

from proxeny.events.models import MeetingRequest
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix, event, reason


def _draft(crowd: Crowd) -> dict:
    return {"event_id": crowd.draft_event.pk}


def _opening(crowd: Crowd) -> dict:
    return {"event_id": crowd.draft_event.pk, "verb": "open"}


def _greek(crowd: Crowd) -> dict:
    return {"participation_id": crowd.taken.greek[0].pk}


def _mark(crowd: Crowd) -> dict:
    return {"participation_id": crowd.taken.greek[0].pk, "target_id": crowd.taken.french[2].pk}


EVENTS = by_matrix(
    {
        "events:list": Route(),
        "events:export": Route(),
        "events:create": Route(),
        "events:detail": Route(event),
        "events:detail draft": Route(_draft),
        "events:participants": Route(event),
        "events:participants-export": Route(event),
        "events:participants-export draft": Route(_draft),
        "events:setup": Route(event),
        "events:setup-days": Route(event),
        "events:setup-preview": Route(event, posts_only=True),
        "events:setup-tables": Route(event),
        "events:setup-groups": Route(event),
        "events:setup-rules": Route(event),
        "events:setup-opening": Route(event),
        "events:reopen": Route(
            event,
            posts_only=True,
            data=lambda _: {"deadline_at": "2083-03-02", "deadline_time": "12:00"},
        ),
        "events:cancel": Route(event, data=reason, posts_only=True),
        "events:change-state": Route(_opening, posts_only=True),
        "events:invite": Route(event),
        "events:answers": Route(event),
        "events:remind": Route(event, posts_only=True),
        "events:check-in": Route(event),
        "events:register": Route(_greek),
        "events:withdraw": Route(_greek, data=reason),
        "events:guest-account": Route(_greek, posts_only=True),
        "events:set-here": Route(_greek, data=lambda _: {"here": "1"}, posts_only=True),
        # Whom somebody marked is told to nobody but the own cluster.
        "events:requests": Route(_greek),
        "events:suggestions": Route(_greek),
        "events:suggestions-find": Route(_greek, posts_only=True),
        "events:suggestions-progress": Route(_greek),
        "events:mark": Route(
            _mark, data=lambda _: {"kind": MeetingRequest.Kind.WISH}, posts_only=True
        ),
    }
)
