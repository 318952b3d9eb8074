"""Helpers shared by the agenda pages."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect

from proxeny.events.models import Event
from proxeny.events.queries.agenda.places import get_event
from proxeny.events.queries.participants import own_participations_in
from proxeny.events.views.frame import event_frame
from proxeny.kernel.requests import Request

#: States in which an agenda can be looked at and changed.
HAS_AGENDA = (Event.State.CLOSED, Event.State.PROVISIONAL, Event.State.PUBLISHED)


def page_context(request: Request, event: Event, tab: str, **more: Any) -> dict[str, Any]:
    """Return what `events/agenda/base.html` needs; `tab` is the agenda's own, second tab."""
    frame = event_frame(
        request.reader,
        event,
        "timetable" if tab in ("table", "participant", "whole", "entry") else "agenda",
    )
    return {
        **frame,
        "tab": tab,
        "can_edit": frame["organises"],
        "has_agenda": event.state in HAS_AGENDA,
        **more,
    }


def lead_participant(request: Request, event_id: int) -> HttpResponse | None:
    """Redirect a participant who does not organise to their own agenda; None for others."""
    event = get_event(event_id)
    if event.partnership_id in request.reader.rooms:
        return None
    if own_participations_in(request.reader, [event_id]):
        return redirect("events:my-agenda", event_id)
    return None


def is_staff_only(request: Request, event_id: int) -> bool:
    """Whether the reader works for one of the clusters and takes no part, so has no own agenda."""
    event = get_event(event_id)
    return event.partnership_id in request.reader.rooms and not own_participations_in(
        request.reader, [event_id]
    )


def zone_of(event: Event) -> ZoneInfo:
    """Return the event's time zone."""
    return ZoneInfo(event.time_zone)
