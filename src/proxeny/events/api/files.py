"""Lists of events as files: CSV, or XLSX by `format=xlsx`."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query

from proxeny.events.api._router import router
from proxeny.events.api._values import EventState, FileFormat, Words
from proxeny.events.queries.agenda.board import export_head, export_rows, get_event_for_staff
from proxeny.events.queries.events import get_event, list_events
from proxeny.events.queries.exports import table_of_events, table_of_participants
from proxeny.kernel.api import Id, In
from proxeny.kernel.spreadsheet import MEDIA_TYPES, answer_table

_BYTES = {"schema": {"type": "string", "format": "binary"}}
_FILE: dict[str, Any] = {
    "responses": {
        200: {"content": {kind.partition(";")[0]: _BYTES for kind in MEDIA_TYPES.values()}}
    }
}


class EventsFile(In):
    """Which events, in which form."""

    format: FileFormat = "csv"
    q: Words = ""
    partnership: Id | None = None
    state: EventState | None = None


class ParticipantsFile(In):
    """Which participants, in which form."""

    format: FileFormat = "csv"
    q: Words = ""
    group: Id | None = None
    sector: Words = ""


class AgendaFile(In):
    """In which form."""

    format: FileFormat = "csv"


@router.get("/export", summary="Download events", openapi_extra=_FILE)
def export_events(request: HttpRequest, wanted: Query[EventsFile]) -> HttpResponse:
    """The list of events as a file."""
    table = table_of_events(
        list_events(
            today=timezone.now().date(),
            partnership_id=wanted.partnership,
            state=wanted.state or "",
            search=wanted.q,
        )
    )
    return answer_table(table.name, form=wanted.format, header=table.header, rows=table.rows)


@router.get("/{event_id}/participants/export", summary="Download participants", openapi_extra=_FILE)
def export_participants(
    request: HttpRequest, event_id: Id, wanted: Query[ParticipantsFile]
) -> HttpResponse:
    """Who has registered, as a file; organisers get all states and counts of marks."""
    table = table_of_participants(
        request.reader,
        get_event(event_id),
        search=wanted.q,
        group_id=wanted.group,
        sector=wanted.sector,
    )
    return answer_table(table.name, form=wanted.format, header=table.header, rows=table.rows)


@router.get("/{event_id}/agenda/export", summary="Download the agenda", openapi_extra=_FILE)
def export_agenda(request: HttpRequest, event_id: Id, wanted: Query[AgendaFile]) -> HttpResponse:
    """The whole agenda as a file, for people of the two clusters; times are the event's own."""
    event = get_event_for_staff(request.reader, event_id)
    return answer_table(
        f"agenda-{event.pk}", form=wanted.format, header=export_head(), rows=export_rows(event)
    )
