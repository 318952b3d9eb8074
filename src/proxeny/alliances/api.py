"""Public pages over the API: the draft of a room, its preview, and published pages."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.alliances.content import from_json
from proxeny.alliances.models import Page, PageVersion
from proxeny.alliances.offers import offers_of
from proxeny.alliances.operations import pages as writing
from proxeny.alliances.operations import publishing
from proxeny.alliances.queries import published
from proxeny.alliances.queries.pages import find_versions, get_page, list_versions
from proxeny.alliances.queries.together import read_together
from proxeny.kernel.api import (
    Email,
    Id,
    IfMatch,
    In,
    Out,
    in_pages,
    match_version,
    scoped_router,
    show_version,
    unsent,
)
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.queries import parties_of

router = scoped_router("alliances", tag="Alliances")
_PAGE = "/{partnership_id}/page"
_LANGUAGE = Literal["en", "fr", "el", "ar"]
_Key = Annotated[str, Field(max_length=40)]


class PageOfferOut(Out):
    """An item that the page can show. To show it, include its `key` in `shown`."""

    key: str
    group: Literal["goals", "activities", "results", "sums", "partners"]
    title: str
    is_public: bool


class PageOut(Out):
    """The draft of a public page. `version` is 0 until someone writes it."""

    partnership_id: int
    headline: str
    about: str
    audience: str
    joining: str
    contact: str
    language: str
    slug: str
    shown: list[str]
    offers: list[PageOfferOut]
    version: int


class PageChangeIn(In):
    """Changes to the draft.

    Fields you leave out stay as they are; `shown` replaces the whole list of what the page shows.
    """

    headline: Annotated[str, Field(max_length=200)] = unsent()
    about: Annotated[str, Field(max_length=6000)] = unsent()
    audience: Annotated[str, Field(max_length=3000)] = unsent()
    joining: Annotated[str, Field(max_length=3000)] = unsent()
    contact: Email | Literal[""] = unsent()
    language: _LANGUAGE = unsent()
    slug: Annotated[str, Field(max_length=80, pattern="^[-a-zA-Z0-9_]*$")] = unsent()
    shown: Annotated[list[_Key], Field(max_length=2000)] = unsent()


class PageMemberOut(Out):
    """A member. `side` is the letter of its side."""

    name: str
    side: str
    country: str
    city: str
    website: str
    since: date | None


class PagePartnerOut(Out):
    """An organisation from another country."""

    name: str
    country: str
    website: str


class PageMeasureOut(Out):
    """A key result and its progress in percent."""

    title: str
    percent: int | None


class PageGoalOut(Out):
    """A goal and its progress."""

    title: str
    due_on: date | None
    closed_on: date | None
    outcome: str
    percent: int | None
    measures: list[PageMeasureOut]


class PageDoingOut(Out):
    """An activity."""

    title: str
    starts_on: date
    ends_on: date
    state: str
    is_milestone: bool


class PageResultOut(Out):
    """An outcome. `amount` is null if no amount is shown."""

    kind: str
    title: str
    note: str
    language: str
    on: date | None
    url: str
    amount: str | None
    currency: str

    @staticmethod
    def resolve_amount(one: Any) -> str | None:
        """Return the amount as text, so that no cent is lost."""
        return None if one.amount is None else str(one.amount)


class PageContentOut(Out):
    """The public content of a page."""

    headline: str
    about: str
    audience: str
    joining: str
    language: str
    since: date | None
    alliance_since: date | None
    is_alliance: bool
    members: list[PageMemberOut]
    partners: list[PagePartnerOut]
    goals: list[PageGoalOut]
    activities: list[PageDoingOut]
    results: list[PageResultOut]


class PagePreviewOut(Out):
    """What would be published from the current draft."""

    number: int
    slug: str
    checksum: str
    contact: str
    missing: list[str]
    remarks: list[str]
    content: PageContentOut


class PageVersionRow(Out):
    """A version of a page. Until `published_at` is set, no one else can see it."""

    id: int
    number: int
    slug: str
    title: str
    language: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str


class PageAskIn(In):
    """The checksum of the preview you have read, so that no one signs a text that has changed
    since.
    """

    checksum: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PageTextOut(Out):
    """The text that all sides sign. Sign it under `/partnerships/{partnership_id}/texts/{id}`."""

    id: int
    number: int
    text: str
    text_hash: str
    completed_at: datetime | None


class PageWithdrawIn(In):
    """The reason, which everyone can read in place of the page."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class PublishedFilters(In):
    """Filters for a list of pages: words, and the two-letter code of a country of members or
    partners.
    """

    q: str = Field("", max_length=100)
    country: str = Field("", max_length=2)


class PublishedPageOut(PageVersionRow):
    """A page as everyone sees it. `is_outdated` is true if members have joined or left since."""

    contact: str
    content: PageContentOut | None
    is_outdated: bool
    ended_on: date | None


def _tell(page: Page, request: Request, response: HttpResponse) -> dict[str, Any]:
    partnership = enter(request, page.partnership_id)
    versions = list_versions(partnership.pk)
    together = read_together(
        partnership, parties_of(partnership), versions, today=timezone.localdate()
    )
    show_version(response, page.version)
    names = (*writing.WORDS, "partnership_id", "shown", "version")
    return {name: getattr(page, name) for name in names} | {"offers": offers_of(together)}


@router.get("/published", response=list[PageVersionRow], summary="List public pages")
@in_pages("-id")
def list_published_pages(
    request: Request, filters: Query[PublishedFilters]
) -> QuerySet[PageVersion]:
    """Returns the newest version of each published page. Withdrawn pages are left out."""
    wanted = published.Wanted(filters.q, filters.country.upper())
    return published.find_published(wanted).order_by()


@router.get("/published/{slug}", response=PublishedPageOut, summary="Get a public page")
def show_published_page(request: Request, slug: str) -> dict[str, Any]:
    """Returns its newest version, and whether members have joined or left since.

    For a withdrawn page, only the reason is given.
    """
    one = published.get_published(slug[:80])
    told = {name: getattr(one, name) for name in PageVersionRow.model_fields}
    if one.withdrawn_at is not None:
        nothing = {"contact": "", "content": None, "is_outdated": False, "ended_on": None}
        return told | nothing
    said = from_json(one.content)
    standing = published.read_standing(one, said)
    return told | {
        "contact": one.contact,
        "content": said,
        "is_outdated": standing.is_outdated,
        "ended_on": standing.ended_on,
    }


@router.get(_PAGE, response=PageOut, summary="Get the draft of a public page")
def show_page(request: Request, response: HttpResponse, partnership_id: Id) -> dict[str, Any]:
    """Includes everything that the page can show."""
    enter(request, partnership_id)
    return _tell(get_page(partnership_id), request, response)


@router.patch(_PAGE, response=PageOut, summary="Update the draft of a public page")
def write_page(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    change: PageChangeIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """No one else sees it until all sides have signed.

    For the first update, send `If-Match: "0"`.
    """
    enter(request, partnership_id)
    current = get_page(partnership_id)
    page = writing.write_page(
        actor=request.reader,
        partnership_id=partnership_id,
        values=change.sent(),
        version=match_version(if_match, current.version),
        now=timezone.localtime(),
    )
    return _tell(page, request, response)


@router.get(f"{_PAGE}/preview", response=PagePreviewOut, summary="Preview a public page")
def preview_page(request: Request, partnership_id: Id) -> publishing.Prepared:
    """Returns what would be published, and what is missing before it can be."""
    partnership = enter(request, partnership_id)
    return publishing.prepare_page(
        get_page(partnership_id),
        partnership,
        parties_of(partnership),
        list_versions(partnership_id),
        today=timezone.localdate(),
    )


@router.get(
    f"{_PAGE}/versions", response=list[PageVersionRow], summary="List versions of a public page"
)
@in_pages("-id")
def list_page_versions(request: Request, partnership_id: Id) -> QuerySet[PageVersion]:
    """Includes the version that is waiting for signatures."""
    enter(request, partnership_id)
    return find_versions(partnership_id)


@router.post(
    f"{_PAGE}/publication", response={201: PageTextOut}, summary="Send a page for signature"
)
def ask_page(request: Request, partnership_id: Id, given: PageAskIn) -> Status[Any]:
    """Your own side signs at once. With the last signature, the page is published."""
    enter(request, partnership_id)
    made = publishing.ask_page(
        actor=request.reader,
        partnership_id=partnership_id,
        seen=given.checksum,
        now=timezone.localtime(),
    )
    return Status(201, made)


@router.post(f"{_PAGE}/withdraw", response=PageVersionRow, summary="Withdraw a public page")
def withdraw_page(request: Request, partnership_id: Id, given: PageWithdrawIn) -> PageVersion:
    """Withdraws all its versions. Its address then shows that the page was withdrawn, and why."""
    enter(request, partnership_id)
    return publishing.withdraw_page(
        actor=request.reader,
        partnership_id=partnership_id,
        reason=given.reason,
        now=timezone.localtime(),
    )
