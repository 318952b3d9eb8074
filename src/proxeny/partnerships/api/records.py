"""What a room keeps, by program: objectives, plan, stays, risks, give and take, money, advice."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status

from proxeny.kernel.api import Id, IfMatch, In, in_pages, match_version, show_version
from proxeny.kernel.errors import InvalidInput
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
    """Which records to list."""

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


@router.get("/{partnership_id}/records", response=list[RecordOut], summary="What a room keeps")
@in_pages("id", tell=_tell)
def list_room_records(
    request: HttpRequest, partnership_id: Id, filters: Query[RecordFilters]
) -> QuerySet[RoomRecord]:
    """The records of one kind, the oldest first; with `dropped`, those that were put away."""
    enter(request, partnership_id)
    return list_records(KINDS[filters.kind], partnership_id, dropped=filters.dropped)


@router.post("/{partnership_id}/records", response={201: RecordOut}, summary="Keep something")
def add_room_record(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, new: NewRecord
) -> Status[Any]:
    """Both sides see it at once. Sources of money and sums are written by managers."""
    kind = new.record.kind
    made = records.add_record(
        actor=request.reader, kind=kind, partnership_id=partnership_id,
        values=values_of(new.record), now=timezone.localtime(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/partnerships/{partnership_id}/records/{kind}/{made.pk}"
    return Status(201, _shown(response, partnership_id, kind, made.pk))


@router.get(_ONE, response=RecordOut, summary="One record of a room")
def show_room_record(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, kind: KindName, record_id: Id
) -> Any:
    """As it stands; also what was put away."""
    enter(request, partnership_id)
    return _shown(response, partnership_id, kind, record_id)


@router.patch(_ONE, response=RecordOut, summary="Change a record of a room")
def change_room_record(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, kind: KindName,
    record_id: Id, changed: ChangedRecord, if_match: IfMatch = None,
) -> Any:  # fmt: skip
    """Only what is sent changes; both sides see who changed it."""
    enter(request, partnership_id)
    if changed.record.kind != kind:
        raise InvalidInput(_("This record is of another kind."), field="kind")
    current = get_record(KINDS[kind], partnership_id, record_id)
    records.change_record(
        actor=request.reader, kind=kind, partnership_id=partnership_id, record_id=record_id,
        version=match_version(if_match, current.version),
        values=values_of(changed.record, changes=True), now=timezone.localtime(),
    )  # fmt: skip
    return _shown(response, partnership_id, kind, record_id)


@router.delete(_ONE, response=RecordOut, summary="Put a record away")
def drop_room_record(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, kind: KindName, record_id: Id
) -> Any:
    """It leaves the lists, and can be brought back."""
    records.drop_record(
        actor=request.reader, kind=kind, partnership_id=partnership_id, record_id=record_id,
        now=timezone.localtime(),
    )  # fmt: skip
    return _shown(response, partnership_id, kind, record_id)


@router.post(f"{_ONE}/restore", response=RecordOut, summary="Bring a record back")
def restore_room_record(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, kind: KindName, record_id: Id
) -> Any:
    """It stands in the lists again."""
    records.restore_record(
        actor=request.reader, kind=kind, partnership_id=partnership_id, record_id=record_id,
        now=timezone.localtime(),
    )  # fmt: skip
    return _shown(response, partnership_id, kind, record_id)


def _shown(response: HttpResponse, partnership_id: int, kind: str, record_id: int) -> Any:
    one = KINDS[kind]
    record = get_record(one, partnership_id, record_id)
    show_version(response, record.version)
    charges = charges_of(one, [record_id]).get(record_id) if one.charges else None
    needs = needs_of([record_id]).get(record_id) if one.needs else None
    return record_out(one, record, charges=charges, needs=needs)
