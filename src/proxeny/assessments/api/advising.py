"""What an engagement recommends, and what the company that asked says to it, by program."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments import rules
from proxeny.assessments.api._router import router
from proxeny.assessments.api._work import ONE, do_deed, enter
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations import advising as operations
from proxeny.assessments.operations.advising import AdviceFacts
from proxeny.assessments.queries import advised
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version, unsent
from proxeny.kernel.errors import NotFound
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
    """A piece of evidence: what it shows, and the record of the assessment that it stands in."""

    id: int
    kind: str
    text: str
    target: str
    target_id: int | None
    place: str
    url: str


class OwnEvidenceOut(Out):
    """A piece of evidence, as the company reads it."""

    id: int
    kind: str
    text: str
    place: str


class OwnAdviceOut(AdviceOut):
    """What one's own company is advised, with what it rests on."""

    evidence: list[OwnEvidenceOut]

    @staticmethod
    def resolve_evidence(advice: Recommendation) -> list[Evidence]:
        """In the order in which it was named."""
        return advice_queries.list_evidence(advice)


class AdviceIn(In):
    """What is recommended, and who is to act.

    `addressee`: `org` the company that asked, `all` all sides, `one` the side `party_id`; empty as
    long as nobody is named.
    """

    title: Title
    details: Details = ""
    addressee: Addressee = ""
    party_id: Id | None = None


class AdviceChanges(In):
    """What is to be otherwise; the rest stays. Who is to act, as long as it is a draft."""

    title: Title = unsent()
    details: Details = unsent()
    addressee: Addressee = unsent()
    party_id: Id | None = unsent()


class RestIn(In):
    """On what it rests: a finding, a note, or a figure's version, and the place in it."""

    target: Literal["assessments.finding", "assessments.note", "assessments.figure"]
    target_id: Id
    place: Annotated[str, Field(max_length=120)] = ""
    text: Annotated[str, Field(max_length=500)] = ""


class OwnStepIn(In):
    """What becomes of it, and the words that go with it."""

    state: Literal["accepted", "amended", "refused", "doing", "adopted", "dropped"]
    reason: Annotated[str, Field(max_length=2000)] = ""


# --- The company's own: before what begins with the number of a partnership.


def _enter_own(request: HttpRequest, engagement_id: int) -> Engagement:
    engagement = get_engagement(engagement_id)
    if not rules.is_client(request.reader, engagement):
        raise NotFound(_("There is no such assessment."))
    return engagement


@router.get(_OWN, response=list[AdviceOut], summary="What one's own company is advised")
def list_own_advice(request: HttpRequest, engagement_id: Id) -> list[Recommendation]:
    """Once it is proposed; 100 at most."""
    return advised.list_own_advice(request.reader, _enter_own(request, engagement_id))


@router.get(_OWN_ONE, response=OwnAdviceOut, summary="One of what one's own company is advised")
def show_own_advice(
    request: HttpRequest, response: HttpResponse, engagement_id: Id, recommendation_id: Id
) -> Recommendation:
    """With what it rests on."""
    return _shown_own(request, response, engagement_id, recommendation_id)


def _shown_own(
    request: HttpRequest, response: HttpResponse, engagement_id: int, advice_id: int
) -> Recommendation:
    engagement = _enter_own(request, engagement_id)
    return _shown(response, advised.get_own_advice_of(request.reader, engagement, advice_id))


@router.post(f"{_OWN_ONE}/step", response=OwnAdviceOut, summary="Decide, begin, adopt or drop")
def take_own_advice_step(
    request: HttpRequest, response: HttpResponse, engagement_id: Id, recommendation_id: Id,
    step: OwnStepIn, if_match: IfMatch = None,
) -> Recommendation:  # fmt: skip
    """A change, a no and a drop need words; adopted needs how it is done, and where to see it."""
    seen = _shown_own(request, response, engagement_id, recommendation_id)
    take_own_step(
        actor=request.reader, record_id=seen.pk, version=match_version(if_match, seen.version),
        now=timezone.localtime(), **step.model_dump(),
    )  # fmt: skip
    return _shown_own(request, response, engagement_id, recommendation_id)


# --- The teams'


@router.get(_ALL, response=list[AdviceOut], summary="What an assessment recommends")
def list_engagement_advice(
    request: HttpRequest, partnership_id: Id, engagement_id: Id
) -> list[Recommendation]:
    """To the company that asked and to the sides, drafts too; 100 at most."""
    return list(advised.find_advice(enter(request, partnership_id, engagement_id)))


def _shown(response: HttpResponse, advice: Recommendation) -> Recommendation:
    show_version(response, advice.version)
    return advice


@router.post(_ALL, response={201: AdviceOut}, summary="Write a recommendation")
def write_engagement_advice(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    advice: AdviceIn,
) -> Status[Any]:  # fmt: skip
    """A draft, until it is proposed."""
    enter(request, partnership_id, engagement_id)
    made = operations.write_advice(
        actor=request.reader, engagement_id=engagement_id, facts=AdviceFacts(**advice.model_dump()),
        now=timezone.localtime(),
    )  # fmt: skip
    response["Location"] = f"{request.path}/{made.pk}"
    return Status(201, _shown(response, made))


@router.get(_ONE, response=AdviceOut, summary="One recommendation of an assessment")
def show_engagement_advice(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    recommendation_id: Id,
) -> Recommendation:  # fmt: skip
    """Put away or not."""
    engagement = enter(request, partnership_id, engagement_id)
    return _shown(response, advised.get_advice(engagement, recommendation_id))


@router.patch(_ONE, response=AdviceOut, summary="Change a recommendation of an assessment")
def change_engagement_advice(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    recommendation_id: Id, change: AdviceChanges, if_match: IfMatch = None,
) -> Recommendation:  # fmt: skip
    """Until it is decided."""
    engagement = enter(request, partnership_id, engagement_id)
    advice = advised.get_advice(engagement, recommendation_id)
    facts = {name: getattr(advice, name) for name in AdviceChanges.model_fields}
    made = operations.change_advice(
        actor=request.reader, engagement_id=engagement_id, advice_id=recommendation_id,
        version=match_version(if_match, advice.version),
        facts=AdviceFacts(**facts | change.sent()), now=timezone.localtime(),
    )  # fmt: skip
    return _shown(response, made)


@router.post(f"{_ONE}/drop", response=AdviceOut, summary="Put a recommendation away")
def drop_engagement_advice(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    recommendation_id: Id,
) -> Recommendation:  # fmt: skip
    """Until it is decided."""
    numbers = (partnership_id, engagement_id)
    return _shown(
        response, do_deed(request, numbers, operations.drop_advice, advice_id=recommendation_id)
    )


@router.post(f"{_ONE}/restore", response=AdviceOut, summary="Bring a recommendation back")
def restore_engagement_advice(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    recommendation_id: Id,
) -> Recommendation:  # fmt: skip
    """One that was put away."""
    numbers = (partnership_id, engagement_id)
    return _shown(
        response, do_deed(request, numbers, operations.restore_advice, advice_id=recommendation_id)
    )


@router.post(f"{_ONE}/propose", response=AdviceOut, summary="Propose a recommendation now")
def propose_engagement_advice(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    recommendation_id: Id, if_match: IfMatch = None,
) -> Recommendation:  # fmt: skip
    """Without waiting for the report. It needs evidence, and somebody who is to act."""
    engagement = enter(request, partnership_id, engagement_id)
    advice = advised.get_advice(engagement, recommendation_id)
    made = operations.propose_advice(
        actor=request.reader, engagement_id=engagement_id, advice_id=recommendation_id,
        seen=match_version(if_match, advice.version), now=timezone.localtime(),
    )  # fmt: skip
    return _shown(response, made)


@router.get(
    f"{_ONE}/evidence", response=list[AdviceEvidenceOut], summary="What a recommendation rests on"
)
def list_engagement_evidence(
    request: HttpRequest, partnership_id: Id, engagement_id: Id, recommendation_id: Id
) -> list[Evidence]:
    """In the order in which it was named; 50 at most."""
    engagement = enter(request, partnership_id, engagement_id)
    return advice_queries.list_evidence(advised.get_advice(engagement, recommendation_id))


@router.post(
    f"{_ONE}/evidence", response={201: AdviceEvidenceOut},
    summary="Say what a recommendation rests on",
)  # fmt: skip
def rest_on(
    request: HttpRequest,
    partnership_id: Id,
    engagement_id: Id,
    recommendation_id: Id,
    piece: RestIn,
) -> Status[Any]:
    """A finding, a note or a figure of the assessment."""
    made = do_deed(
        request, (partnership_id, engagement_id), operations.rest_on, advice_id=recommendation_id,
        **piece.model_dump(),
    )  # fmt: skip
    return Status(201, made)


@router.delete(
    f"{_ONE}/evidence/{{evidence_id}}", response={204: None},
    summary="Take evidence of a recommendation away",
)  # fmt: skip
def rest_no_more(
    request: HttpRequest, partnership_id: Id, engagement_id: Id, recommendation_id: Id,
    evidence_id: Id,
) -> Status[None]:  # fmt: skip
    """While it is a draft."""
    do_deed(
        request, (partnership_id, engagement_id), operations.rest_no_more,
        advice_id=recommendation_id, evidence_id=evidence_id,
    )  # fmt: skip
    return Status(204, None)
