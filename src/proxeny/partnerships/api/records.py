"""API for records of a room: objectives, plan, stays, risks, money, recommendations and more."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status

from proxeny.kernel.api import Id, IfMatch, In, in_pages, match_version, show_version
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._records import (
    ChangedRecord,
    KindName,
    NewRecord,
    RecordOut,
    record_out,
    values_of,
)
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models.records import RoomRecord
from proxeny.partnerships.operations import records
from proxeny.partnerships.room_queries import charges_of, get_record, list_records, needs_of

_ONE = "/{partnership_id}/records/{kind}/{record_id}"


class RecordFilters(In):
    """Filters for the list of records."""

    kind: KindName
    dropped: bool = False


def _tell(rows: list[RoomRecord], *, filters: RecordFilters, **_more: Any) -> list[Any]:
    kind = KINDS[filters.kind]
    ids = [one.pk for one in rows]
    charges = charges_of(kind, ids) if kind.charges else {}
    needs = needs_of(ids) if kind.needs else {}
    return [
        record_out(kind, one, charges=charges.get(one.pk), needs=needs.get(one.pk)) for one in rows
    ]


@router.get("/{partnership_id}/records", response=list[RecordOut], summary="List records")
@in_pages("id", tell=_tell)
def list_room_records(
    request: Request, partnership_id: Id, filters: Query[RecordFilters]
) -> QuerySet[RoomRecord]:
    """Returns the records of one kind, oldest first. With `dropped`, returns archived records."""
    enter(request, partnership_id)
    return list_records(KINDS[filters.kind], partnership_id, dropped=filters.dropped)


@router.post("/{partnership_id}/records", response={201: RecordOut}, summary="Add a record")
def add_room_record(
    request: Request, response: HttpResponse, partnership_id: Id, new: NewRecord
) -> Status[Any]:
    """Adds a record that both sides see at once.

    Only managers can add sources of money and amounts.
    """
    sent: Any = new.record
    kind = sent.kind
    made = records.add_record(
        actor=request.reader,
        kind=kind,
        partnership_id=partnership_id,
        values=values_of(sent),
        now=timezone.localtime(),
    )
    response["Location"] = f"/api/v1/partnerships/{partnership_id}/records/{kind}/{made.pk}"
    return Status(201, _shown(response, partnership_id, kind, made.pk))


@router.get(_ONE, response=RecordOut, summary="Get a record")
def show_room_record(
    request: Request, response: HttpResponse, partnership_id: Id, kind: KindName, record_id: Id
) -> Any:
    """Returns the record as it is now, even if it is archived."""
    enter(request, partnership_id)
    return _shown(response, partnership_id, kind, record_id)


@router.patch(_ONE, response=RecordOut, summary="Update a record")
def change_room_record(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    kind: KindName,
    record_id: Id,
    changed: ChangedRecord,
    if_match: IfMatch = None,
) -> Any:
    """Changes only the fields that are sent. Both sides can see who changed the record."""
    enter(request, partnership_id)
    sent: Any = changed.record
    if sent.kind != kind:
        raise InvalidInput(_("This is a different type of record."), field="kind")
    current = get_record(KINDS[kind], partnership_id, record_id)
    records.change_record(
        actor=request.reader,
        kind=kind,
        partnership_id=partnership_id,
        record_id=record_id,
        version=match_version(if_match, current.version),
        values=values_of(sent, changes=True),
        now=timezone.localtime(),
    )
    return _shown(response, partnership_id, kind, record_id)


@router.delete(_ONE, response=RecordOut, summary="Archive a record")
def drop_room_record(
    request: Request, response: HttpResponse, partnership_id: Id, kind: KindName, record_id: Id
) -> Any:
    """Removes the record from the lists. You can restore it later."""
    records.drop_record(
        actor=request.reader,
        kind=kind,
        partnership_id=partnership_id,
        record_id=record_id,
        now=timezone.localtime(),
    )
    return _shown(response, partnership_id, kind, record_id)


@router.post(f"{_ONE}/restore", response=RecordOut, summary="Restore a record")
def restore_room_record(
    request: Request, response: HttpResponse, partnership_id: Id, kind: KindName, record_id: Id
) -> Any:
    """Returns an archived record to the lists."""
    records.restore_record(
        actor=request.reader,
        kind=kind,
        partnership_id=partnership_id,
        record_id=record_id,
        now=timezone.localtime(),
    )
    return _shown(response, partnership_id, kind, record_id)


def _shown(response: HttpResponse, partnership_id: int, kind: str, record_id: int) -> Any:
    one = KINDS[kind]
    record = get_record(one, partnership_id, record_id)
    show_version(response, record.version)
    charges = charges_of(one, [record_id]).get(record_id) if one.charges else None
    needs = needs_of([record_id]).get(record_id) if one.needs else None
    return record_out(one, record, charges=charges, needs=needs)
