"""Results, letters and appeals by program; for the managers of the clusters."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.api.files import file_of
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
    """How an indicator came out; `points` by the rule of the scheme."""

    key: str
    points: Decimal | None
    passes: bool


class CriterionResultOut(Out):
    """How a criterion came out, in percent."""

    key: str
    percent: Decimal | None
    passes: bool


class LabelResultOut(Out):
    """What was decided of an application; `level` is the key of one. `told_at`: its letter is sent."""

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
    """A result with its letter; `mark` is sent back by who writes it."""

    feedback: str
    improvements: str
    mark: str
    criteria: list[CriterionResultOut]
    indicators: list[IndicatorResultOut]


class LabelLetterIn(In):
    """What a letter says; `mark`: of what was read."""

    mark: Annotated[str, Field(max_length=16)]
    feedback: Annotated[str, Field(min_length=1, max_length=MOST_FEEDBACK)]
    improvements: Annotated[str, Field(max_length=MOST_IMPROVEMENTS)] = ""


class LettersIn(In):
    """Which letters are sent, by the numbers of results; null: all that are not sent."""

    results: Annotated[list[Id], Field(max_length=2000)] | None = None


class LettersSentOut(Out):
    """How many letters are on their way."""

    count: int


class LabelAppealOut(Out):
    """An appeal, its answer, and how many read the application anew."""

    id: int
    application_id: int
    text: str
    asked_at: datetime
    state: AppealState
    answer: str
    decided_at: datetime | None


class AppealReadOut(Out):
    """How many other jurors read it anew."""

    jurors: int


class AppealAnswerIn(MeetingIn):
    """The answer to an appeal; whether it is granted, the new scores say."""

    answer: Annotated[str, Field(min_length=1, max_length=appeals.MOST_ANSWER)]


def _row(one: Result, numbers: dict[int, int]) -> dict[str, Any]:
    names = LabelResultOut.model_fields.keys() - {"number", "title"}
    return {name: getattr(one, name) for name in names} | {
        "number": numbers.get(one.application_id), "title": one.application.title,
    }  # fmt: skip


def tell_letter(one: Result, numbers: dict[int, int]) -> dict[str, Any]:
    """Return a result with its letter."""
    outcome = read_outcome(one.content)
    return _row(one, numbers) | {
        "feedback": one.feedback, "improvements": one.improvements, "mark": mark_of(one),
        "criteria": [
            {"key": each.key, "percent": each.percent, "passes": each.passes}
            for each in outcome.criteria
        ],
        "indicators": [
            {"key": each.key, "points": each.points, "passes": each.passes}
            for each in outcome.indicators
        ],
    }  # fmt: skip


@router.get(f"{ROUND}/results", response=list[LabelResultOut], summary="Results of a round")
def list_label_results(
    request: HttpRequest, partnership_id: Id, round_id: Id
) -> list[dict[str, Any]]:
    """Those that hold: awarded, waiting and so on; without where one has a conflict of interest."""
    held = enter_steered(request, partnership_id, round_id)
    numbers = numbers_of(held)
    return [_row(one, numbers) for one in queries.list_results(held)]


@router.get(_RESULT, response=LabelLetterOut, summary="A result with its letter")
def show_label_result(
    request: HttpRequest, partnership_id: Id, round_id: Id, result_id: Id
) -> dict[str, Any]:
    """As it would be sent, or was."""
    held = enter_steered(request, partnership_id, round_id)
    return tell_letter(queries.get_result(round_id, result_id), numbers_of(held))


@router.put(f"{_RESULT}/letter", response=LabelLetterOut, summary="Write a letter")
def write_label_letter(
    request: HttpRequest, partnership_id: Id, round_id: Id, result_id: Id, written: LabelLetterIn
) -> dict[str, Any]:
    """As long as it is not sent; refused if somebody else wrote it meanwhile."""
    write_letter(
        **deed_of(request, partnership_id, round_id), result_id=result_id, seen=written.mark,
        feedback=written.feedback, improvements=written.improvements,
    )  # fmt: skip
    return show_label_result(request, partnership_id, round_id, result_id)


@router.get(f"{_RESULT}/letter.pdf", summary="Download a letter", openapi_extra=PDF)
def download_label_letter(
    request: HttpRequest, partnership_id: Id, round_id: Id, result_id: Id
) -> HttpResponse:
    """In the language of the applicant."""
    held = enter_steered(request, partnership_id, round_id)
    one = queries.get_result(round_id, result_id)
    return answer_letter_pdf(one, one.application, text_of_round(held))


@router.post(f"{ROUND}/letters", response=LettersSentOut, summary="Send letters")
def send_label_letters(
    request: HttpRequest, partnership_id: Id, round_id: Id, chosen: LettersIn
) -> dict[str, int]:
    """The applicants read their results from then on, and get a mail."""
    count = send_letters(**deed_of(request, partnership_id, round_id), results=chosen.results)
    return {"count": count}


def tell_appeal(one: Appeal) -> dict[str, Any]:
    """Return what is told of an appeal."""
    return {name: getattr(one, name) for name in LabelAppealOut.model_fields}


@router.get(f"{ROUND}/appeals", response=list[LabelAppealOut], summary="Appeals in a round")
def list_label_appeals(
    request: HttpRequest, partnership_id: Id, round_id: Id
) -> list[dict[str, Any]]:
    """Those that are not decided first."""
    return [
        tell_appeal(one)
        for one in queries.appeals_of(enter_steered(request, partnership_id, round_id))
    ]


@router.post(f"{_APPEAL}/jurors", response={201: AppealReadOut}, summary="Let others read it anew")
def read_label_appeal(
    request: HttpRequest, partnership_id: Id, round_id: Id, appeal_id: Id
) -> Status[dict[str, int]]:
    """Jurors of each cluster who have not read it and have no conflict of interest."""
    given = appeals.read_anew(**deed_of(request, partnership_id, round_id), appeal_id=appeal_id)
    return Status(201, {"jurors": len(given)})


@router.post(f"{_APPEAL}/decision", response={201: DecisionOut}, summary="Decide an appeal")
def decide_label_appeal(
    request: HttpRequest, partnership_id: Id, round_id: Id, appeal_id: Id, said: AppealAnswerIn
) -> Status[dict[str, Any]]:
    """Once all have read it anew: what is better holds, what is worse does not."""
    made = appeals.decide_appeal(
        **deed_of(request, partnership_id, round_id), appeal_id=appeal_id, answer=said.answer,
        meeting=said.to_meeting(),
    )  # fmt: skip
    return Status(201, tell_decision(made))
