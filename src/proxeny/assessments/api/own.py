"""A company's own assessments by program: requested, changed, withdrawn, signed."""

from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status

from proxeny.assessments.api._engagement import (
    EngagementOut,
    EngagementRow,
    RefuseIn,
    RequestChanges,
    RequestIn,
    RequestReasonIn,
    SignIn,
    facts_of,
    tell_engagement,
    tell_page,
)
from proxeny.assessments.api._router import router
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations import briefs, closing, requests
from proxeny.assessments.queries import own as queries
from proxeny.assessments.queries.catalogue import get_offer
from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version
from proxeny.kernel.requests import Request

ALL = "/own/engagements"
ONE = f"{ALL}/{{engagement_id}}"


class OwnRequestIn(RequestIn):
    """A request from one of your companies for a service on offer."""

    service_id: Id
    client_id: Id


class OwnEngagementFilters(In):
    """Which assessments to list: ongoing ones, past ones, or all."""

    which: Literal["open", "past", "all"] = "open"


class QuestionsOut(Out):
    """The questions asked with a request for a service, in the language of the API call."""

    questions: list[str]


def _shown(request: Request, response: HttpResponse, engagement_id: int) -> dict[str, Any]:
    reader = request.reader
    one = queries.get_own(reader, engagement_id)
    told = tell_engagement(reader, one, is_client=True)
    steps = [(step["id"], step["version"], step["done_on"]) for step in told["plan"]]
    signed = [one["signed_at"] for one in told["brief"]["signatures"]] if told["brief"] else []
    show_version(response, one.version, str(steps), str(signed), str(told["advisers"]))
    return told


@router.get(
    "/own/services/{service_id}/questions",
    response=QuestionsOut,
    summary="List the questions asked with a request",
)
def show_questions(request: Request, service_id: Id) -> dict[str, Any]:
    """Returns the questions of the service's template, in order."""
    offer = get_offer(request.reader, service_id)
    return {"questions": queries.questions_of(offer.service)}


@router.get(ALL, response=list[EngagementRow], summary="List your assessments")
@in_pages("-asked_at", "-id", tell=tell_page)
def list_own_engagements(
    request: Request, filters: Query[OwnEngagementFilters]
) -> QuerySet[Engagement]:
    """Returns what your companies have requested, newest first."""
    return queries.pick_own(request.reader, states=queries.states_of(filters.which))


@router.post(ALL, response={201: EngagementOut}, summary="Request an assessment")
def ask_assessment(request: Request, response: HttpResponse, asked: OwnRequestIn) -> Status[Any]:
    """For one of your companies that is a member of one of the service's clusters."""
    values = asked.model_dump()
    which = {name: values.pop(name) for name in ("service_id", "client_id")}
    made = requests.ask_assessment(
        actor=request.reader, facts=facts_of(values), now=timezone.localtime(), **which
    )
    response["Location"] = f"/api/v1/assessments/own/engagements/{made.pk}"
    return Status(201, _shown(request, response, made.pk))


@router.get(ONE, response=EngagementOut, summary="Get one of your assessments")
def show_own_engagement(
    request: Request, response: HttpResponse, engagement_id: Id
) -> dict[str, Any]:
    """Returns the request, the brief and the plan, and who leads once the brief is signed."""
    return _shown(request, response, engagement_id)


@router.patch(ONE, response=EngagementOut, summary="Update a request")
def change_own_request(
    request: Request,
    response: HttpResponse,
    engagement_id: Id,
    change: RequestChanges,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Possible until someone works on it. The questions stay those of the day you asked."""
    one = queries.get_own(request.reader, engagement_id)
    kept = {name: getattr(one, name) for name in requests.FIELDS}
    kept["answers"] = [answer.text for answer in queries.answers_of(one)]
    requests.change_request(
        actor=request.reader,
        engagement_id=one.pk,
        version=match_version(if_match, one.version),
        facts=facts_of(kept | change.sent()),
        now=timezone.localtime(),
    )
    return _shown(request, response, engagement_id)


@router.post(f"{ONE}/withdraw", response=EngagementOut, summary="Withdraw a request")
def withdraw_own_request(
    request: Request, response: HttpResponse, engagement_id: Id, why: RequestReasonIn
) -> dict[str, Any]:
    """Give a reason. Possible until all sides have signed its brief."""
    queries.get_own(request.reader, engagement_id)
    requests.withdraw_request(
        actor=request.reader,
        engagement_id=engagement_id,
        reason=why.reason,
        now=timezone.localtime(),
    )
    return _shown(request, response, engagement_id)


@router.post(f"{ONE}/again", response=EngagementOut, summary="Reopen a withdrawn request")
def reopen_own_request(
    request: Request, response: HttpResponse, engagement_id: Id
) -> dict[str, Any]:
    """Restores it to its previous state."""
    queries.get_own(request.reader, engagement_id)
    closing.reopen_engagement(
        actor=request.reader, engagement_id=engagement_id, now=timezone.localtime()
    )
    return _shown(request, response, engagement_id)


@router.post(f"{ONE}/brief/sign", response=EngagementOut, summary="Sign the brief for your company")
def sign_own_brief(
    request: Request, response: HttpResponse, engagement_id: Id, signed: SignIn
) -> dict[str, Any]:
    """For anyone who speaks for the company. With the last signature, work begins."""
    queries.get_own(request.reader, engagement_id)
    briefs.sign_brief(
        actor=request.reader,
        engagement_id=engagement_id,
        now=timezone.localtime(),
        **signed.model_dump(),
    )
    return _shown(request, response, engagement_id)


@router.post(
    f"{ONE}/brief/refuse",
    response=EngagementOut,
    summary="Decline to sign the brief for your company",
)
def refuse_own_brief(
    request: Request, response: HttpResponse, engagement_id: Id, refused: RefuseIn
) -> dict[str, Any]:
    """Give a reason. The teams then write the brief again."""
    queries.get_own(request.reader, engagement_id)
    briefs.refuse_brief(
        actor=request.reader,
        engagement_id=engagement_id,
        now=timezone.localtime(),
        **refused.model_dump(),
    )
    return _shown(request, response, engagement_id)
