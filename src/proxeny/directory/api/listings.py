"""Offers and needs: the list, one, a new one, changes, and the steps of their life."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
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
from proxeny.directory.operations.listing_guards import is_reviewing
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
from proxeny.kernel.requests import Request

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

    Drafts and archived texts are shown to the organisation's own people and its steward's managers;
    those in review, on hold or expired also to all of the steward's people. For an anonymous text,
    `organisation` is the cluster that publishes it; `behind` is the member, shown only to the
    cluster's people and the member.
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
        """Return the member, as far as the caller may know it."""
        owner = rules.owner_of(listing)
        return None if owner.pk == listing.organisation_id else owner


class PublishedFilters(In):
    """Filters for published offers and needs. Country and field are the organisation's."""

    q: Words = ""
    direction: Direction | None = None
    kind: ListingKind | None = None
    country: Country | None = None
    field: FieldName = ""
    is_open: bool = Field(False, description="Only those open to interest.")
    changed_since: Moment | None = None

    def to_filters(self) -> queries.ListingFilters:
        """Return what was asked."""
        return filters_from(queries.ListingFilters, self)


class ListingsFilters(PublishedFilters):
    """Filters for a list of offers and needs.

    Words, country, field and openness only find published ones.
    """

    organisation: Id | None = None
    status: ListingStatus | None = None


class ListingSearch(PublishedFilters):
    """What to search for, in which order, and which page of fifty."""

    sort: HitOrder = Field(
        "", description="If empty: best matches first if there are words, otherwise newest first."
    )
    page: PageNumber = 1


class ListingFacets(Out):
    """The values by which you can narrow down the list, by filter.

    Each is counted with all other filters applied.
    """

    direction: list[FacetChoice]
    kind: list[FacetChoice]
    country: list[FacetChoice]
    field: list[FacetChoice]


class ListingHits(Hits):
    """A page of results. Beyond ten thousand, the total is approximate and `is_exact` is false."""

    items: list[ListingOut]
    facets: ListingFacets


class ListingChanges(In):
    """Changes to an offer or need. Only the fields you send change.

    An archived text is not a draft: restore it instead.
    """

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
    """Something to look at in a text: the kind, the field, and a sentence about it."""

    code: str
    part: str
    sentence: str


@router.get("/listings", response=list[ListingOut], summary="List offers and needs")
@in_pages("-id")
def list_listings(request: Request, filters: Query[ListingsFilters]) -> QuerySet[Listing]:
    """Returns the offers and needs you may see, newest first."""
    asked = filters.to_filters()
    return queries.list_listings(
        organisation_id=filters.organisation,
        status=filters.status,
        direction=filters.direction,
        kind=filters.kind,
        published=replace(asked, direction="", kind=""),
    )


@router.get("/listings/search", response=ListingHits, summary="Search offers and needs")
def search_listings(request: Request, wanted: Query[ListingSearch]) -> dict[str, Any]:
    """Searches published texts as on the page: best matches first, with typing errors corrected,
    and with counts.
    """
    return tell_hits(queries.get_listing_page(wanted.to_filters(), number=wanted.page))


@router.get("/listings/{listing_id}", response=ListingOut, summary="Get an offer or need")
def show_listing(request: Request, response: HttpResponse, listing_id: Id) -> Listing:
    """Returns its text and its state."""
    return _shown(listing_id, response)


@router.get(
    "/listings/{listing_id}/hints", response=list[HintOut], summary="Get hints on an offer or need"
)
def show_hints(request: Request, listing_id: Id) -> list[Any]:
    """Points out what gives away its authors, reads like an advert, or is missing.

    For authors and reviewers.
    """
    listing, today = queries.get_listing(listing_id), timezone.localdate()
    if not rules.can_edit_listing(request.reader, listing) and not is_reviewing(
        request.reader, listing, today=today
    ):
        raise NotAllowed("Only its writers and who reviews it look at this.")
    return hints_for(listing, today=today)


@router.post(
    "/organisations/{organisation_id}/listings",
    response={201: ListingOut},
    summary="Add an offer or need",
)
def add_listing(
    request: Request, response: HttpResponse, organisation_id: Id, listing: ListingIn
) -> Status[Listing]:
    """What a member submits waits for an adviser of its cluster (`review`), unless the cluster
    doesn't review texts. What the cluster's managers write is published at once.
    """
    values = listing.model_dump()
    is_draft = values.pop("is_draft")
    made = writing.add_listing(
        actor=request.reader,
        organisation_id=organisation_id,
        text=ListingText(**values),
        is_draft=is_draft,
        now=timezone.now(),
    )
    response["Location"] = f"/api/v1/directory/listings/{made.pk}"
    return Status(201, _shown(made.pk, response))


@router.patch("/listings/{listing_id}", response=ListingOut, summary="Update an offer or need")
def update_listing(
    request: Request,
    response: HttpResponse,
    listing_id: Id,
    changes: ListingChanges,
    if_match: IfMatch = None,
) -> Listing:
    """Only the fields you send change. Changing an archived text publishes it, or makes it a draft.

    If a member changes the words of a published text, it waits for an adviser again.
    """
    listing = queries.get_listing(listing_id)
    version = match_version(if_match, listing.version)
    sent = changes.sent()
    is_draft = sent.pop("is_draft", listing.status == Listing.Status.DRAFT)
    writing.update_listing(
        actor=request.reader,
        listing_id=listing_id,
        version=version,
        is_draft=is_draft,
        text=ListingText(**_values(listing) | sent),
        now=timezone.now(),
    )
    return _shown(listing_id, response)


def _values(listing: Listing) -> dict[str, Any]:
    text = ListingText.of(listing)
    return {name: getattr(text, name) for name in ListingText.__slots__}


@router.post("/listings/{listing_id}/submit", response=ListingOut, summary="Publish a draft")
def submit_listing(request: Request, response: HttpResponse, listing_id: Id) -> Listing:
    """If the cluster reviews texts, the draft goes to its adviser first."""
    return _step(publishing.submit_listing, request, response, listing_id)


@router.post(
    "/listings/{listing_id}/withdraw",
    response=ListingOut,
    summary="Turn an offer or need back into a draft",
)
def withdraw_listing(request: Request, response: HttpResponse, listing_id: Id) -> Listing:
    """For a text that is in review, published or on hold."""
    return _step(publishing.withdraw_listing, request, response, listing_id)


@router.post(
    "/listings/{listing_id}/hold", response=ListingOut, summary="Put an offer or need on hold"
)
def hold_listing(request: Request, response: HttpResponse, listing_id: Id) -> Listing:
    """It is only shown to the organisation's own people and the cluster's."""
    return _step(publishing.hold_listing, request, response, listing_id)


@router.post(
    "/listings/{listing_id}/resume",
    response=ListingOut,
    summary="Publish an offer or need again after a hold",
)
def resume_listing(request: Request, response: HttpResponse, listing_id: Id) -> Listing:
    """It is shown again."""
    return _step(publishing.resume_listing, request, response, listing_id)


@router.post("/listings/{listing_id}/renew", response=ListingOut, summary="Renew an offer or need")
def renew_listing(request: Request, response: HttpResponse, listing_id: Id) -> Listing:
    """Renews it from today on, for as long as the cluster has set."""
    return _step(publishing.renew_listing, request, response, listing_id)


@router.post(
    "/listings/{listing_id}/archive", response=ListingOut, summary="Archive an offer or need"
)
def archive_listing(request: Request, response: HttpResponse, listing_id: Id) -> Listing:
    """It is no longer listed. You can restore it."""
    return _step(publishing.archive_listing, request, response, listing_id)


@router.post(
    "/listings/{listing_id}/restore", response=ListingOut, summary="Restore an offer or need"
)
def restore_listing(request: Request, response: HttpResponse, listing_id: Id) -> Listing:
    """It is published again if it ever was; otherwise it is a draft."""
    return _step(publishing.restore_listing, request, response, listing_id)


def _step(act: Any, request: Request, response: HttpResponse, listing_id: int) -> Listing:
    act(actor=request.reader, listing_id=listing_id, now=timezone.now())
    return _shown(listing_id, response)


def _shown(listing_id: int, response: HttpResponse) -> Listing:
    listing = queries.get_listing(listing_id)
    show_version(response, listing.version)
    return listing
