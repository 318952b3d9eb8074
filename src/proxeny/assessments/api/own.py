"""A company's own assessments by program: asked for, changed, withdrawn, signed."""

from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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

ALL = "/own/engagements"
ONE = f"{ALL}/{{engagement_id}}"


class OwnRequestIn(RequestIn):
    """What a company of the caller's asks of a service on offer."""

    service_id: Id
    client_id: Id


class OwnEngagementFilters(In):
    """Which of them: those that go on, those that are over, or all."""

    which: Literal["open", "past", "all"] = "open"


class QuestionsOut(Out):
    """What is asked at the request for a service, in the language of the call."""

    questions: list[str]


def _shown(request: HttpRequest, response: HttpResponse, engagement_id: int) -> dict[str, Any]:
    reader = request.reader  # type: ignore[attr-defined]
    one = queries.get_own(reader, engagement_id)
    told = tell_engagement(reader, one, is_client=True)
    steps = [(step["id"], step["version"], step["done_on"]) for step in told["plan"]]
    signed = [one["signed_at"] for one in told["brief"]["signatures"]] if told["brief"] else []
    show_version(response, one.version, str(steps), str(signed), str(told["advisers"]))
    return told


@router.get(
    "/own/services/{service_id}/questions", response=QuestionsOut,
    summary="What is asked at a request",
)  # fmt: skip
def show_questions(request: HttpRequest, service_id: Id) -> dict[str, Any]:
    """The questions of the service's template, in their order."""
    offer = get_offer(request.reader, service_id)
    return {"questions": queries.questions_of(offer.service)}


@router.get(ALL, response=list[EngagementRow], summary="One's own assessments")
@in_pages("-asked_at", "-id", tell=tell_page)
def list_own_engagements(
    request: HttpRequest, filters: Query[OwnEngagementFilters]
) -> QuerySet[Engagement]:
    """What the caller's companies have asked for, the newest first."""
    return queries.pick_own(request.reader, states=queries.states_of(filters.which))


@router.post(ALL, response={201: EngagementOut}, summary="Ask for an assessment")
def ask_assessment(
    request: HttpRequest, response: HttpResponse, asked: OwnRequestIn
) -> Status[Any]:
    """For a company of the caller's that is a member of one of the service's clusters."""
    values = asked.model_dump()
    which = {name: values.pop(name) for name in ("service_id", "client_id")}
    made = requests.ask_assessment(
        actor=request.reader, facts=facts_of(values), now=timezone.localtime(), **which
    )
    response["Location"] = f"/api/v1/assessments/own/engagements/{made.pk}"
    return Status(201, _shown(request, response, made.pk))


@router.get(ONE, response=EngagementOut, summary="One of one's own assessments")
def show_own_engagement(
    request: HttpRequest, response: HttpResponse, engagement_id: Id
) -> dict[str, Any]:
    """What was asked, the brief, and the plan; who leads once the brief is signed."""
    return _shown(request, response, engagement_id)


@router.patch(ONE, response=EngagementOut, summary="Change a request")
def change_own_request(
    request: HttpRequest, response: HttpResponse, engagement_id: Id, change: RequestChanges,
    if_match: IfMatch = None,
) -> dict[str, Any]:  # fmt: skip
    """While nobody works on it; the questions stay those of the day it was asked."""
    one = queries.get_own(request.reader, engagement_id)
    kept = {name: getattr(one, name) for name in requests.FIELDS}
    kept["answers"] = [answer.text for answer in queries.answers_of(one)]
    requests.change_request(
        actor=request.reader, engagement_id=one.pk, version=match_version(if_match, one.version),
        facts=facts_of(kept | change.sent()), now=timezone.localtime(),
    )  # fmt: skip
    return _shown(request, response, engagement_id)


@router.post(f"{ONE}/withdraw", response=EngagementOut, summary="Withdraw a request")
def withdraw_own_request(
    request: HttpRequest, response: HttpResponse, engagement_id: Id, why: RequestReasonIn
) -> dict[str, Any]:
    """With a reason, until all have signed its brief."""
    queries.get_own(request.reader, engagement_id)
    requests.withdraw_request(actor=request.reader, engagement_id=engagement_id,
                              reason=why.reason, now=timezone.localtime())  # fmt: skip
    return _shown(request, response, engagement_id)


@router.post(f"{ONE}/again", response=EngagementOut, summary="Take a withdrawn request up again")
def reopen_own_request(
    request: HttpRequest, response: HttpResponse, engagement_id: Id
) -> dict[str, Any]:
    """Where it stood before."""
    queries.get_own(request.reader, engagement_id)
    closing.reopen_engagement(
        actor=request.reader, engagement_id=engagement_id, now=timezone.localtime()
    )
    return _shown(request, response, engagement_id)


@router.post(f"{ONE}/brief/sign", response=EngagementOut, summary="Sign the brief for a company")
def sign_own_brief(
    request: HttpRequest, response: HttpResponse, engagement_id: Id, signed: SignIn
) -> dict[str, Any]:
    """By whoever speaks for the company; with the last signature the work begins."""
    queries.get_own(request.reader, engagement_id)
    briefs.sign_brief(actor=request.reader, engagement_id=engagement_id, now=timezone.localtime(),
                      **signed.model_dump())  # fmt: skip
    return _shown(request, response, engagement_id)


@router.post(f"{ONE}/brief/refuse", response=EngagementOut, summary="Do not sign a company's brief")
def refuse_own_brief(
    request: HttpRequest, response: HttpResponse, engagement_id: Id, refused: RefuseIn
) -> dict[str, Any]:
    """With a reason: the teams write it anew."""
    queries.get_own(request.reader, engagement_id)
    briefs.refuse_brief(actor=request.reader, engagement_id=engagement_id,
                        now=timezone.localtime(), **refused.model_dump())  # fmt: skip
    return _shown(request, response, engagement_id)
