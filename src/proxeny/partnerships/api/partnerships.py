"""Partnerships: the list, a single one, a draft, and changes to a draft."""

from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, in_pages, match_version, unsent
from proxeny.kernel.api.files import TABLE_FILE, FileFormat
from proxeny.kernel.api.times import Day
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.partnerships import operations, queries, room
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import (
    AgreementText,
    PartnershipOut,
    PartnershipRow,
    PartnershipState,
    Purpose,
    Title,
    show_room,
)
from proxeny.partnerships.models import Partnership

Words = Annotated[str, Field(max_length=100, description="Words that must all occur.")]


class PartnershipFilters(In):
    """Filters for the list of partnerships."""

    q: Words = ""
    state: PartnershipState | None = None


class PartnershipsFile(PartnershipFilters):
    """Filters and file format for the list of partnerships."""

    format: FileFormat = "csv"


class DraftIn(In):
    """The two clusters, the purpose, and the text that both sides will sign."""

    cluster_id: Id
    partner_id: Id
    title: Title
    purpose: Purpose = ""
    text: AgreementText
    starts_on: Day | None = None
    ends_on: Day | None = None


class DraftChanges(In):
    """Changes to a draft. Fields that are left out stay as they are."""

    title: Title = unsent()
    purpose: Purpose = unsent()
    text: AgreementText = unsent()
    starts_on: Day | None = None
    ends_on: Day | None = None


@router.get("", response=list[PartnershipRow], summary="List partnerships")
@in_pages("-id")
def list_partnerships(
    request: Request, filters: Query[PartnershipFilters]
) -> QuerySet[Partnership]:
    """Returns the partnerships of your clusters. Drafts of other clusters are not included."""
    return queries.visible_partnerships(state=filters.state or "", search=filters.q)


@router.get("/export", summary="Export partnerships", openapi_extra=TABLE_FILE)
def export_partnerships(request: Request, wanted: Query[PartnershipsFile]) -> HttpResponse:
    """Downloads the list as a file."""
    found = queries.visible_partnerships(state=wanted.state or "", search=wanted.q)
    header, rows = room.table_of(found)
    return answer_table("partnerships", form=wanted.format, header=header, rows=rows)


@router.get("/{partnership_id}", response=PartnershipOut, summary="Get a partnership")
def show_partnership(
    request: Request, response: HttpResponse, partnership_id: Id
) -> PartnershipOut:
    """Returns its sides, the newest text with its signatures, and what you can do."""
    return show_room(room.enter_room(request.reader, partnership_id), response)


@router.post("", response={201: PartnershipOut}, summary="Draft a partnership")
def draft_partnership(
    request: Request, response: HttpResponse, draft: DraftIn
) -> Status[PartnershipOut]:
    """Creates a draft that only your own side can see until it is proposed."""
    made = operations.draft_partnership(actor=request.reader, **draft.model_dump())
    response["Location"] = f"/api/v1/partnerships/{made.pk}"
    return Status(201, show_room(room.enter_new_room(request.reader, made), response))


@router.patch("/{partnership_id}", response=PartnershipOut, summary="Update a draft")
def change_draft(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    changes: DraftChanges,
    if_match: IfMatch = None,
) -> PartnershipOut:
    """Changes only the fields that are sent, including the text of the agreement."""
    found = room.enter_room(request.reader, partnership_id)
    version = match_version(if_match, found.partnership.version)
    names = ("title", "purpose", "starts_on", "ends_on")
    values = {name: getattr(found.partnership, name) for name in names}
    values["text"] = found.newest.agreement.text if found.newest else ""
    operations.change_draft(
        actor=request.reader,
        partnership_id=partnership_id,
        version=version,
        **values | changes.sent(),
    )
    return show_room(room.enter_room(request.reader, partnership_id), response)
