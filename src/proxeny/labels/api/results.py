"""Results, letters and appeals for programs, for the managers of the clusters."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.api.files import file_of
from proxeny.kernel.requests import Request
from proxeny.labels.api._router import router
from proxeny.labels.api.selection import (
    ROUND,
    DecisionOut,
    MeetingIn,
    Standing,
    deed_of,
    enter_steered,
    tell_decision,
)
from proxeny.labels.content import read_outcome
from proxeny.labels.models import Appeal, Result
from proxeny.labels.operations import appeals
from proxeny.labels.operations.deciding_appeals import decide_appeal
from proxeny.labels.operations.letters import (
    MOST_FEEDBACK,
    MOST_IMPROVEMENTS,
    mark_of,
    send_letters,
    write_letter,
)
from proxeny.labels.queries import results as queries
from proxeny.labels.queries.decisions import numbers_of
from proxeny.labels.queries.rounds import text_of_round
from proxeny.labels.result_pdf import answer_letter_pdf

_RESULT = f"{ROUND}/results/{{result_id}}"
_APPEAL = f"{ROUND}/appeals/{{appeal_id}}"
PDF = file_of("application/pdf")
AppealState = Literal[*Appeal.State.values]


class IndicatorResultOut(Out):
    """The result for an indicator. `points` are calculated by the rule of the scheme."""

    key: str
    points: Decimal | None
    passes: bool


class CriterionResultOut(Out):
    """The result for a criterion, in percent."""

    key: str
    percent: Decimal | None
    passes: bool


class LabelResultOut(Out):
    """The decision on an application.

    `level` is the key of a level. `told_at` is the time when its letter was sent.
    """

    id: int
    application_id: int
    number: int | None
    title: str
    standing: Standing
    rank: int | None
    total: Decimal | None
    level: str
    told_at: datetime | None


class LabelLetterOut(LabelResultOut):
    """A result with its letter. Send `mark` along when you write the letter."""

    feedback: str
    improvements: str
    mark: str
    criteria: list[CriterionResultOut]
    indicators: list[IndicatorResultOut]


class LabelLetterIn(In):
    """The text of a letter. `mark` is the mark of the letter that you read."""

    mark: Annotated[str, Field(max_length=16)]
    feedback: Annotated[str, Field(min_length=1, max_length=MOST_FEEDBACK)]
    improvements: Annotated[str, Field(max_length=MOST_IMPROVEMENTS)] = ""


class LettersIn(In):
    """The ids of the results whose letters to send.

    Null means all letters that have not been sent.
    """

    results: Annotated[list[Id], Field(max_length=2000)] | None = None


class LettersSentOut(Out):
    """The number of letters that are being sent."""

    count: int


class LabelAppealOut(Out):
    """An appeal and its answer."""

    id: int
    application_id: int
    text: str
    asked_at: datetime
    state: AppealState
    answer: str
    decided_at: datetime | None


class AppealReadOut(Out):
    """The number of other jurors who read the application for the second time."""

    jurors: int


class AppealAnswerIn(MeetingIn):
    """The answer to an appeal.

    Whether it is granted depends on the new scores; if there is no other juror left to read the
    application, `grants` decides.
    """

    answer: Annotated[str, Field(min_length=1, max_length=appeals.MOST_ANSWER)]
    grants: bool = False


def _row(one: Result, numbers: dict[int, int]) -> dict[str, Any]:
    names = LabelResultOut.model_fields.keys() - {"number", "title"}
    return {name: getattr(one, name) for name in names} | {
        "number": numbers.get(one.application_id),
        "title": one.application.title,
    }


def tell_letter(one: Result, numbers: dict[int, int]) -> dict[str, Any]:
    """Return a result with its letter."""
    outcome = read_outcome(one.content)
    return _row(one, numbers) | {
        "feedback": one.feedback,
        "improvements": one.improvements,
        "mark": mark_of(one),
        "criteria": [
            {"key": each.key, "percent": each.percent, "passes": each.passes}
            for each in outcome.criteria
        ],
        "indicators": [
            {"key": each.key, "points": each.points, "passes": each.passes}
            for each in outcome.indicators
        ],
    }


@router.get(
    f"{ROUND}/results", response=list[LabelResultOut], summary="List the results of a round"
)
def list_label_results(request: Request, partnership_id: Id, round_id: Id) -> list[dict[str, Any]]:
    """Returns the results that apply, such as awarded or waiting, except for applications in which
    you have a conflict of interest.
    """
    held = enter_steered(request, partnership_id, round_id)
    numbers = numbers_of(held)
    return [_row(one, numbers) for one in queries.list_results(held)]


@router.get(_RESULT, response=LabelLetterOut, summary="Get a result with its letter")
def show_label_result(
    request: Request, partnership_id: Id, round_id: Id, result_id: Id
) -> dict[str, Any]:
    """Returns the letter as it was sent, or as it would be sent."""
    held = enter_steered(request, partnership_id, round_id)
    return tell_letter(queries.get_result(round_id, result_id), numbers_of(held))


@router.put(f"{_RESULT}/letter", response=LabelLetterOut, summary="Write a letter")
def write_label_letter(
    request: Request, partnership_id: Id, round_id: Id, result_id: Id, written: LabelLetterIn
) -> dict[str, Any]:
    """Saves the letter until it is sent.

    The request is refused if someone else has changed it in the meantime.
    """
    write_letter(
        **deed_of(request, partnership_id, round_id),
        result_id=result_id,
        seen=written.mark,
        feedback=written.feedback,
        improvements=written.improvements,
    )
    return show_label_result(request, partnership_id, round_id, result_id)


@router.get(f"{_RESULT}/letter.pdf", summary="Download a letter", openapi_extra=PDF)
def download_label_letter(
    request: Request, partnership_id: Id, round_id: Id, result_id: Id
) -> HttpResponse:
    """Downloads the letter in the applicant's language."""
    held = enter_steered(request, partnership_id, round_id)
    one = queries.get_result(round_id, result_id)
    return answer_letter_pdf(one, one.application, text_of_round(held))


@router.post(f"{ROUND}/letters", response=LettersSentOut, summary="Send letters")
def send_label_letters(
    request: Request, partnership_id: Id, round_id: Id, chosen: LettersIn
) -> dict[str, int]:
    """Emails the applicants, who can read their results from then on."""
    count = send_letters(**deed_of(request, partnership_id, round_id), results=chosen.results)
    return {"count": count}


def tell_appeal(one: Appeal) -> dict[str, Any]:
    """Return the fields of an appeal."""
    return {name: getattr(one, name) for name in LabelAppealOut.model_fields}


@router.get(
    f"{ROUND}/appeals", response=list[LabelAppealOut], summary="List the appeals of a round"
)
def list_label_appeals(request: Request, partnership_id: Id, round_id: Id) -> list[dict[str, Any]]:
    """Returns the appeals. Those that are not decided come first."""
    return [
        tell_appeal(one)
        for one in queries.appeals_of(enter_steered(request, partnership_id, round_id))
    ]


@router.post(f"{_APPEAL}/jurors", response={201: AppealReadOut}, summary="Request a second reading")
def read_label_appeal(
    request: Request, partnership_id: Id, round_id: Id, appeal_id: Id
) -> Status[dict[str, int]]:
    """Assigns the application to jurors who have not read it and have no conflict of interest: one
    of each cluster, unless the label requires fewer jurors than it has clusters.
    """
    given = appeals.read_anew(**deed_of(request, partnership_id, round_id), appeal_id=appeal_id)
    return Status(201, {"jurors": len(given)})


@router.post(f"{_APPEAL}/decision", response={201: DecisionOut}, summary="Decide an appeal")
def decide_label_appeal(
    request: Request, partnership_id: Id, round_id: Id, appeal_id: Id, said: AppealAnswerIn
) -> Status[dict[str, Any]]:
    """Decides the appeal once the second reading is finished: a better result applies, a worse one
    does not.

    Without a second reading, an appeal can only be decided if there is no other juror left. The
    decision takes effect once every other cluster has signed its text.
    """
    made = decide_appeal(
        **deed_of(request, partnership_id, round_id),
        appeal_id=appeal_id,
        answer=said.answer,
        grants=said.grants,
        meeting=said.to_meeting(),
    )
    return Status(201, tell_decision(made))
