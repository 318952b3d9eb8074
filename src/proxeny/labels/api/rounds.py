"""Rounds of labels for programs.

They are planned and changed as records of the room (`label-round`).
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version
from proxeny.kernel.requests import Request
from proxeny.labels.api._router import router
from proxeny.labels.api._steering import steer
from proxeny.labels.models import Round
from proxeny.labels.operations import rounds
from proxeny.labels.queries.rounds import count_submitted, get_round, progress_of
from proxeny.labels.queries.rounds import list_rounds as find_rounds
from proxeny.labels.queries.schemes import get_scheme
from proxeny.partnerships.api._shapes import enter

ALL = "/partnerships/{partnership_id}/schemes/{scheme_id}/rounds"
ONE = "/partnerships/{partnership_id}/rounds/{round_id}"


class RoundStandsOut(Out):
    """A round. `version_number` is the version of the label that it is judged by."""

    id: int
    scheme_id: int
    title: str
    state: Literal[*Round.State.values]
    opens_at: datetime
    closes_at: datetime
    zone: str
    places: int | None
    decides_on: date | None
    published_at: datetime | None
    version_number: int | None
    version: int
    submitted: int | None


class LabelProgressOut(Out):
    """The progress of a round: applications with enough jurors, and completed readings."""

    submitted: int
    ready: int
    full: int
    judged: int
    open: int
    done: int
    abstained: int


class LabelRoundWhyIn(In):
    """The reason. It is required to go back, and to continue although something is missing."""

    why: Annotated[str, Field(max_length=rounds.MOST_WHY)] = ""


def _out(request: Request, held: Round, counts: dict[int, int]) -> dict[str, Any]:
    names = RoundStandsOut.model_fields.keys() - {"version_number", "submitted"}
    steers = held.partnership_id in request.reader.steered
    return {name: getattr(held, name) for name in names} | {
        "version_number": held.scheme_version.number if held.scheme_version else None,
        "submitted": counts.get(held.pk, 0) if steers else None,
    }


@router.get(ALL, response=list[RoundStandsOut], summary="List the rounds of a label")
def list_label_rounds(request: Request, partnership_id: Id, scheme_id: Id) -> list[dict[str, Any]]:
    """Returns the rounds, newest first.

    Only managers see how many applications were submitted; no one sees drafts.
    """
    enter(request, partnership_id)
    found = find_rounds(get_scheme(partnership_id, scheme_id))
    counts = count_submitted(found)
    return [_out(request, one, counts) for one in found]


@router.get(ONE, response=RoundStandsOut, summary="Get a round of a label")
def show_label_round(
    request: Request, response: HttpResponse, partnership_id: Id, round_id: Id
) -> dict[str, Any]:
    """Returns the round as it is now. The ETag is its version."""
    enter(request, partnership_id)
    held = get_round(partnership_id, round_id)
    show_version(response, held.version)
    return _out(request, held, count_submitted([held]))


@router.get(f"{ONE}/progress", response=LabelProgressOut, summary="Get the progress of a round")
def show_label_progress(request: Request, partnership_id: Id, round_id: Id) -> Any:
    """Returns how far the jury is. Available to managers of the clusters."""
    steer(request, partnership_id)
    return progress_of(get_round(partnership_id, round_id))


def _move(
    request: Request,
    response: HttpResponse,
    numbers: tuple[int, int],
    deed: Callable[..., Round],
    if_match: str | None,
    **given: Any,
) -> dict[str, Any]:
    partnership_id, round_id = numbers
    enter(request, partnership_id)
    held = get_round(partnership_id, round_id)
    deed(
        actor=request.reader,
        partnership_id=partnership_id,
        round_id=round_id,
        version=match_version(if_match, held.version),
        now=timezone.localtime(),
        **given,
    )
    return show_label_round(request, response, partnership_id, round_id)


@router.post(f"{ONE}/publish", response=RoundStandsOut, summary="Publish a round")
def publish_label_round(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    round_id: Id,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Publishes the round with the newest version of its label that all sides have signed.

    The round will always be judged by this version.
    """
    return _move(request, response, (partnership_id, round_id), rounds.publish_round, if_match)


@router.post(f"{ONE}/take-back", response=RoundStandsOut, summary="Unpublish a round")
def take_back_label_round(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    round_id: Id,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Reverts the publication, which is possible until someone has applied."""
    return _move(request, response, (partnership_id, round_id), rounds.take_back_round, if_match)


@router.post(f"{ONE}/judge", response=RoundStandsOut, summary="Start judging a round")
def judge_label_round(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    round_id: Id,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Starts judging once the round has closed and has a juror of each cluster."""
    return _move(request, response, (partnership_id, round_id), rounds.begin_judging, if_match)


@router.post(f"{ONE}/discuss", response=RoundStandsOut, summary="Start the discussion of a round")
def discuss_label_round(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    round_id: Id,
    reason: LabelRoundWhyIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Starts the discussion when everything is scored, or earlier with a reason.

    Jurors can read each other's scores from then on.
    """
    return _move(
        request,
        response,
        (partnership_id, round_id),
        rounds.begin_discussing,
        if_match,
        why=reason.why,
    )


@router.post(f"{ONE}/resume", response=RoundStandsOut, summary="Return a round to judging")
def resume_label_round(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    round_id: Id,
    reason: LabelRoundWhyIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Ends the discussion and reopens judging. A reason is required."""
    return _move(
        request,
        response,
        (partnership_id, round_id),
        rounds.resume_judging,
        if_match,
        why=reason.why,
    )
