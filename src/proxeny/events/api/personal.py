"""A participant's own agenda."""

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from proxeny.events.api._router import router
from proxeny.events.api._shapes import EventRef
from proxeny.events.queries.agenda.personal import MyAgenda, get_my_agenda, read_my_calendar
from proxeny.kernel.api import Id, Out
from proxeny.kernel.calendar import answer_calendar
from proxeny.kernel.requests import Request


class MyMeetingOut(Out):
    """One of your meetings. `note` and `kind` are from your own side's request."""

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
    """A cancelled meeting with its reason."""

    starts_at: datetime
    other: str
    reason: str


class MyAgendaOut(Out):
    """Your meetings at an event. While the agenda is provisional, they may still change."""

    event: EventRef
    own_names: list[str]
    meetings: list[MyMeetingOut]
    called_off: list[CalledOffOut]


_CALENDAR = {"responses": {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}}


@router.get("/{event_id}/my-agenda", response=MyAgendaOut, summary="Get your agenda")
def show_my_agenda(request: Request, event_id: Id) -> MyAgenda:
    """Returns your meetings that are already visible to participants, in order of time."""
    return get_my_agenda(request.reader, event_id, now=timezone.now())


@router.get(
    "/{event_id}/my-agenda.ics", summary="Download your event calendar", openapi_extra=_CALENDAR
)
def download_my_agenda(request: Request, event_id: Id) -> HttpResponse:
    """Downloads your meetings at the event as a calendar file."""
    text = read_my_calendar(request.reader, event_id)
    return answer_calendar(text, f"meetings-{event_id}.ics")
