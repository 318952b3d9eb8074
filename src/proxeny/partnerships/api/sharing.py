"""API for sharing: the ledger, sharing and withdrawing, files, and the access log."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Form, Query
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import (
    Id,
    IfMatch,
    In,
    Named,
    Out,
    in_pages,
    match_version,
    show_version,
    unsent,
)
from proxeny.kernel.api.files import file_of
from proxeny.kernel.api.times import Day
from proxeny.kernel.files import MEDIA_TYPES, answer_file
from proxeny.kernel.requests import Request
from proxeny.partnerships import ledger, operations, queries
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import Side
from proxeny.partnerships.models import SharingGrant

SharedKind = Literal[*SharingGrant.Kind.values]
Fact = Literal[*SharingGrant.Field.values]
Facts = Annotated[
    list[Fact],
    Field(
        max_length=len(SharingGrant.Field),
        description="Additional facts that staff of the other side can see.",
    ),
]
WhatFor = Annotated[str, Field(min_length=1, max_length=300)]
LastDay = Annotated[
    Day | None, Field(description="The last day. Null means until it is withdrawn.")
]


class SharedOut(Out):
    """A shared item as both sides see it.

    `what` is the name of the member or the file. If you can no longer see the member, it is empty
    and `member_id` is null.
    """

    id: int
    kind: SharedKind
    side: str
    organisation: Named
    what: str
    member_id: int | None
    fields: list[Fact]
    purpose: str
    ends_on: date | None
    granted_at: datetime
    granted_by: str = Field(description="Empty if you can no longer see the person.")
    withdrawn_at: datetime | None
    is_live: bool
    may_change: bool
    may_share_again: bool


class SharedFilters(In):
    """Filters for the ledger."""

    side: Side | None = None
    kind: SharedKind | None = None
    live: bool | None = Field(
        None, description="True for items that are shared now, false for those that no longer are."
    )


class ListShareIn(In):
    """What the other side may use the members for, which facts are included, and the last day."""

    purpose: WhatFor
    fields: Facts = []
    ends_on: LastDay = None


class MemberShareIn(ListShareIn):
    """A member of your own cluster to share, and what for."""

    member_id: Id


class FileShareIn(In):
    """What the other side may use the file for, and the last day."""

    purpose: WhatFor
    ends_on: LastDay = None


class ShareChanges(In):
    """Changes to a shared item. Fields that are left out stay as they are."""

    fields: Facts = unsent()
    ends_on: LastDay = None


def _tell(
    grants: list[SharingGrant], *, request: Request, partnership_id: int, **_: Any
) -> list[SharedOut]:
    partnership = queries.get_partnership(partnership_id)
    items = ledger.tell_items(request.reader, partnership, grants, today=timezone.now().date())
    return [_shared_out(item) for item in items]


def _shared_out(item: ledger.SharedItem) -> SharedOut:
    grant = item.grant
    return SharedOut(
        id=grant.pk,
        kind=grant.kind,
        side=item.party.side,
        organisation=Named.model_validate(item.party.organisation),
        what=item.what,
        member_id=grant.member.pk if grant.member else None,
        fields=grant.fields,
        purpose=grant.purpose,
        ends_on=grant.ends_on,
        granted_at=grant.granted_at,
        granted_by=grant.granted_by.name if grant.granted_by else "",
        withdrawn_at=grant.withdrawn_at,
        is_live=item.is_live,
        may_change=item.may_change,
        may_share_again=item.may_share_again,
    )


def _show(
    request: Request, response: HttpResponse, partnership_id: int, grant_id: int
) -> SharedOut:
    """Return an entry with its ETag."""
    ledger.open_ledger(request.reader, partnership_id)
    grant = queries.get_grant(grant_id, partnership_id=partnership_id)
    (told,) = _tell([grant], request=request, partnership_id=partnership_id)
    show_version(response, operations.grant_version(grant), told.model_dump_json())
    return told


def _show_new(request: Request, response: HttpResponse, made: SharingGrant) -> Status[SharedOut]:
    response["Location"] = f"/api/v1/partnerships/{made.partnership_id}/sharing/{made.pk}"
    return Status(201, _show(request, response, made.partnership_id, made.pk))


@router.get("/{partnership_id}/sharing", response=list[SharedOut], summary="List shared items")
@in_pages("-id", tell=_tell)
def list_shared(
    request: Request, partnership_id: Id, filters: Query[SharedFilters]
) -> QuerySet[SharingGrant]:
    """Returns the ledger, newest first, including items that are no longer shared.

    Available to people of the two clusters.
    """
    partnership = ledger.open_ledger(request.reader, partnership_id)
    return queries.find_grants(
        partnership,
        today=timezone.now().date(),
        is_live=filters.live,
        kind=filters.kind or "",
        organisation_id=queries.organisation_on(partnership, filters.side),
    )


@router.post(
    "/{partnership_id}/sharing/list", response={201: SharedOut}, summary="Share the member list"
)
def share_list(
    request: Request, response: HttpResponse, partnership_id: Id, wanted: ListShareIn
) -> Status[SharedOut]:
    """Shares the members of your cluster that are visible to partners.

    Other members stay hidden.
    """
    made = operations.grant_sharing(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.now(),
        **wanted.model_dump(),
    )
    return _show_new(request, response, made)


@router.post(
    "/{partnership_id}/sharing/member", response={201: SharedOut}, summary="Share a member"
)
def share_member(
    request: Request, response: HttpResponse, partnership_id: Id, wanted: MemberShareIn
) -> Status[SharedOut]:
    """Shares one entry with its offers and needs, even if the member list is not shared."""
    made = operations.grant_sharing(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.now(),
        **wanted.model_dump(),
    )
    return _show_new(request, response, made)


@router.post("/{partnership_id}/sharing/file", response={201: SharedOut}, summary="Share a file")
def share_file(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    form: Form[FileShareIn],
    file: File[UploadedFile],
) -> Status[SharedOut]:
    """Shares a file of up to 10 MB with the staff of the other side.

    Both sides can see who downloaded it and when.
    """
    made = operations.share_file(
        actor=request.reader,
        partnership_id=partnership_id,
        name=file.name or "",
        content=file.read(),
        now=timezone.now(),
        **form.model_dump(),
    )
    return _show_new(request, response, made)


@router.get("/{partnership_id}/sharing/{grant_id}", response=SharedOut, summary="Get a shared item")
def show_shared(
    request: Request, response: HttpResponse, partnership_id: Id, grant_id: Id
) -> SharedOut:
    """Returns what is shared, its purpose, the last day, and what you can do with it."""
    return _show(request, response, partnership_id, grant_id)


@router.patch(
    "/{partnership_id}/sharing/{grant_id}", response=SharedOut, summary="Update a shared item"
)
def change_shared(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    grant_id: Id,
    changes: ShareChanges,
    if_match: IfMatch = None,
) -> SharedOut:
    """Changes the last day, and the facts that are included with members. Changes apply at once."""
    grant = queries.get_grant(grant_id, partnership_id=partnership_id)
    values = {"ends_on": grant.ends_on, "fields": grant.fields}
    operations.change_sharing(
        actor=request.reader,
        grant_id=grant_id,
        now=timezone.now(),
        version=match_version(if_match, operations.grant_version(grant)),
        **values | changes.sent(),
    )
    return _show(request, response, partnership_id, grant_id)


@router.post(
    "/{partnership_id}/sharing/{grant_id}/withdraw", response=SharedOut, summary="Stop sharing"
)
def withdraw_shared(
    request: Request, response: HttpResponse, partnership_id: Id, grant_id: Id
) -> SharedOut:
    """Stops sharing at once, on pages, in files and for programs alike.

    You can share the item again.
    """
    queries.get_grant(grant_id, partnership_id=partnership_id)
    operations.withdraw_sharing(actor=request.reader, grant_id=grant_id, now=timezone.now())
    return _show(request, response, partnership_id, grant_id)


@router.post(
    "/{partnership_id}/sharing/{grant_id}/again",
    response={201: SharedOut},
    summary="Share an item again",
)
def share_again(
    request: Request, response: HttpResponse, partnership_id: Id, grant_id: Id
) -> Status[SharedOut]:
    """Shares an item that was withdrawn or has expired, as a new entry.

    The old entry stays in the ledger.
    """
    queries.get_grant(grant_id, partnership_id=partnership_id)
    made = operations.share_again(actor=request.reader, grant_id=grant_id, now=timezone.now())
    return _show_new(request, response, made)


@router.get(
    "/{partnership_id}/sharing/{grant_id}/file",
    summary="Download a shared file",
    openapi_extra=file_of(*MEDIA_TYPES),
)
def download_shared_file(request: Request, partnership_id: Id, grant_id: Id) -> HttpResponse:
    """Downloads the file while it is shared. Downloads by the other side are logged once a day."""
    queries.get_grant(grant_id, partnership_id=partnership_id)
    return answer_file(
        operations.open_file(actor=request.reader, grant_id=grant_id, now=timezone.now())
    )


@router.delete(
    "/{partnership_id}/sharing/{grant_id}/file",
    response={204: None},
    summary="Delete a shared file",
)
def remove_shared_file(request: Request, partnership_id: Id, grant_id: Id) -> Status[None]:
    """Deletes the file, which is then no longer shared in any partnership.

    Its name stays in the ledger.
    """
    queries.get_grant(grant_id, partnership_id=partnership_id)
    operations.remove_file(actor=request.reader, grant_id=grant_id, now=timezone.now())
    return Status(204, None)
