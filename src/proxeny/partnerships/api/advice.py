"""API for the steps and the evidence of a recommendation."""

from typing import Annotated, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version
from proxeny.kernel.requests import Request
from proxeny.partnerships import advice_queries
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import Note, enter
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Evidence, Recommendation
from proxeny.partnerships.operations import advice as advising
from proxeny.partnerships.room_queries import get_record


class StepIn(In):
    """The new state of a recommendation, and an optional comment."""

    state: Literal[*(one.value for one in Recommendation.State if one != "draft")]
    reason: Note = ""


class EvidenceIn(In):
    """Evidence for a recommendation."""

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
    "/{partnership_id}/recommendations/{recommendation_id}/step",
    response={204: None},
    summary="Change the state of a recommendation",
)
def take_step(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    recommendation_id: Id,
    step: StepIn,
    if_match: IfMatch = None,
) -> Status[None]:
    """Proposes, decides on, starts, adopts or drops the recommendation.

    It can only be proposed once it has evidence and an addressee. A side that should act makes the
    decision.
    """
    enter(request, partnership_id)
    current = get_record(KINDS["recommendation"], partnership_id, recommendation_id)
    record = advising.take_step(
        actor=request.reader,
        partnership_id=partnership_id,
        record_id=recommendation_id,
        version=match_version(if_match, current.version),
        now=timezone.localtime(),
        **step.model_dump(),
    )
    show_version(response, record.version)
    return Status(204, None)


@router.get(
    "/{partnership_id}/recommendations/{recommendation_id}/evidence",
    response=list[EvidenceOut],
    summary="List evidence",
)
def list_evidence(request: Request, partnership_id: Id, recommendation_id: Id) -> list[Evidence]:
    """Returns the evidence for a recommendation."""
    enter(request, partnership_id)
    record = get_record(KINDS["recommendation"], partnership_id, recommendation_id)
    return advice_queries.list_evidence(record)


@router.post(
    "/{partnership_id}/recommendations/{recommendation_id}/evidence",
    response={201: EvidenceOut},
    summary="Add evidence",
)
def add_evidence(
    request: Request, partnership_id: Id, recommendation_id: Id, piece: EvidenceIn
) -> Status[Evidence]:
    """Adds a figure, a meeting, a document, answers from a review or a data package as evidence."""
    made = advising.add_evidence(
        actor=request.reader,
        partnership_id=partnership_id,
        record_id=recommendation_id,
        now=timezone.localtime(),
        **piece.model_dump(),
    )
    return Status(201, made)


@router.delete(
    "/{partnership_id}/evidence/{evidence_id}", response={204: None}, summary="Remove evidence"
)
def remove_evidence(request: Request, partnership_id: Id, evidence_id: Id) -> Status[None]:
    """Removes evidence while the recommendation is a draft."""
    advising.remove_evidence(
        actor=request.reader, partnership_id=partnership_id, evidence_id=evidence_id
    )
    return Status(204, None)
