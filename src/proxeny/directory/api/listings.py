"""Offers and needs: the list, one, a new one, changes, and the steps of their life."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.directory import queries, rules
from proxeny.directory.api._hits import FacetChoice, Hits, tell_hits
from proxeny.directory.api._router import router
from proxeny.directory.api._values import (
    AnyKind,
    Country,
    Direction,
    FieldName,
    HitOrder,
    LanguageCode,
    ListingKind,
    ListingStatus,
    PageNumber,
    Words,
    filters_from,
)
from proxeny.directory.models import IPR, Listing, Size, Stage
from proxeny.directory.operations import listings as writing
from proxeny.directory.operations import publishing
from proxeny.directory.operations.listing_desk import is_reviewing
from proxeny.directory.operations.listings import MAX_KEYWORDS, ListingText
from proxeny.directory.queries.hints import hints_for
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
from proxeny.kernel.api.times import Day, Moment
from proxeny.kernel.errors import NotAllowed

Title = Annotated[str, Field(min_length=1, max_length=256)]
Summary = Annotated[str, Field(max_length=500)]
Text = Annotated[str, Field(max_length=4000)]
Keywords = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=80)]], Field(max_length=MAX_KEYWORDS)
]
StageCode = Literal["", *Stage.values]
IprCode = Literal["", *IPR.values]
Kinds = Annotated[list[AnyKind], Field(max_length=20)]
Sizes = Annotated[list[Literal[*Size.values]], Field(max_length=10)]
Countries = Annotated[list[Country], Field(max_length=250)]


class ListingOut(Out):
    """An offer or a need.

    Drafts and archived ones are shown to its own people and its steward's managers, those in review,
    on hold and expired to all its steward's people too. Of an anonymous one `organisation` is the
    cluster that publishes it; `behind` is the member, for the cluster's people and the member alone.
    """

    id: int
    organisation: Named
    behind: Named | None
    direction: Direction
    kind: ListingKind
    title: str
    summary: str
    description: str
    partner_role: str
    language: str
    markets: list[str]
    technologies: list[str]
    stage: StageCode
    ipr: IprCode
    partner_kinds: list[str]
    partner_sizes: list[str]
    partner_countries: list[str]
    is_open: bool
    is_anonymous: bool
    status: ListingStatus
    note: str
    expires_on: date | None
    created_at: datetime
    updated_at: datetime
    version: int

    @staticmethod
    def resolve_behind(listing: Listing) -> Any:
        """As far as the caller may know it."""
        owner = rules.owner_of(listing)
        return None if owner.pk == listing.organisation_id else owner


class PublishedFilters(In):
    """Which of the published offers and needs to find; country and field are the organisation's."""

    q: Words = ""
    direction: Direction | None = None
    kind: ListingKind | None = None
    country: Country | None = None
    field: FieldName = ""
    is_open: bool = Field(False, description="Only those that take interest.")
    changed_since: Moment | None = None

    def to_filters(self) -> queries.ListingFilters:
        """Return what was asked."""
        return filters_from(queries.ListingFilters, self)


class ListingsFilters(PublishedFilters):
    """Which offers and needs to list. Words, country, field and openness find published ones."""

    organisation: Id | None = None
    status: ListingStatus | None = None


class ListingSearch(PublishedFilters):
    """What to look for, in which order, and which page of fifty."""

    sort: HitOrder = Field(
        "", description="Without one: the best first where there are words, else the newest."
    )
    page: PageNumber = 1


class ListingFacets(Out):
    """What the list can be narrowed to, by filter; each counted with all the other filters."""

    direction: list[FacetChoice]
    kind: list[FacetChoice]
    country: list[FacetChoice]
    field: list[FacetChoice]


class ListingHits(Hits):
    """A page of hits; beyond ten thousand the total is about right and `is_exact` false."""

    items: list[ListingOut]
    facets: ListingFacets


class ListingChanges(In):
    """What a change says; only what is sent changes. A draft is no archived one: restore that."""

    direction: Direction = unsent()
    kind: ListingKind = unsent()
    title: Title = unsent()
    summary: Summary = unsent()
    description: Text = unsent()
    partner_role: Text = unsent()
    language: LanguageCode = unsent()
    markets: Keywords = unsent()
    technologies: Keywords = unsent()
    stage: StageCode = unsent()
    ipr: IprCode = unsent()
    partner_kinds: Kinds = unsent()
    partner_sizes: Sizes = unsent()
    partner_countries: Countries = unsent()
    is_open: bool = unsent()
    is_anonymous: bool = unsent()
    expires_on: Day | None = unsent()
    is_draft: bool = unsent()


class ListingIn(In):
    """An offer or a need."""

    direction: Direction
    title: Title
    kind: ListingKind = Listing.Kind.BUSINESS.value
    summary: Summary = ""
    description: Text = ""
    partner_role: Text = ""
    language: LanguageCode = "en"
    markets: Keywords = []
    technologies: Keywords = []
    stage: StageCode = ""
    ipr: IprCode = ""
    partner_kinds: Kinds = []
    partner_sizes: Sizes = []
    partner_countries: Countries = []
    is_open: bool = True
    is_anonymous: bool = False
    expires_on: Day | None = None
    is_draft: bool = False


class HintOut(Out):
    """One thing to look at in a text: of what sort, in which field, and a sentence about it."""

    code: str
    part: str
    sentence: str


@router.get("/listings", response=list[ListingOut], summary="Offers and needs")
@in_pages("-id")
def list_listings(request: HttpRequest, filters: Query[ListingsFilters]) -> QuerySet[Listing]:
    """Offers and needs that the caller may see, the newest first."""
    asked = filters.to_filters()
    return queries.list_listings(
        organisation_id=filters.organisation, status=filters.status, direction=filters.direction,
        kind=filters.kind, published=replace(asked, direction="", kind=""),
    )  # fmt: skip


@router.get("/listings/search", response=ListingHits, summary="Search offers and needs")
def search_listings(request: HttpRequest, wanted: Query[ListingSearch]) -> dict[str, Any]:
    """As on the page: published ones, the best first, typing errors mended, counts."""
    return tell_hits(queries.get_listing_page(wanted.to_filters(), number=wanted.page))


@router.get("/listings/{listing_id}", response=ListingOut, summary="An offer or a need")
def show_listing(request: HttpRequest, response: HttpResponse, listing_id: Id) -> Listing:
    """Its text, and where it stands."""
    return _shown(listing_id, response)


@router.get("/listings/{listing_id}/hints", response=list[HintOut], summary="What to look at")
def show_hints(request: HttpRequest, listing_id: Id) -> list[Any]:
    """What gives its writers away, reads like an advert, or is missing. For writers and reviewers."""
    listing, today = queries.get_listing(listing_id), timezone.localdate()
    if not rules.can_edit_listing(request.reader, listing) and not is_reviewing(
        request.reader, listing, today=today
    ):
        raise NotAllowed("Only its writers and who reviews it look at this.")
    return hints_for(listing, today=today)


@router.post(
    "/organisations/{organisation_id}/listings",
    response={201: ListingOut},
    summary="Add an offer or a need",
)
def add_listing(
    request: HttpRequest, response: HttpResponse, organisation_id: Id, listing: ListingIn
) -> Status[Listing]:
    """What a member submits waits for an adviser of its cluster (`review`), unless the cluster wants
    none; what the cluster's managers write is published at once."""
    values = listing.model_dump()
    is_draft = values.pop("is_draft")
    made = writing.add_listing(
        actor=request.reader, organisation_id=organisation_id, text=ListingText(**values),
        is_draft=is_draft, now=timezone.now(),
    )  # fmt: skip
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
    """Only what is sent changes; to change an archived one publishes it, or makes it a draft. Where a
    member changes the words of a published one, it waits for an adviser again."""
    listing = queries.get_listing(listing_id)
    version = match_version(if_match, listing.version)
    sent = changes.sent()
    is_draft = sent.pop("is_draft", listing.status == Listing.Status.DRAFT)
    writing.update_listing(
        actor=request.reader, listing_id=listing_id, version=version, is_draft=is_draft,
        text=ListingText(**_values(listing) | sent), now=timezone.now(),
    )  # fmt: skip
    return _shown(listing_id, response)


def _values(listing: Listing) -> dict[str, Any]:
    text = ListingText.of(listing)
    return {name: getattr(text, name) for name in ListingText.__slots__}


@router.post("/listings/{listing_id}/submit", response=ListingOut, summary="Publish a draft")
def submit_listing(request: HttpRequest, response: HttpResponse, listing_id: Id) -> Listing:
    """Or lay it before the cluster's adviser."""
    return _step(publishing.submit_listing, request, response, listing_id)


@router.post(
    "/listings/{listing_id}/withdraw", response=ListingOut, summary="Make it a draft again"
)
def withdraw_listing(request: HttpRequest, response: HttpResponse, listing_id: Id) -> Listing:
    """What waits for an adviser, is published or rests."""
    return _step(publishing.withdraw_listing, request, response, listing_id)


@router.post("/listings/{listing_id}/hold", response=ListingOut, summary="Let it rest")
def hold_listing(request: HttpRequest, response: HttpResponse, listing_id: Id) -> Listing:
    """It is shown to nobody but its own people and the cluster's."""
    return _step(publishing.hold_listing, request, response, listing_id)


@router.post("/listings/{listing_id}/resume", response=ListingOut, summary="Publish what rests")
def resume_listing(request: HttpRequest, response: HttpResponse, listing_id: Id) -> Listing:
    """It is shown again."""
    return _step(publishing.resume_listing, request, response, listing_id)


@router.post("/listings/{listing_id}/renew", response=ListingOut, summary="Renew for another term")
def renew_listing(request: HttpRequest, response: HttpResponse, listing_id: Id) -> Listing:
    """From today on, for as long as the cluster says."""
    return _step(publishing.renew_listing, request, response, listing_id)


@router.post(
    "/listings/{listing_id}/archive", response=ListingOut, summary="Archive an offer or a need"
)
def archive_listing(request: HttpRequest, response: HttpResponse, listing_id: Id) -> Listing:
    """It is off the page, and can be brought back."""
    return _step(publishing.archive_listing, request, response, listing_id)


@router.post(
    "/listings/{listing_id}/restore", response=ListingOut, summary="Bring an archived one back"
)
def restore_listing(request: HttpRequest, response: HttpResponse, listing_id: Id) -> Listing:
    """It is on the page again; one that never was is a draft."""
    return _step(publishing.restore_listing, request, response, listing_id)


def _step(act: Any, request: HttpRequest, response: HttpResponse, listing_id: int) -> Listing:
    act(actor=request.reader, listing_id=listing_id, now=timezone.now())
    return _shown(listing_id, response)


def _shown(listing_id: int, response: HttpResponse) -> Listing:
    listing = queries.get_listing(listing_id)
    show_version(response, listing.version)
    return listing
