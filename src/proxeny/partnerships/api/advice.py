"""What becomes of a recommendation, and what it rests on, by program."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version
from proxeny.partnerships import advice_queries
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import Note, enter
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Evidence, Recommendation
from proxeny.partnerships.operations import advice as advising
from proxeny.partnerships.room_queries import get_record


class StepIn(In):
    """What a recommendation becomes, and the words that go with it."""

    state: Literal[*(one.value for one in Recommendation.State if one != "draft")]
    reason: Note = ""


class EvidenceIn(In):
    """What a recommendation rests on."""

    kind: Literal[*Evidence.Kind.values]
    text: Annotated[str, Field(min_length=1, max_length=500)]
    url: Annotated[str, Field(max_length=500, pattern="^(https?://.*)?$")] = ""


class EvidenceOut(Out):
    """A piece of evidence."""

    id: int
    kind: str
    text: str
    url: str


@router.post(
    "/{partnership_id}/recommendations/{recommendation_id}/step", response={204: None},
    summary="Propose, decide, begin, adopt or drop",
)  # fmt: skip
def take_step(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, recommendation_id: Id,
    step: StepIn, if_match: IfMatch = None,
) -> Status[None]:  # fmt: skip
    """Without evidence and addressee it is not proposed; a side that is to act decides."""
    enter(request, partnership_id)
    current = get_record(KINDS["recommendation"], partnership_id, recommendation_id)
    record = advising.take_step(
        actor=request.reader, partnership_id=partnership_id, record_id=recommendation_id,
        version=match_version(if_match, current.version), now=timezone.localtime(), **step.model_dump(),
    )  # fmt: skip
    show_version(response, record.version)
    return Status(204, None)


@router.get(
    "/{partnership_id}/recommendations/{recommendation_id}/evidence", response=list[EvidenceOut],
    summary="Evidence",
)  # fmt: skip
def list_evidence(
    request: HttpRequest, partnership_id: Id, recommendation_id: Id
) -> list[Evidence]:
    """What a recommendation rests on."""
    enter(request, partnership_id)
    record = get_record(KINDS["recommendation"], partnership_id, recommendation_id)
    return advice_queries.list_evidence(record)


@router.post(
    "/{partnership_id}/recommendations/{recommendation_id}/evidence", response={201: EvidenceOut},
    summary="Add evidence",
)  # fmt: skip
def add_evidence(
    request: HttpRequest, partnership_id: Id, recommendation_id: Id, piece: EvidenceIn
) -> Status[Evidence]:
    """A figure, a meeting, a document, answers of a review, a data package."""
    made = advising.add_evidence(
        actor=request.reader, partnership_id=partnership_id, record_id=recommendation_id,
        now=timezone.localtime(), **piece.model_dump(),
    )  # fmt: skip
    return Status(201, made)


@router.delete(
    "/{partnership_id}/evidence/{evidence_id}", response={204: None}, summary="Remove evidence"
)
def remove_evidence(request: HttpRequest, partnership_id: Id, evidence_id: Id) -> Status[None]:
    """While the recommendation is a draft."""
    advising.remove_evidence(
        actor=request.reader, partnership_id=partnership_id, evidence_id=evidence_id
    )
    return Status(204, None)
