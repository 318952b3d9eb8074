"""Lists of events as files: CSV, or XLSX by `format=xlsx`."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query

from proxeny.events.api._router import router
from proxeny.events.api._values import EventState, FileFormat, Words
from proxeny.events.queries.agenda.board import export_head, export_rows, get_event_for_staff
from proxeny.events.queries.events import get_event, list_events
from proxeny.events.queries.exports import table_of_events, table_of_participants
from proxeny.kernel.api import Id, In
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import MEDIA_TYPES, answer_table

_BYTES = {"schema": {"type": "string", "format": "binary"}}
_FILE: dict[str, Any] = {
    "responses": {
        200: {"content": {kind.partition(";")[0]: _BYTES for kind in MEDIA_TYPES.values()}}
    }
}


class EventsFile(In):
    """Filters and file format for the list of events."""

    format: FileFormat = "csv"
    q: Words = ""
    partnership: Id | None = None
    state: EventState | None = None


class ParticipantsFile(In):
    """Filters and file format for the list of participants."""

    format: FileFormat = "csv"
    q: Words = ""
    group: Id | None = None
    sector: Words = ""


class AgendaFile(In):
    """The file format of the agenda."""

    format: FileFormat = "csv"


@router.get("/export", summary="Export events", openapi_extra=_FILE)
def export_events(request: Request, wanted: Query[EventsFile]) -> HttpResponse:
    """Downloads the list of events as a file."""
    table = table_of_events(
        list_events(
            today=timezone.now().date(),
            partnership_id=wanted.partnership,
            state=wanted.state or "",
            search=wanted.q,
        )
    )
    return answer_table(table.name, form=wanted.format, header=table.header, rows=table.rows)


@router.get("/{event_id}/participants/export", summary="Export participants", openapi_extra=_FILE)
def export_participants(
    request: Request, event_id: Id, wanted: Query[ParticipantsFile]
) -> HttpResponse:
    """Downloads the registered participants as a file.

    Organisers get participants in all states, with counts of requests.
    """
    table = table_of_participants(
        request.reader,
        get_event(event_id),
        search=wanted.q,
        group_id=wanted.group,
        sector=wanted.sector,
    )
    return answer_table(table.name, form=wanted.format, header=table.header, rows=table.rows)


@router.get("/{event_id}/agenda/export", summary="Export the agenda", openapi_extra=_FILE)
def export_agenda(request: Request, event_id: Id, wanted: Query[AgendaFile]) -> HttpResponse:
    """Downloads the whole agenda as a file, in the event's time zone.

    Available to people of the two clusters.
    """
    event = get_event_for_staff(request.reader, event_id)
    return answer_table(
        f"agenda-{event.pk}", form=wanted.format, header=export_head(), rows=export_rows(event)
    )
