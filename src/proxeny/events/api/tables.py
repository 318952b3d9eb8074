"""Where meetings can be: tables and video rooms."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api._shapes import TableRef
from proxeny.events.api._values import TableKind
from proxeny.events.operations.days import MAX_TABLES
from proxeny.events.queries.agenda.board import get_event_for_staff
from proxeny.events.queries.agenda.places import list_tables
from proxeny.events.queries.events import get_event
from proxeny.kernel.api import Id, IfMatch, In, match_version, show_version


class TableIn(In):
    """A table or video room."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    kind: TableKind = "onsite"


class TablesIn(In):
    """All tables, in the order in which they are numbered."""

    tables: Annotated[list[TableIn], Field(min_length=1, max_length=MAX_TABLES)]


class TableOut(TableRef):
    """A table with the numbers of the slots in which it cannot be used."""

    unavailable: list[int]


@router.get("/{event_id}/tables", response=list[TableOut], summary="List tables")
def list_event_tables(request: HttpRequest, response: HttpResponse, event_id: Id):
    """Tables and video rooms by their numbers, for people of the two clusters."""
    event = get_event_for_staff(request.reader, event_id)
    show_version(response, event.version)
    return list_tables(event.pk)


@router.put("/{event_id}/tables", response=list[TableOut], summary="Say which tables there are")
def set_tables(
    request: HttpRequest,
    response: HttpResponse,
    event_id: Id,
    room: TablesIn,
    if_match: IfMatch = None,
):
    """Say which tables and video rooms there are. The ETag is the event's."""
    event = get_event(event_id)
    tables = operations.set_tables(
        actor=request.reader,
        event_id=event_id,
        tables=[operations.NewTable(one.name, one.kind) for one in room.tables],
        version=match_version(if_match, event.version),
    )
    show_version(response, get_event(event_id).version)
    return tables
