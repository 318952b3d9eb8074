"""Public pages over the API: the draft of a room, what the world would see, and what it sees."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.queries import parties_of

router = scoped_router("alliances", tag="Alliances")
_PAGE = "/{partnership_id}/page"
_LANGUAGE = Literal["en", "fr", "el", "ar"]
_Key = Annotated[str, Field(max_length=40)]


class PageOfferOut(Out):
    """Something that the page can show: send its `key` in `shown`."""

    key: str
    group: Literal["goals", "activities", "results", "sums", "partners"]
    title: str
    is_public: bool


class PageOut(Out):
    """The draft of a public page; `version` 0: nobody has written it yet."""

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
    """What changes; what is left out stays. `shown` is the whole of what the page shows."""

    headline: Annotated[str, Field(max_length=200)] = unsent()
    about: Annotated[str, Field(max_length=6000)] = unsent()
    audience: Annotated[str, Field(max_length=3000)] = unsent()
    joining: Annotated[str, Field(max_length=3000)] = unsent()
    contact: Email | Literal[""] = unsent()
    language: _LANGUAGE = unsent()
    slug: Annotated[str, Field(max_length=80, pattern="^[-a-zA-Z0-9_]*$")] = unsent()
    shown: Annotated[list[_Key], Field(max_length=2000)] = unsent()


class PageMemberOut(Out):
    """A member; `side` is its letter."""

    name: str
    side: str
    country: str
    city: str
    website: str
    since: date | None


class PagePartnerOut(Out):
    """An organisation of a further country."""

    name: str
    country: str
    website: str


class PageMeasureOut(Out):
    """A key result, and how much of its way is gone in percent."""

    title: str
    percent: int | None


class PageGoalOut(Out):
    """A goal, and how far it is."""

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
    """Something that came of it; `amount` is null where no sum is shown."""

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
        """As text, so that no cent is lost."""
        return None if one.amount is None else str(one.amount)


class PageContentOut(Out):
    """What everybody reads."""

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
    """What would be published of a draft as it stands."""

    number: int
    slug: str
    checksum: str
    contact: str
    missing: list[str]
    remarks: list[str]
    content: PageContentOut


class PageVersionRow(Out):
    """A version of a page; without `published_at` nobody else sees it."""

    id: int
    number: int
    slug: str
    title: str
    language: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str


class PageAskIn(In):
    """The checksum of the preview that was read: nobody signs what was changed since."""

    checksum: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PageTextOut(Out):
    """The text that all sides sign; sign it under `/partnerships/{partnership_id}/texts/{id}`."""

    id: int
    number: int
    text: str
    text_hash: str
    completed_at: datetime | None


class PageWithdrawIn(In):
    """Why: everybody reads it where the page stood."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class PublishedFilters(In):
    """Which pages to list: words, a country of members or partners by its two letters."""

    q: str = Field("", max_length=100)
    country: str = Field("", max_length=2)


class PublishedPageOut(PageVersionRow):
    """A page as everybody reads it. `is_outdated`: members have joined or left since."""

    contact: str
    content: PageContentOut | None
    is_outdated: bool
    ended_on: date | None


def _tell(page: Page, request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    partnership = enter(request, page.partnership_id)
    versions = list_versions(partnership.pk)
    together = read_together(
        partnership, parties_of(partnership), versions, today=timezone.localdate()
    )
    show_version(response, page.version)
    names = (*writing.WORDS, "partnership_id", "shown", "version")
    return {name: getattr(page, name) for name in names} | {"offers": offers_of(together)}


@router.get("/published", response=list[PageVersionRow], summary="Public pages")
@in_pages("-id")
def list_published_pages(
    request: HttpRequest, filters: Query[PublishedFilters]
) -> QuerySet[PageVersion]:
    """The newest version of each that stands."""
    wanted = published.Wanted(filters.q, filters.country.upper())
    return published.find_published(wanted).order_by()


@router.get("/published/{slug}", response=PublishedPageOut, summary="A public page")
def show_published_page(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Its newest version, and whether members have joined or left since; withdrawn, only why."""
    one = published.get_published(slug[:80])
    told = {name: getattr(one, name) for name in PageVersionRow.model_fields}
    if one.withdrawn_at is not None:
        nothing = {"contact": "", "content": None, "is_outdated": False, "ended_on": None}
        return told | nothing
    said = from_json(one.content)
    standing = published.read_standing(one, said)
    return told | {
        "contact": one.contact, "content": said, "is_outdated": standing.is_outdated,
        "ended_on": standing.ended_on,
    }  # fmt: skip


@router.get(_PAGE, response=PageOut, summary="The draft of a public page")
def show_page(request: HttpRequest, response: HttpResponse, partnership_id: Id) -> dict[str, Any]:
    """With what it can show."""
    enter(request, partnership_id)
    return _tell(get_page(partnership_id), request, response)


@router.patch(_PAGE, response=PageOut, summary="Write the draft of a public page")
def write_page(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, change: PageChangeIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:  # fmt: skip
    """Nobody else sees it before all sides have signed. The first time, send `If-Match: "0"`."""
    enter(request, partnership_id)
    current = get_page(partnership_id)
    page = writing.write_page(
        actor=request.reader, partnership_id=partnership_id, values=change.sent(),
        version=match_version(if_match, current.version), now=timezone.localtime(),
    )  # fmt: skip
    return _tell(page, request, response)


@router.get(f"{_PAGE}/preview", response=PagePreviewOut, summary="What would be published")
def preview_page(request: HttpRequest, partnership_id: Id) -> publishing.Prepared:
    """And what is missing before it can be."""
    partnership = enter(request, partnership_id)
    return publishing.prepare_page(
        get_page(partnership_id), partnership, parties_of(partnership),
        list_versions(partnership_id), today=timezone.localdate(),
    )  # fmt: skip


@router.get(f"{_PAGE}/versions", response=list[PageVersionRow], summary="Versions of a public page")
@in_pages("-id")
def list_page_versions(request: HttpRequest, partnership_id: Id) -> QuerySet[PageVersion]:
    """The one that waits for signatures among them."""
    enter(request, partnership_id)
    return find_versions(partnership_id)


@router.post(
    f"{_PAGE}/publication", response={201: PageTextOut}, summary="Put a page before all sides"
)
def ask_page(request: HttpRequest, partnership_id: Id, given: PageAskIn) -> Status[Any]:
    """Signed at once for one's own side; with the last signature everybody reads it."""
    enter(request, partnership_id)
    made = publishing.ask_page(
        actor=request.reader, partnership_id=partnership_id, seen=given.checksum,
        now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, made)


@router.post(f"{_PAGE}/withdraw", response=PageVersionRow, summary="Withdraw a public page")
def withdraw_page(request: HttpRequest, partnership_id: Id, given: PageWithdrawIn) -> PageVersion:
    """In all its versions: its address says so, and why."""
    enter(request, partnership_id)
    return publishing.withdraw_page(
        actor=request.reader, partnership_id=partnership_id, reason=given.reason,
        now=timezone.localtime(),
    )  # fmt: skip
