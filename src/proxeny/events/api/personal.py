"""A participant's own agenda."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from proxeny.events.api._router import router
from proxeny.events.api._shapes import EventRef
from proxeny.events.queries.agenda.personal import get_my_agenda, read_my_calendar
from proxeny.kernel.api import Id, Out


class MyMeetingOut(Out):
    """One of the caller's meetings. `note` and `kind` are what the own side said when it asked."""

    entry_id: int
    starts_at: datetime
    ends_at: datetime
    place: str
    own: str
    other: str
    contact: str
    country: str
    city: str
    pitch: str
    note: str
    kind: str
    languages: list[str]
    by_video: bool
    is_past: bool


class CalledOffOut(Out):
    """A meeting that was called off, with the reason given."""

    starts_at: datetime
    other: str
    reason: str


class MyAgendaOut(Out):
    """The caller's meetings of one event. While the event is provisional they may still change."""

    event: EventRef
    own_names: list[str]
    meetings: list[MyMeetingOut]
    called_off: list[CalledOffOut]


_CALENDAR = {"responses": {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}}


@router.get("/{event_id}/my-agenda", response=MyAgendaOut, summary="Read one's own agenda")
def show_my_agenda(request: HttpRequest, event_id: Id):
    """The caller's meetings that are shown already, in the order of time."""
    return get_my_agenda(request.reader, event_id, now=timezone.now())


@router.get(
    "/{event_id}/my-agenda.ics", summary="Download one's own calendar", openapi_extra=_CALENDAR
)
def download_my_agenda(request: HttpRequest, event_id: Id) -> HttpResponse:
    """The caller's meetings of an event as a calendar file."""
    text = read_my_calendar(request.reader, event_id)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = f'attachment; filename="meetings-{event_id}.ics"'
    return response
