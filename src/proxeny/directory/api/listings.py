"""Offers and needs: the list, one, a new one, changes, archive and back."""

from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.directory import operations, queries
from proxeny.directory.api._router import router
from proxeny.directory.api._values import Direction, LanguageCode, ListingKind, ListingStatus
from proxeny.directory.models import Listing
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

Title = Annotated[str, Field(min_length=1, max_length=256)]
Summary = Annotated[str, Field(max_length=500)]


class ListingOut(Out):
    """An offer or a need. Drafts and archived ones are shown to its own people and its steward."""

    id: int
    organisation: Named
    direction: Direction
    kind: ListingKind
    title: str
    summary: str
    language: str
    status: ListingStatus
    created_at: datetime
    updated_at: datetime
    version: int


class ListingFilters(In):
    """Which offers and needs to list."""

    organisation: Id | None = None
    direction: Direction | None = None
    kind: ListingKind | None = None
    status: ListingStatus | None = None


class ListingChanges(In):
    """What a change says; only what is sent changes. A draft is no archived one: restore that."""

    direction: Direction = unsent()
    kind: ListingKind = unsent()
    title: Title = unsent()
    summary: Summary = unsent()
    language: LanguageCode = unsent()
    is_draft: bool = unsent()


class ListingIn(In):
    """An offer or a need."""

    direction: Direction
    title: Title
    kind: ListingKind = Listing.Kind.BUSINESS.value
    summary: Summary = ""
    language: LanguageCode = "en"
    is_draft: bool = False


@router.get("/listings", response=list[ListingOut], summary="Offers and needs")
@in_pages("-id")
def list_listings(request: HttpRequest, filters: Query[ListingFilters]) -> QuerySet[Listing]:
    """Offers and needs that the caller may see, the newest first."""
    return queries.list_listings(
        organisation_id=filters.organisation, direction=filters.direction, kind=filters.kind,
        status=filters.status,
    )  # fmt: skip


@router.get("/listings/{listing_id}", response=ListingOut, summary="An offer or a need")
def show_listing(request: HttpRequest, response: HttpResponse, listing_id: Id) -> Listing:
    """Its text, and where it stands."""
    return _shown(listing_id, response)


@router.post(
    "/organisations/{organisation_id}/listings",
    response={201: ListingOut},
    summary="Add an offer or a need",
)
def add_listing(
    request: HttpRequest, response: HttpResponse, organisation_id: Id, listing: ListingIn
) -> Status[Listing]:
    """A published one is seen by whoever sees the organisation, which is found by its words."""
    made = operations.add_listing(
        actor=request.reader, organisation_id=organisation_id, **listing.model_dump()
    )
    response["Location"] = f"/api/v1/directory/listings/{made.pk}"
    return Status(201, _shown(made.pk, response))


@router.patch("/listings/{listing_id}", response=ListingOut, summary="Change an offer or a need")
def update_listing(
    request: HttpRequest,
    response: HttpResponse,
    listing_id: Id,
    changes: ListingChanges,
    if_match: IfMatch = None,
) -> Listing:
    """Only what is sent changes; to change an archived one publishes it, or makes it a draft."""
    listing = queries.get_listing(listing_id)
    version = match_version(if_match, listing.version)
    names = ("direction", "kind", "title", "summary", "language")
    values = {name: getattr(listing, name) for name in names}
    values["is_draft"] = listing.status == Listing.Status.DRAFT
    operations.update_listing(
        actor=request.reader, listing_id=listing_id, version=version, **values | changes.sent()
    )
    return _shown(listing_id, response)


@router.post(
    "/listings/{listing_id}/archive", response=ListingOut, summary="Archive an offer or a need"
)
def archive_listing(request: HttpRequest, response: HttpResponse, listing_id: Id) -> Listing:
    """It is off the page, and can be brought back."""
    operations.archive_listing(actor=request.reader, listing_id=listing_id)
    return _shown(listing_id, response)


@router.post(
    "/listings/{listing_id}/restore", response=ListingOut, summary="Publish an archived one again"
)
def restore_listing(request: HttpRequest, response: HttpResponse, listing_id: Id) -> Listing:
    """It is on the page again."""
    operations.restore_listing(actor=request.reader, listing_id=listing_id)
    return _shown(listing_id, response)


def _shown(listing_id: int, response: HttpResponse) -> Listing:
    listing = queries.get_listing(listing_id)
    show_version(response, listing.version)
    return listing
