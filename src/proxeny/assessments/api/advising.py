"""Recommendations of an engagement, and the client's decisions on them, for programs."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments import rules
from proxeny.assessments.api._router import router
from proxeny.assessments.api._work import ONE, change_record, do_deed, enter
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations import advising as operations
from proxeny.assessments.operations.advising import ADVICE, AdviceFacts
from proxeny.assessments.queries import advised
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version, unsent
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.partnerships import advice_queries
from proxeny.partnerships.models import Evidence, Recommendation
from proxeny.partnerships.operations.advice import take_own_step

_OWN = "/own/engagements/{engagement_id}/recommendations"
_OWN_ONE = f"{_OWN}/{{recommendation_id}}"
_ALL = f"{ONE}/recommendations"
_ONE = f"{_ALL}/{{recommendation_id}}"
Addressee = Literal[*Recommendation.Addressee.values, ""]
AdviceState = Literal[*Recommendation.State.values]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Details = Annotated[str, Field(max_length=4000)]


class AdviceOut(Out):
    """A recommendation, and what became of it."""

    id: int
    title: str
    details: str
    addressee: Addressee
    party_id: int | None
    organisation_id: int | None
    state: AdviceState
    reason: str
    decided_on: date | None
    adoption: str
    adopted_on: date | None
    created_at: datetime
    dropped_at: datetime | None
    version: int


class AdviceEvidenceOut(Out):
    """A piece of evidence: what it shows, and the record of the assessment it comes from."""

    id: int
    kind: str
    text: str
    target: str
    target_id: int | None
    place: str
    url: str


class OwnEvidenceOut(Out):
    """A piece of evidence, as the company sees it."""

    id: int
    kind: str
    text: str
    place: str


class OwnAdviceOut(AdviceOut):
    """A recommendation to your company, with its evidence."""

    evidence: list[OwnEvidenceOut]

    @staticmethod
    def resolve_evidence(advice: Recommendation) -> list[Evidence]:
        """Return the evidence in the order in which it was added."""
        return advice_queries.list_evidence(advice)


class AdviceIn(In):
    """A recommendation, and who should act on it.

    `addressee` is `org` for the company that asked, `all` for all sides, or `one` for the side
    `party_id`. It is empty until someone is named.
    """

    title: Title
    details: Details = ""
    addressee: Addressee = ""
    party_id: Id | None = None


class AdviceChanges(In):
    """Changes to a recommendation; everything else stays as it is.

    Who should act can only be changed while it is a draft.
    """

    title: Title = unsent()
    details: Details = unsent()
    addressee: Addressee = unsent()
    party_id: Id | None = unsent()


class RestIn(In):
    """A piece of evidence: a finding, a note or a version of a figure, and the place in it."""

    target: Literal["assessments.finding", "assessments.note", "assessments.figure"]
    target_id: Id
    place: Annotated[str, Field(max_length=120)] = ""
    text: Annotated[str, Field(max_length=500)] = ""


class OwnStepIn(In):
    """What becomes of the recommendation, and the reason or comment that goes with it."""

    state: Literal["accepted", "amended", "refused", "doing", "adopted", "dropped"]
    reason: Annotated[str, Field(max_length=2000)] = ""


# --- The company's own: before what begins with the number of a partnership.


def _enter_own(request: Request, engagement_id: int) -> Engagement:
    engagement = get_engagement(engagement_id)
    if not rules.is_client(request.reader, engagement):
        raise NotFound(_("We couldn’t find this assessment."))
    return engagement


@router.get(_OWN, response=list[AdviceOut], summary="List recommendations to your company")
def list_own_advice(request: Request, engagement_id: Id) -> list[Recommendation]:
    """Returns recommendations once they are proposed, 100 at most."""
    return advised.list_own_advice(request.reader, _enter_own(request, engagement_id))


@router.get(_OWN_ONE, response=OwnAdviceOut, summary="Get a recommendation to your company")
def show_own_advice(
    request: Request, response: HttpResponse, engagement_id: Id, recommendation_id: Id
) -> Recommendation:
    """Includes its evidence."""
    return _shown_own(request, response, engagement_id, recommendation_id)


def _shown_own(
    request: Request, response: HttpResponse, engagement_id: int, advice_id: int
) -> Recommendation:
    engagement = _enter_own(request, engagement_id)
    return _shown(response, advised.get_own_advice_of(request.reader, engagement, advice_id))


@router.post(
    f"{_OWN_ONE}/step",
    response=OwnAdviceOut,
    summary="Decide on, start, adopt or drop a recommendation",
)
def take_own_advice_step(
    request: Request,
    response: HttpResponse,
    engagement_id: Id,
    recommendation_id: Id,
    step: OwnStepIn,
    if_match: IfMatch = None,
) -> Recommendation:
    """To amend, refuse or drop it, give a reason.

    To adopt it, say how it is implemented and where to see it.
    """
    seen = _shown_own(request, response, engagement_id, recommendation_id)
    take_own_step(
        actor=request.reader,
        record_id=seen.pk,
        version=match_version(if_match, seen.version),
        now=timezone.localtime(),
        **step.model_dump(),
    )
    return _shown_own(request, response, engagement_id, recommendation_id)


# --- The teams'


@router.get(_ALL, response=list[AdviceOut], summary="List recommendations of an assessment")
def list_engagement_advice(
    request: Request, partnership_id: Id, engagement_id: Id
) -> list[Recommendation]:
    """Returns recommendations to the company that asked and to the sides, including drafts: 100 at
    most.
    """
    return list(advised.find_advice(enter(request, partnership_id, engagement_id)))


def _shown(response: HttpResponse, advice: Recommendation) -> Recommendation:
    show_version(response, advice.version)
    return advice


@router.post(_ALL, response={201: AdviceOut}, summary="Create a recommendation")
def write_engagement_advice(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    advice: AdviceIn,
) -> Status[Any]:
    """It is a draft until it is proposed."""
    numbers = (partnership_id, engagement_id)
    made = do_deed(request, numbers, ADVICE.write, facts=AdviceFacts(**advice.model_dump()))
    response["Location"] = f"{request.path}/{made.pk}"
    return Status(201, _shown(response, made))


@router.get(_ONE, response=AdviceOut, summary="Get a recommendation of an assessment")
def show_engagement_advice(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    recommendation_id: Id,
) -> Recommendation:
    """Archived recommendations can be read too."""
    engagement = enter(request, partnership_id, engagement_id)
    return _shown(response, advised.get_advice(engagement, recommendation_id))


@router.patch(_ONE, response=AdviceOut, summary="Update a recommendation of an assessment")
def change_engagement_advice(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    recommendation_id: Id,
    change: AdviceChanges,
    if_match: IfMatch = None,
) -> Recommendation:
    """Possible until it is decided."""
    numbers = (partnership_id, engagement_id)
    return _shown(
        response, change_record(request, numbers, ADVICE, recommendation_id, change, if_match)
    )


@router.post(f"{_ONE}/drop", response=AdviceOut, summary="Archive a recommendation")
def drop_engagement_advice(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    recommendation_id: Id,
) -> Recommendation:
    """Possible until it is decided."""
    numbers = (partnership_id, engagement_id)
    return _shown(response, do_deed(request, numbers, ADVICE.drop, record_id=recommendation_id))


@router.post(f"{_ONE}/restore", response=AdviceOut, summary="Restore a recommendation")
def restore_engagement_advice(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    recommendation_id: Id,
) -> Recommendation:
    """Restores an archived recommendation."""
    numbers = (partnership_id, engagement_id)
    return _shown(response, do_deed(request, numbers, ADVICE.restore, record_id=recommendation_id))


@router.post(f"{_ONE}/propose", response=AdviceOut, summary="Propose a recommendation now")
def propose_engagement_advice(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    recommendation_id: Id,
    if_match: IfMatch = None,
) -> Recommendation:
    """Proposes it without waiting for the report.

    It needs evidence, and someone who should act on it.
    """
    engagement = enter(request, partnership_id, engagement_id)
    advice = advised.get_advice(engagement, recommendation_id)
    made = operations.propose_advice(
        actor=request.reader,
        engagement_id=engagement_id,
        advice_id=recommendation_id,
        seen=match_version(if_match, advice.version),
        now=timezone.localtime(),
    )
    return _shown(response, made)


@router.get(
    f"{_ONE}/evidence",
    response=list[AdviceEvidenceOut],
    summary="List evidence for a recommendation",
)
def list_engagement_evidence(
    request: Request, partnership_id: Id, engagement_id: Id, recommendation_id: Id
) -> list[Evidence]:
    """Returns the evidence in the order in which it was added, 50 pieces at most."""
    engagement = enter(request, partnership_id, engagement_id)
    return advice_queries.list_evidence(advised.get_advice(engagement, recommendation_id))


@router.post(
    f"{_ONE}/evidence",
    response={201: AdviceEvidenceOut},
    summary="Add evidence to a recommendation",
)
def rest_on(
    request: Request,
    partnership_id: Id,
    engagement_id: Id,
    recommendation_id: Id,
    piece: RestIn,
) -> Status[Any]:
    """The evidence is a finding, a note or a figure of the assessment."""
    made = do_deed(
        request,
        (partnership_id, engagement_id),
        operations.rest_on,
        advice_id=recommendation_id,
        **piece.model_dump(),
    )
    return Status(201, made)


@router.delete(
    f"{_ONE}/evidence/{{evidence_id}}",
    response={204: None},
    summary="Remove evidence from a recommendation",
)
def rest_no_more(
    request: Request,
    partnership_id: Id,
    engagement_id: Id,
    recommendation_id: Id,
    evidence_id: Id,
) -> Status[None]:
    """Possible while the recommendation is a draft."""
    do_deed(
        request,
        (partnership_id, engagement_id),
        operations.rest_no_more,
        advice_id=recommendation_id,
        evidence_id=evidence_id,
    )
    return Status(204, None)
