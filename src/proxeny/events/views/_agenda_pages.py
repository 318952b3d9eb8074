"""What the pages of an agenda have in common."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from proxeny.events.models import Event
from proxeny.events.queries.agenda.personal import own_participations
from proxeny.events.queries.agenda.places import get_event
from proxeny.events.views.frame import event_frame
from proxeny.kernel.errors import Conflict, InvalidInput

#: States in which an agenda can be looked at and changed.
HAS_AGENDA = (Event.State.CLOSED, Event.State.PROVISIONAL, Event.State.PUBLISHED)


def attempt(request: HttpRequest, action: Callable[[], Any], done: str) -> bool:
    """Do something and say how it went in a short message; return whether it was done."""
    try:
        action()
    except (Conflict, InvalidInput) as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True


def page_context(request: HttpRequest, event: Event, tab: str, **more: Any) -> dict[str, Any]:
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


def lead_participant(request: HttpRequest, event_id: int) -> HttpResponse | None:
    """Lead who takes part, and does not organise, to the own agenda; None for others."""
    event = get_event(event_id)
    if event.partnership_id in request.reader.rooms:
        return None
    if own_participations(request.reader, event_id):
        return redirect("events:my-agenda", event_id)
    return None


def is_staff_only(request: HttpRequest, event_id: int) -> bool:
    """Whether the reader works for one of the clusters and takes no part: no agenda of one's own."""
    event = get_event(event_id)
    return event.partnership_id in request.reader.rooms and not own_participations(
        request.reader, event_id
    )


def zone_of(event: Event) -> ZoneInfo:
    """Return the event's time zone."""
    return ZoneInfo(event.time_zone)
