"""Tables and video rooms for meetings."""

from typing import Annotated

from django.http import HttpResponse
from pydantic import Field

from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api._shapes import TableRef
from proxeny.events.api._values import TableKind
from proxeny.events.models import Table
from proxeny.events.operations.days import MAX_TABLES
from proxeny.events.queries.agenda.board import get_event_for_staff
from proxeny.events.queries.agenda.places import list_tables
from proxeny.events.queries.events import get_event
from proxeny.kernel.api import Id, IfMatch, In, match_version, show_version
from proxeny.kernel.requests import Request


class TableIn(In):
    """A table or video room."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    kind: TableKind = "onsite"


class TablesIn(In):
    """All tables, in order of their numbers."""

    tables: Annotated[list[TableIn], Field(min_length=1, max_length=MAX_TABLES)]


class TableOut(TableRef):
    """A table and the numbers of the slots in which it is unavailable."""

    unavailable: list[int]


@router.get("/{event_id}/tables", response=list[TableOut], summary="List tables")
def list_event_tables(request: Request, response: HttpResponse, event_id: Id) -> list[Table]:
    """Returns the tables and video rooms by number. Available to people of the two clusters."""
    event = get_event_for_staff(request.reader, event_id)
    show_version(response, event.version)
    return list_tables(event.pk)


@router.put("/{event_id}/tables", response=list[TableOut], summary="Set tables")
def set_tables(
    request: Request,
    response: HttpResponse,
    event_id: Id,
    room: TablesIn,
    if_match: IfMatch = None,
) -> list[Table]:
    """Sets the tables and video rooms of the event. The ETag is that of the event."""
    event = get_event(event_id)
    tables = operations.set_tables(
        actor=request.reader,
        event_id=event_id,
        tables=[operations.NewTable(one.name, one.kind) for one in room.tables],
        version=match_version(if_match, event.version),
    )
    show_version(response, get_event(event_id).version)
    return tables
