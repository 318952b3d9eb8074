"""Scores for programs: a juror's own, and the state of a round for the clusters' managers."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import AwareDatetime, Field

from proxeny.kernel.api import Id, In, Out, exact
from proxeny.kernel.api.files import TABLE_FILE, FileFormat, file_of
from proxeny.kernel.errors import NotFound
from proxeny.kernel.files import MEDIA_TYPES
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.labels.api._router import router
from proxeny.labels.api._shapes import SchemeCriterionOut
from proxeny.labels.api._steering import steer
from proxeny.labels.api.rounds import ONE
from proxeny.labels.models import Assignment, Score
from proxeny.labels.operations import discussing, scoring
from proxeny.labels.operations.juror_presenters import (
    file_name,
    name_of,
    score_table,
    tell_strictness,
)
from proxeny.labels.operations.questions import MOST_QUESTION, ask_as_juror
from proxeny.labels.operations.scoring import find_assignment
from proxeny.labels.operations.standing import (
    Judged,
    RoundStanding,
    measure_judging,
    own_total,
    read_round_standing,
    tell_percent,
)
from proxeny.labels.queries.rounds import get_round
from proxeny.labels.queries.scoring import Reading, get_document, list_answered, read_reading

SCORES = f"{ONE}/scores"
MINE = "/assignments/{assignment_id}"
Key = Annotated[str, Field(max_length=24)]
Points = exact(5, 2, least=0, most=100)
Number = Annotated[int, Field(ge=1, le=32_767)]


class JurorScoreOut(Out):
    """A juror's score for an indicator. Without points, the juror cannot judge it."""

    indicator: str
    points: Decimal | None
    comment: str
    saved_at: datetime


class JudgedAnswerOut(Out):
    """The applicant's text for an indicator, and the points they give themselves."""

    indicator: str
    text: str
    points: Decimal | None


class JudgedDocumentOut(Out):
    """A document, identified by its number because its name may reveal the applicant."""

    number: int
    indicator: str
    media_type: str
    size: int


class JudgedQuestionOut(Out):
    """A question to the applicant, and the answer."""

    indicator: str
    text: str
    answer: str


class JudgedApplicationOut(Out):
    """An application as its juror reads it. `applicant` is empty if the label is anonymous.

    `closed` says why scores are not accepted. It is empty while they are.
    """

    assignment_id: int
    number: int
    state: Literal[*Assignment.State.values]
    is_appeal: bool
    closed: str
    title: str
    summary: str
    country: str
    topics: list[str]
    applicant: str
    website: str
    changed: str
    criteria: list[SchemeCriterionOut]
    answers: list[JudgedAnswerOut]
    documents: list[JudgedDocumentOut]
    questions: list[JudgedQuestionOut]
    scores: list[JurorScoreOut]
    missing: list[str] = Field(description="The keys of the indicators without a score.")
    comment: str


class JurorScoreIn(In):
    """Points for an indicator. Half points are allowed if its scale ends at 10 or below."""

    indicator: Key
    points: Points | None = Field(description="Null means that the juror cannot judge it.")
    comment: Annotated[str, Field(max_length=scoring.MOST_COMMENT)] = ""
    saved_at: AwareDatetime | None = Field(
        None,
        description=(
            "The time when the score was entered. Of two states of the same score, the later "
            "one applies."
        ),
    )


class JurorCommentIn(In):
    """The juror's overall comment."""

    text: Annotated[str, Field(max_length=scoring.MOST_OVERALL)]
    saved_at: AwareDatetime | None = None


class JurorScoresIn(In):
    """Scores in any order, as often as you like. Scores that are left out stay as they are."""

    scores: Annotated[list[JurorScoreIn], Field(max_length=500)] = []
    comment: JurorCommentIn | None = None


class SavedScoresOut(Out):
    """The keys of the scores that were saved, the reasons for those that were refused, and newer
    scores that apply instead.
    """

    kept: list[str] = Field(description="An empty key is the overall comment.")
    refused: dict[str, str]
    later: list[JurorScoreOut]


class JurorSeatOut(Out):
    """A juror of an application. `label` is a number for other jurors, and a name for managers."""

    assignment_id: int
    label: str
    is_own: bool
    state: Literal[*Assignment.State.values]
    comment: str
    scores: list[JurorScoreOut]


class RemarkOut(Out):
    """A remark in the discussion. Without a text, it records that points were changed."""

    id: int
    who: str
    is_own: bool
    indicator: str
    text: str
    points_before: Decimal | None
    points_after: Decimal | None
    said_at: datetime


class DiscussionOut(Out):
    """All scores of an application, and the discussion about it."""

    jurors: list[JurorSeatOut]
    remarks: list[RemarkOut]


class RemarkIn(In):
    """A remark about the whole application, or about one indicator."""

    text: Annotated[str, Field(min_length=1, max_length=discussing.MOST_REMARK)]
    indicator: Key = ""


class JurorQuestionIn(In):
    """A juror's question about the whole application, or about one indicator."""

    text: Annotated[str, Field(min_length=1, max_length=MOST_QUESTION)]
    indicator: Key = ""


class StandingJurorOut(Out):
    """A juror's progress. `total` is the total of their own points once they have finished."""

    juror_id: int
    name: str
    cluster: str
    state: Literal[*Assignment.State.values]
    scored: int
    total: Decimal | None


class StandingOut(Out):
    """The result of an application so far, by the jurors who have finished.

    Figures are rounded for display and not used in calculations.
    """

    number: int
    application_id: int
    title: str
    organisation: str
    total: Decimal | None
    passes: bool
    level: str
    missing: list[str]
    jurors: list[StandingJurorOut]


class StrictnessOut(Out):
    """How strict a juror is compared with the others, in points out of 100.

    A value below 0 means stricter.
    """

    juror_id: int
    name: str
    scores: int
    points: float | None
    low: float | None
    high: float | None
    text: str


class IndicatorSpreadOut(Out):
    """How much jurors differ on an indicator, in points out of 100."""

    indicator: str
    deviation: float | None
    applications: int


class ScoresFileWanted(In):
    """The file format."""

    format: FileFormat = "csv"


class JudgingOut(Out):
    """How the jurors judge. This is for information only and does not change any result."""

    jurors: list[StrictnessOut]
    spreads: list[IndicatorSpreadOut]


def _judged(reading: Reading) -> dict[str, Any]:
    given, dossier = reading.assignment, reading.dossier
    told = (
        "title",
        "summary",
        "country",
        "topics",
        "applicant",
        "website",
        "changed",
        "answers",
        "documents",
    )
    return {
        "assignment_id": given.pk,
        "number": reading.number,
        "state": given.state,
        "is_appeal": given.is_appeal,
        "closed": scoring.why_closed(reading),
        "criteria": reading.text.criteria,
        "questions": list_answered(reading),
        "scores": _scores(reading.scores),
        "missing": [one.key for one in reading.missing],
        "comment": given.comment,
        **{name: getattr(dossier, name) for name in told},
    }


def _scores(scores: Any) -> list[Score]:
    return [scores[key] for key in sorted(scores)]


def _typed(sent: JurorScoresIn, now: datetime) -> dict[str, Any]:
    return {
        "scores": [
            scoring.Typed(one.indicator, one.points, one.comment, one.saved_at or now)
            for one in sent.scores
        ],
        "comment": sent.comment
        and scoring.TypedComment(sent.comment.text, sent.comment.saved_at or now),
    }


@router.get(MINE, response=JudgedApplicationOut, summary="Get an application that you judge")
def show_judged_application(request: Request, assignment_id: Id) -> dict[str, Any]:
    """Returns the application as it was submitted, with your own scores."""
    return _judged(read_reading(find_assignment(request.reader, assignment_id)))


@router.get(
    f"{MINE}/documents/{{number}}",
    summary="Download a document of an application that you judge",
    openapi_extra=file_of(*MEDIA_TYPES),
)
def download_judged_document(request: Request, assignment_id: Id, number: Number) -> Any:
    """Downloads the document without the name that the applicant gave it."""
    file = get_document(find_assignment(request.reader, assignment_id), number)
    return HttpResponse(bytes(file.content), content_type=file.media_type)


@router.put(f"{MINE}/scores", response=SavedScoresOut, summary="Score an application")
def save_juror_scores(request: Request, assignment_id: Id, sent: JurorScoresIn) -> dict[str, Any]:
    """Saves scores.

    A score that is refused does not hold up the others, and a score sent twice is saved once.
    """
    find_assignment(request.reader, assignment_id)
    now = timezone.now()
    saved = scoring.save_scores(
        actor=request.reader, assignment_id=assignment_id, now=now, **_typed(sent, now)
    )
    return {
        "kept": saved.kept,
        "refused": saved.refused,
        "later": list(saved.later.values()),
    }


@router.post(f"{MINE}/finish", response=JudgedApplicationOut, summary="Finish scoring")
def finish_juror_scores(request: Request, assignment_id: Id, sent: JurorScoresIn) -> dict[str, Any]:
    """Finishes scoring, with any last scores.

    The request is refused while an indicator has no score.
    """
    find_assignment(request.reader, assignment_id)
    now = timezone.now()
    saved = scoring.finish_scoring(
        actor=request.reader, assignment_id=assignment_id, now=now, **_typed(sent, now)
    )
    return _judged(saved.reading)


@router.post(f"{MINE}/reopen", response=JudgedApplicationOut, summary="Reopen scoring")
def reopen_juror_scores(request: Request, assignment_id: Id) -> dict[str, Any]:
    """Reopens scoring. The scores do not count until you finish again."""
    find_assignment(request.reader, assignment_id)
    return _judged(
        scoring.reopen_scoring(
            actor=request.reader, assignment_id=assignment_id, now=timezone.now()
        )
    )


@router.post(f"{MINE}/questions", response={204: None}, summary="Ask the applicant a question")
def ask_judged_applicant(
    request: Request, assignment_id: Id, asked: JurorQuestionIn
) -> Status[None]:
    """Sends a question to the clusters, who pass it on without your name.

    The answer appears in the application.
    """
    given = find_assignment(request.reader, assignment_id)
    ask_as_juror(
        actor=request.reader,
        application_id=given.application_id,
        now=timezone.now(),
        **asked.model_dump(),
    )
    return Status(204, None)


def _talk(talk: discussing.Discussion) -> dict[str, Any]:
    by_seat: dict[int, list[Score]] = {one.assignment.pk: [] for one in talk.seats}
    for cells in talk.cells.values():
        for cell in cells:
            if cell.score is not None:
                by_seat[cell.seat.assignment.pk].append(cell.score)
    names = ("id", "indicator", "text", "points_before", "points_after", "said_at")
    return {
        "jurors": [
            {
                "assignment_id": one.assignment.pk,
                "label": one.label,
                "is_own": one.is_own,
                "state": one.assignment.state,
                "comment": one.assignment.comment,
                "scores": by_seat[one.assignment.pk],
            }
            for one in talk.seats
        ],
        "remarks": [
            {
                "who": one.who,
                "is_own": one.is_own,
                **{name: getattr(one.remark, name) for name in names},
            }
            for one in talk.lines
        ],
    }


@router.get(f"{MINE}/discussion", response=DiscussionOut, summary="Get the other jurors' scores")
def show_jurors_discussion(request: Request, assignment_id: Id) -> dict[str, Any]:
    """Returns the discussion once it has started.

    Other jurors are shown by number and cluster, not by name.
    """
    return _talk(discussing.read_discussion(request.reader, assignment_id)[1])


@router.post(f"{MINE}/remarks", response={201: DiscussionOut}, summary="Add a remark")
def remark_as_juror(request: Request, assignment_id: Id, said: RemarkIn) -> Status[dict[str, Any]]:
    """Adds a remark that the other jurors and the managers of the clusters can read."""
    find_assignment(request.reader, assignment_id)
    discussing.remark_as_juror(
        actor=request.reader, assignment_id=assignment_id, now=timezone.now(), **said.model_dump()
    )
    return Status(201, show_jurors_discussion(request, assignment_id))


def _standing(request: Request, partnership_id: int, round_id: int) -> RoundStanding:
    steer(request, partnership_id)
    return read_round_standing(get_round(partnership_id, round_id))


def _row(one: Judged, standing: RoundStanding) -> dict[str, Any]:
    return {
        "number": one.number,
        "application_id": one.application.pk,
        "title": one.application.title,
        "organisation": one.application.organisation.name,
        "total": one.outcome.total,
        "passes": one.outcome.passes,
        "level": one.outcome.level,
        "missing": list(one.missing),
        "jurors": [
            {
                "juror_id": given.juror_id,
                "name": name_of(given),
                "state": given.state,
                "cluster": given.juror.party.organisation.name,
                "scored": len(one.scores[given.pk]),
                "total": tell_percent(own_total(standing.scheme, one, given))
                if given.state == Assignment.State.DONE
                else None,
            }
            for given in one.assignments
        ],
    }


@router.get(SCORES, response=list[StandingOut], summary="Get the standings of a round")
def list_round_scores(request: Request, partnership_id: Id, round_id: Id) -> list[Any]:
    """Returns the results of the jurors who have finished, except for applications in which you
    have a conflict of interest.
    """
    standing = _standing(request, partnership_id, round_id)
    return [_row(one, standing) for one in standing.rows]


@router.get(f"{SCORES}/file", summary="Export all scores of a round", openapi_extra=TABLE_FILE)
def export_round_scores(
    request: Request, partnership_id: Id, round_id: Id, wanted: Query[ScoresFileWanted]
) -> HttpResponse:
    """Returns a row for each score."""
    standing = _standing(request, partnership_id, round_id)
    header, rows = score_table(standing)
    return answer_table(file_name(standing), form=wanted.format, header=header, rows=rows)


@router.get(f"{SCORES}/judging", response=JudgingOut, summary="Get juror statistics")
def show_round_judging(request: Request, partnership_id: Id, round_id: Id) -> dict[str, Any]:
    """Returns each juror's strictness with a 95% confidence interval, and how much jurors differ
    on each indicator.
    """
    standing = _standing(request, partnership_id, round_id)
    found = measure_judging(standing)
    names = {given.juror_id: name_of(given) for one in standing.rows for given in one.assignments}
    return {
        "jurors": [
            {
                "juror_id": int(one.juror),
                "name": names[int(one.juror)],
                "scores": one.scores,
                "points": one.points,
                "low": one.low,
                "high": one.high,
                "text": tell_strictness(one),
            }
            for one in found.calibration.jurors
        ],
        "spreads": [
            {
                "indicator": one.indicator.key,
                "deviation": one.spread.deviation,
                "applications": one.spread.applications,
            }
            for one in found.spreads
        ],
    }


@router.get(
    f"{SCORES}/{{application_id}}",
    response=DiscussionOut,
    summary="Get all scores of an application",
)
def show_application_scores(
    request: Request, partnership_id: Id, round_id: Id, application_id: Id
) -> dict[str, Any]:
    """Returns all scores and the discussion about the application."""
    standing = _standing(request, partnership_id, round_id)
    if standing.of(application_id) is None:
        raise NotFound(_("We couldn’t find this application."))
    return _talk(discussing.read_talk(request.reader, standing.round, application_id))


@router.post(
    f"{SCORES}/{{application_id}}/remarks",
    response={201: DiscussionOut},
    summary="Add a remark about an application",
)
def remark_as_manager(
    request: Request, partnership_id: Id, round_id: Id, application_id: Id, said: RemarkIn
) -> Status[dict[str, Any]]:
    """Adds a remark during the discussion of the round.

    The jurors of the application can read it too.
    """
    steer(request, partnership_id)
    discussing.remark_as_manager(
        actor=request.reader,
        partnership_id=partnership_id,
        round_id=round_id,
        application_id=application_id,
        now=timezone.now(),
        **said.model_dump(),
    )
    shown = show_application_scores(request, partnership_id, round_id, application_id)
    return Status(201, shown)
