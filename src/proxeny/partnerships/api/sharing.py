"""What is shared: the ledger, sharing and taking back, files, and what was read."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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
        description="Facts that staff of the other side see too.",
    ),
]
WhatFor = Annotated[str, Field(min_length=1, max_length=300)]
LastDay = Annotated[Day | None, Field(description="The last day; null: until it is withdrawn.")]


class SharedOut(Out):
    """Something shared, as both sides read it.

    `what` names the member or the file; it is empty, and `member_id` null, where the caller no
    longer sees the member.
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
    granted_by: str = Field(description="Empty when the person is not seen any more.")
    withdrawn_at: datetime | None
    is_live: bool
    may_change: bool
    may_share_again: bool


class SharedFilters(In):
    """Which entries of the ledger to list."""

    side: Side | None = None
    kind: SharedKind | None = None
    live: bool | None = Field(None, description="What is shared now, or what is over.")


class ListShareIn(In):
    """What the other side may use the members for, what comes with them, until when."""

    purpose: WhatFor
    fields: Facts = []
    ends_on: LastDay = None


class MemberShareIn(ListShareIn):
    """A member of the own cluster, and what for."""

    member_id: Id


class FileShareIn(In):
    """What the other side may use a file for, and until when."""

    purpose: WhatFor
    ends_on: LastDay = None


class ShareChanges(In):
    """Only what is sent changes."""

    fields: Facts = unsent()
    ends_on: LastDay = None


def _tell(
    grants: list[SharingGrant], *, request: HttpRequest, partnership_id: int, **_: Any
) -> list[SharedOut]:
    partnership = queries.get_partnership(partnership_id)
    items = ledger.tell_items(request.reader, partnership, grants, today=timezone.now().date())
    return [_shared_out(item) for item in items]


def _shared_out(item: ledger.SharedItem) -> SharedOut:
    grant = item.grant
    return SharedOut(
        id=grant.pk, kind=grant.kind, side=item.party.side,
        organisation=Named.model_validate(item.party.organisation), what=item.what,
        member_id=grant.member.pk if grant.member else None, fields=grant.fields,
        purpose=grant.purpose, ends_on=grant.ends_on, granted_at=grant.granted_at,
        granted_by=grant.granted_by.name if grant.granted_by else "",
        withdrawn_at=grant.withdrawn_at, is_live=item.is_live, may_change=item.may_change,
        may_share_again=item.may_share_again,
    )  # fmt: skip


def _show(
    request: HttpRequest, response: HttpResponse, partnership_id: int, grant_id: int
) -> SharedOut:
    """Return an entry with its ETag."""
    ledger.open_ledger(request.reader, partnership_id)
    grant = queries.get_grant(grant_id, partnership_id=partnership_id)
    (told,) = _tell([grant], request=request, partnership_id=partnership_id)
    show_version(response, operations.grant_version(grant), told.model_dump_json())
    return told


def _show_new(
    request: HttpRequest, response: HttpResponse, made: SharingGrant
) -> Status[SharedOut]:
    response["Location"] = f"/api/v1/partnerships/{made.partnership_id}/sharing/{made.pk}"
    return Status(201, _show(request, response, made.partnership_id, made.pk))


@router.get("/{partnership_id}/sharing", response=list[SharedOut], summary="What is shared")
@in_pages("-id", tell=_tell)
def list_shared(
    request: HttpRequest, partnership_id: Id, filters: Query[SharedFilters]
) -> QuerySet[SharingGrant]:
    """The ledger, newest first, with what is over; for people of the two clusters."""
    partnership = ledger.open_ledger(request.reader, partnership_id)
    return queries.find_grants(
        partnership, today=timezone.now().date(), is_live=filters.live, kind=filters.kind or "",
        organisation_id=queries.organisation_on(partnership, filters.side),
    )  # fmt: skip


@router.post(
    "/{partnership_id}/sharing/list", response={201: SharedOut}, summary="Share the member list"
)
def share_list(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, wanted: ListShareIn
) -> Status[SharedOut]:
    """The members of the caller's cluster that are visible to partners; the others stay hidden."""
    made = operations.grant_sharing(
        actor=request.reader, partnership_id=partnership_id, now=timezone.now(),
        **wanted.model_dump(),
    )  # fmt: skip
    return _show_new(request, response, made)


@router.post(
    "/{partnership_id}/sharing/member", response={201: SharedOut}, summary="Share a member"
)
def share_member(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, wanted: MemberShareIn
) -> Status[SharedOut]:
    """One entry with its offers and needs, even if the list is not shared."""
    made = operations.grant_sharing(
        actor=request.reader, partnership_id=partnership_id, now=timezone.now(),
        **wanted.model_dump(),
    )  # fmt: skip
    return _show_new(request, response, made)


@router.post("/{partnership_id}/sharing/file", response={201: SharedOut}, summary="Share a file")
def share_file(
    request: HttpRequest,
    response: HttpResponse,
    partnership_id: Id,
    form: Form[FileShareIn],
    file: File[UploadedFile],
) -> Status[SharedOut]:
    """Up to 10 MB, for the staff of the other side; both sides see who downloaded it, and when."""
    made = operations.share_file(
        actor=request.reader, partnership_id=partnership_id, name=file.name or "",
        content=file.read(), now=timezone.now(), **form.model_dump(),
    )  # fmt: skip
    return _show_new(request, response, made)


@router.get("/{partnership_id}/sharing/{grant_id}", response=SharedOut, summary="One thing shared")
def show_shared(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, grant_id: Id
) -> SharedOut:
    """What is shared, what for, until when, and what the caller may do with it."""
    return _show(request, response, partnership_id, grant_id)


@router.patch(
    "/{partnership_id}/sharing/{grant_id}", response=SharedOut, summary="Change what is shared"
)
def change_shared(
    request: HttpRequest,
    response: HttpResponse,
    partnership_id: Id,
    grant_id: Id,
    changes: ShareChanges,
    if_match: IfMatch = None,
) -> SharedOut:
    """The last day, and the facts that come with members; it holds at once."""
    grant = queries.get_grant(grant_id, partnership_id=partnership_id)
    values = {"ends_on": grant.ends_on, "fields": grant.fields}
    operations.change_sharing(
        actor=request.reader, grant_id=grant_id, now=timezone.now(),
        version=match_version(if_match, operations.grant_version(grant)),
        **values | changes.sent(),
    )  # fmt: skip
    return _show(request, response, partnership_id, grant_id)


@router.post(
    "/{partnership_id}/sharing/{grant_id}/withdraw", response=SharedOut, summary="Stop sharing"
)
def withdraw_shared(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, grant_id: Id
) -> SharedOut:
    """At once, for pages, files and programs alike; it can be shared again."""
    queries.get_grant(grant_id, partnership_id=partnership_id)
    operations.withdraw_sharing(actor=request.reader, grant_id=grant_id, now=timezone.now())
    return _show(request, response, partnership_id, grant_id)


@router.post(
    "/{partnership_id}/sharing/{grant_id}/again", response={201: SharedOut}, summary="Share again"
)
def share_again(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, grant_id: Id
) -> Status[SharedOut]:
    """What was withdrawn or has run out, as a new entry; the old one stays in the ledger."""
    queries.get_grant(grant_id, partnership_id=partnership_id)
    made = operations.share_again(actor=request.reader, grant_id=grant_id, now=timezone.now())
    return _show_new(request, response, made)


@router.get(
    "/{partnership_id}/sharing/{grant_id}/file",
    summary="Download a shared file",
    openapi_extra=file_of(*MEDIA_TYPES),
)
def download_shared_file(request: HttpRequest, partnership_id: Id, grant_id: Id) -> HttpResponse:
    """While it is shared; for the other side it is noted, once a day."""
    queries.get_grant(grant_id, partnership_id=partnership_id)
    return answer_file(
        operations.open_file(actor=request.reader, grant_id=grant_id, now=timezone.now())
    )


@router.delete(
    "/{partnership_id}/sharing/{grant_id}/file",
    response={204: None},
    summary="Delete a shared file",
)
def remove_shared_file(request: HttpRequest, partnership_id: Id, grant_id: Id) -> Status[None]:
    """It is gone, and shared in no partnership any more; its name stays in the ledger."""
    queries.get_grant(grant_id, partnership_id=partnership_id)
    operations.remove_file(actor=request.reader, grant_id=grant_id, now=timezone.now())
    return Status(204, None)
