"""The applications of a round for programs, for the managers of the clusters."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.api.files import file_of
from proxeny.kernel.api.times import Day
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.files import MEDIA_TYPES, answer_file
from proxeny.kernel.requests import Request
from proxeny.labels.api._router import router
from proxeny.labels.api.applications import (
    ApplicationState,
    Key,
    LabelDocumentOut,
    Number,
    ReceiptOut,
    tell_document,
    tell_receipt,
)
from proxeny.labels.models import Application, Question, Round
from proxeny.labels.operations import eligibility, questions
from proxeny.labels.operations.own_conflict import declare_own_conflict
from proxeny.labels.queries import applications as queries
from proxeny.labels.queries.own_applications import get_document
from proxeny.labels.queries.rounds import get_round
from proxeny.partnerships.api._shapes import enter

_ALL = "/partnerships/{partnership_id}/rounds/{round_id}/applications"
_ONE = f"{_ALL}/{{application_id}}"
Words = Annotated[str, Field(min_length=1, max_length=2000)]


class HandedInRow(Out):
    """A submitted application. `eligible` is null until someone has assessed it."""

    id: int
    number: int
    title: str
    organisation_id: int
    organisation: str
    country: str
    topics: str
    state: ApplicationState
    submitted_at: datetime
    eligible: bool | None
    eligible_why: str
    paid_on: Day | None
    version: int


class RoundQuestionOut(Out):
    """A question and its answer. `passed_on_at` is null while it is waiting for a manager."""

    id: int
    indicator: str
    text: str
    asked_at: datetime
    passed_on_at: datetime | None
    answer: str
    answered_at: datetime | None


class HandedInOut(HandedInRow):
    """A complete application as it was submitted, with its receipts, documents and questions."""

    contact_name: str
    contact_email: str
    website: str
    receipts: list[ReceiptOut]
    documents: list[LabelDocumentOut]
    questions: list[RoundQuestionOut]


class HandedInQuery(In):
    """Filters for the list of applications."""

    q: Annotated[str, Field(max_length=100)] = ""
    state: Literal["", "submitted", "withdrawn"] = ""
    country: Annotated[str, Field(pattern="^([A-Z]{2})?$")] = ""
    eligible: Literal["", "yes", "no", "open"] = ""


class EligibilityIn(In):
    """Whether the application is eligible.

    Null means that it has not been assessed. If it is not eligible, give a reason in `why`.
    """

    eligible: bool | None
    why: Annotated[str, Field(max_length=500)] = ""
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None


class FeePaidIn(In):
    """The day when the fee was paid. Null means not yet."""

    paid_on: Day | None
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None


class OwnConflictIn(In):
    """The nature of your interest in the application."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class LabelQuestionIn(In):
    """The question, and the indicator it is about.

    An empty `indicator` means the whole application.
    """

    text: Words
    indicator: Key = ""


class LabelQuestionPass(In):
    """The question reworded so that it does not reveal who asks.

    Without a text, the question is passed on unchanged.
    """

    text: Words | None = None


def _enter(request: Request, partnership_id: int, round_id: int) -> Round:
    enter(request, partnership_id)
    if partnership_id not in request.reader.steered:
        raise NotAllowed(_("Only cluster managers can read submitted applications."))
    return get_round(partnership_id, round_id)


def _row(one: Any) -> dict[str, Any]:
    names = HandedInRow.model_fields.keys() - {"organisation"}
    return {name: getattr(one, name) for name in names} | {"organisation": one.organisation.name}


def _whole(held: Round, application_id: int) -> dict[str, Any]:
    found = queries.read_handed(held, application_id)
    one: Application = found.application
    return _row(one) | {
        "contact_name": one.contact_name,
        "contact_email": one.contact_email,
        "website": one.website,
        "receipts": [tell_receipt(each) for each in (found.submission, *found.earlier)],
        "documents": [tell_document(each) for each in found.documents],
        "questions": [_question(each) for each in found.questions],
    }


def _question(one: Question) -> dict[str, Any]:
    return {name: getattr(one, name) for name in RoundQuestionOut.model_fields}


@router.get(_ALL, response=list[HandedInRow], summary="List the applications of a round")
def list_round_applications(
    request: Request, partnership_id: Id, round_id: Id, asked: Query[HandedInQuery]
) -> list[dict[str, Any]]:
    """Returns the submitted applications by number, except for those in which you have a conflict
    of interest.

    Available to managers of the clusters.
    """
    rows = queries.submitted_in(_enter(request, partnership_id, round_id))
    found = queries.find_submitted(
        rows, search=asked.q, state=asked.state, country=asked.country, eligible=asked.eligible
    )
    return [_row(one) for one in found]


@router.get(_ONE, response=HandedInOut, summary="Get an application of a round")
def show_round_application(
    request: Request, partnership_id: Id, round_id: Id, application_id: Id
) -> dict[str, Any]:
    """Returns the application as it was submitted, with documents, receipts and questions."""
    return _whole(_enter(request, partnership_id, round_id), application_id)


@router.get(
    f"{_ONE}/documents/{{number}}",
    summary="Download a document of an application",
    openapi_extra=file_of(*MEDIA_TYPES),
)
def download_round_document(
    request: Request, partnership_id: Id, round_id: Id, application_id: Id, number: Number
) -> HttpResponse:
    """Downloads a document that was submitted."""
    held = _enter(request, partnership_id, round_id)
    return answer_file(get_document(queries.get_submitted(held, application_id), number))


@router.put(
    f"{_ONE}/eligibility", response=HandedInOut, summary="Set whether an application is eligible"
)
def note_label_eligibility(
    request: Request,
    partnership_id: Id,
    round_id: Id,
    application_id: Id,
    noted: EligibilityIn,
) -> dict[str, Any]:
    """Saves the decision with a reason that the applicant can read."""
    held = _enter(request, partnership_id, round_id)
    eligibility.note_eligibility(
        actor=request.reader,
        partnership_id=partnership_id,
        round_id=round_id,
        application_id=application_id,
        now=timezone.localtime(),
        **noted.model_dump(),
    )
    return _whole(held, application_id)


@router.put(f"{_ONE}/fee", response=HandedInOut, summary="Set when the fee was paid")
def note_label_fee(
    request: Request, partnership_id: Id, round_id: Id, application_id: Id, noted: FeePaidIn
) -> dict[str, Any]:
    """Saves the day of the payment. Null means that the fee has not been paid."""
    held = _enter(request, partnership_id, round_id)
    eligibility.note_payment(
        actor=request.reader,
        partnership_id=partnership_id,
        round_id=round_id,
        application_id=application_id,
        now=timezone.localtime(),
        **noted.model_dump(),
    )
    return _whole(held, application_id)


@router.post(f"{_ONE}/conflict", response={204: None}, summary="Declare a conflict of interest")
def declare_label_conflict(
    request: Request,
    partnership_id: Id,
    round_id: Id,
    application_id: Id,
    declared: OwnConflictIn,
) -> Status[None]:
    """Declares your conflict of interest.

    From then on, you no longer see anything of the application. This can't be undone.
    """
    _enter(request, partnership_id, round_id)
    declare_own_conflict(
        actor=request.reader,
        partnership_id=partnership_id,
        round_id=round_id,
        application_id=application_id,
        reason=declared.reason,
        now=timezone.localtime(),
    )
    return Status(204, None)


@router.post(
    f"{_ONE}/questions", response={201: RoundQuestionOut}, summary="Ask the applicant a question"
)
def ask_label_applicant(
    request: Request,
    partnership_id: Id,
    round_id: Id,
    application_id: Id,
    asked: LabelQuestionIn,
) -> Status[dict[str, Any]]:
    """Emails the applicant that there is a question, without saying who asked it."""
    _enter(request, partnership_id, round_id)
    made = questions.ask_applicant(
        actor=request.reader,
        partnership_id=partnership_id,
        round_id=round_id,
        application_id=application_id,
        now=timezone.localtime(),
        **asked.model_dump(),
    )
    return Status(201, _question(made))


@router.post(
    f"{_ONE}/questions/{{question_id}}/pass-on",
    response=RoundQuestionOut,
    summary="Pass on a juror's question",
)
def pass_on_label_question(
    request: Request,
    partnership_id: Id,
    round_id: Id,
    application_id: Id,
    question_id: Id,
    passed: LabelQuestionPass,
) -> dict[str, Any]:
    """Passes the question on to the applicant. Reword it if it reveals who asks."""
    _enter(request, partnership_id, round_id)
    return _question(
        questions.pass_on(
            actor=request.reader,
            partnership_id=partnership_id,
            round_id=round_id,
            application_id=application_id,
            question_id=question_id,
            text=passed.text,
            now=timezone.localtime(),
        )
    )
