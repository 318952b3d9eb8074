"""Requests, briefs, plans and the workload of a room by program, as the teams see them."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments.api import own  # noqa: F401
from proxeny.assessments.api._engagement import (
    AskedQuestion,
    BriefPayer,
    EngagementOut,
    EngagementRow,
    EngagementState,
    RefuseIn,
    RequestIn,
    RequestReasonIn,
    SignIn,
    Text2000,
    facts_of,
    tell_engagement,
    tell_page,
)
from proxeny.assessments.api._router import router
from proxeny.assessments.api._work import ONE, enter
from proxeny.assessments.api.catalogue import enter as enter_room
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations import advisers, briefs, closing, interests, requests
from proxeny.assessments.operations.catalogue import MOST_PRICE
from proxeny.assessments.queries import engagements as queries
from proxeny.kernel.api import (
    Id,
    IfMatch,
    In,
    Out,
    exact,
    in_pages,
    match_version,
    show_version,
    unsent,
)
from proxeny.kernel.api.times import Day
from proxeny.kernel.requests import Request

ALL = "/{partnership_id}/engagements"
Effort = exact(5, 1, least=0, most=advisers.MOST_DAYS)


class NotedRequestIn(RequestIn):
    """A request that a member of either cluster made by phone or in person."""

    service_id: Id
    client_id: Id


class EngagementFilters(In):
    """Filters for a list of engagements: ongoing ones, those in one state, or `all`."""

    state: EngagementState | Literal["all"] | None = None
    question: AskedQuestion | None = None
    market: Annotated[str, Field(pattern="^([A-Z]{2})?$")] = ""
    side: Id | None = Field(None, description="The cluster whose member made the request.")
    adviser: Id | None = None
    late: bool = False
    q: Annotated[str, Field(max_length=100)] = ""


class AdviserIn(In):
    """An adviser on your side, and how many days of work it may take."""

    person_id: Id
    leads: bool = False
    effort_days: Effort = Decimal(5)


class DeclarationIn(In):
    """Your own declaration. A conflict of interest needs a reason."""

    conflicts: bool
    reason: Annotated[str, Field(max_length=500)] = ""


class DeclarationOut(Out):
    """What was declared."""

    conflicts: bool


class BriefChanges(In):
    """Changes to the brief; everything else stays as it is."""

    goal: Text2000 = unsent()
    scope: Text2000 = unsent()
    leaves_out: Text2000 = unsent()
    delivers: Text2000 = unsent()
    price: exact(9, 2, least=0, most=MOST_PRICE) = unsent()
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", description="For example, EUR.")] = (
        unsent()
    )
    payer: BriefPayer = unsent()
    due_on: Day | None = None


class CloseEngagementIn(In):
    """The lesson learned. It names no company."""

    text: Annotated[str, Field(min_length=1, max_length=1000)]


def _shown(request: Request, response: HttpResponse, one: Engagement) -> dict[str, Any]:
    found = enter(request, one.partnership_id, one.pk)
    told = tell_engagement(request.reader, found)
    steps = [(step["id"], step["version"], step["done_on"]) for step in told["plan"]]
    signed = [one["signed_at"] for one in told["brief"]["signatures"]] if told["brief"] else []
    show_version(response, found.version, str(steps), str(signed), str(told["advisers"]))
    return told


@router.get(ALL, response=list[EngagementRow], summary="List assessments of a partnership")
@in_pages("-asked_at", "-id", tell=tell_page)
def list_engagements(
    request: Request, partnership_id: Id, filters: Query[EngagementFilters]
) -> QuerySet[Engagement]:
    """Returns ongoing assessments unless you ask for a state, newest first."""
    enter_room(request, partnership_id)
    wanted = queries.Wanted(
        search=filters.q,
        state=filters.state or "",
        question=filters.question or "",
        market=filters.market,
        side=filters.side or 0,
        adviser=filters.adviser or 0,
        is_late=filters.late,
    )
    return queries.pick_engagements(partnership_id, wanted, today=timezone.localdate())


@router.post(ALL, response={201: EngagementOut}, summary="Log a request")
def note_engagement(
    request: Request, response: HttpResponse, partnership_id: Id, asked: NotedRequestIn
) -> Status[Any]:
    """For a member of either cluster. The company gets a receipt by email."""
    enter_room(request, partnership_id)
    values = asked.model_dump()
    which = {name: values.pop(name) for name in ("service_id", "client_id")}
    queries.expect_service(which["service_id"], partnership_id)
    made = requests.note_request(
        actor=request.reader, facts=facts_of(values), now=timezone.localtime(), **which
    )
    response["Location"] = f"/api/v1/assessments/{partnership_id}/engagements/{made.pk}"
    return Status(201, _shown(request, response, made))


@router.get(ONE, response=EngagementOut, summary="Get an assessment")
def show_engagement(
    request: Request, response: HttpResponse, partnership_id: Id, engagement_id: Id
) -> dict[str, Any]:
    """Includes its request, who works on it, its brief and its plan."""
    return _shown(request, response, enter(request, partnership_id, engagement_id))


@router.put(f"{ONE}/advisers", response=EngagementOut, summary="Name an adviser")
def name_adviser(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    adviser: AdviserIn,
) -> dict[str, Any]:
    """Names an adviser on your side, or changes their details.

    Naming the first adviser accepts the request.
    """
    one = enter(request, partnership_id, engagement_id)
    advisers.name_adviser(
        actor=request.reader,
        engagement_id=one.pk,
        now=timezone.localtime(),
        **adviser.model_dump(),
    )
    return _shown(request, response, one)


@router.delete(f"{ONE}/advisers/{{person_id}}", response=EngagementOut, summary="Remove an adviser")
def release_adviser(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    person_id: Id,
) -> dict[str, Any]:
    """Removes an adviser on your side. They can be named again."""
    one = enter(request, partnership_id, engagement_id)
    advisers.release_adviser(
        actor=request.reader, engagement_id=one.pk, person_id=person_id, now=timezone.localtime()
    )
    return _shown(request, response, one)


@router.post(
    f"{ONE}/declare",
    response=DeclarationOut,
    summary="Declare whether you have a conflict of interest",
)
def declare_interest(
    request: Request, partnership_id: Id, engagement_id: Id, declared: DeclarationIn
) -> Any:
    """For yourself only. With a conflict, you can no longer read anything about the assessment."""
    one = enter(request, partnership_id, engagement_id)
    return interests.declare_interest(
        actor=request.reader,
        engagement_id=one.pk,
        now=timezone.localtime(),
        **declared.model_dump(),
    )


@router.post(f"{ONE}/decline", response=EngagementOut, summary="Decline a request")
def decline_engagement(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    why: RequestReasonIn,
) -> dict[str, Any]:
    """Possible until all sides have signed its brief. The company reads the reason."""
    one = enter(request, partnership_id, engagement_id)
    requests.decline_request(
        actor=request.reader, engagement_id=one.pk, reason=why.reason, now=timezone.localtime()
    )
    return _shown(request, response, one)


@router.post(f"{ONE}/close", response=EngagementOut, summary="Close an assessment")
def close_engagement(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    learned: CloseEngagementIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Records the lesson learned, which can be added to the template."""
    one = enter(request, partnership_id, engagement_id)
    closing.close_engagement(
        actor=request.reader,
        engagement_id=one.pk,
        text=learned.text,
        now=timezone.localtime(),
        version=match_version(if_match, one.version),
    )
    return _shown(request, response, one)


@router.post(f"{ONE}/reopen", response=EngagementOut, summary="Reopen an assessment")
def reopen_engagement(
    request: Request, response: HttpResponse, partnership_id: Id, engagement_id: Id
) -> dict[str, Any]:
    """Restores a closed or declined assessment to its previous state."""
    one = enter(request, partnership_id, engagement_id)
    closing.reopen_engagement(actor=request.reader, engagement_id=one.pk, now=timezone.localtime())
    return _shown(request, response, one)


@router.patch(f"{ONE}/brief", response=EngagementOut, summary="Write the brief")
def write_brief(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    change: BriefChanges,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Any change withdraws a text that is waiting for signatures."""
    one = enter(request, partnership_id, engagement_id)
    values = {name: getattr(one, name) for name in briefs.FIELDS} | change.sent()
    briefs.write_brief(
        actor=request.reader,
        engagement_id=one.pk,
        version=match_version(if_match, one.version),
        facts=briefs.BriefFacts(**values),
        now=timezone.localtime(),
    )
    return _shown(request, response, one)


@router.post(f"{ONE}/brief/ask", response=EngagementOut, summary="Send the brief for signature")
def ask_brief(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Only for managers, whose side signs at once."""
    one = enter(request, partnership_id, engagement_id)
    briefs.ask_brief(
        actor=request.reader,
        engagement_id=one.pk,
        version=match_version(if_match, one.version),
        now=timezone.localtime(),
    )
    return _shown(request, response, one)


@router.post(f"{ONE}/brief/sign", response=EngagementOut, summary="Sign the brief for a side")
def sign_brief(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    signed: SignIn,
) -> dict[str, Any]:
    """Only for managers. With the last signature, work begins."""
    one = enter(request, partnership_id, engagement_id)
    briefs.sign_brief(
        actor=request.reader, engagement_id=one.pk, now=timezone.localtime(), **signed.model_dump()
    )
    return _shown(request, response, one)


@router.post(f"{ONE}/brief/refuse", response=EngagementOut, summary="Decline to sign the brief")
def refuse_brief(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    refused: RefuseIn,
) -> dict[str, Any]:
    """The others read the reason. You can also use this to withdraw the brief."""
    one = enter(request, partnership_id, engagement_id)
    briefs.refuse_brief(
        actor=request.reader, engagement_id=one.pk, now=timezone.localtime(), **refused.model_dump()
    )
    return _shown(request, response, one)
