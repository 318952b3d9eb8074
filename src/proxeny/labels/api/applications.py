"""Applications for applicants' programs: drafts, documents, submission and questions."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Form
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out, in_pages
from proxeny.kernel.api.files import file_of
from proxeny.kernel.files import MEDIA_TYPES, answer_file
from proxeny.kernel.requests import Request
from proxeny.labels.api._router import router
from proxeny.labels.models import Application, Document, Question, Submission
from proxeny.labels.operations import documents, questions, submitting
from proxeny.labels.operations.applying import (
    begin_application,
    mark_of,
    save_fields,
    values_of,
)
from proxeny.labels.operations.self_assessment import Line, assess_oneself
from proxeny.labels.operations.submitting import check_complete
from proxeny.labels.queries import own_applications as queries
from proxeny.labels.queries.own_applications import OwnApplication

_ALL = "/applications"
_ONE = f"{_ALL}/{{application_id}}"
_DOCUMENT = f"{_ONE}/documents/{{number}}"
ApplicationState = Literal[*Application.State.values]
Number = Annotated[int, Field(ge=1, le=32_767)]
Key = Annotated[str, Field(max_length=24)]
FieldName = Annotated[str, Field(max_length=60)]


class OpenRoundOut(Out):
    """A round that is open for applications."""

    id: int
    title: str
    label: str
    slug: str
    opens_at: datetime
    closes_at: datetime
    zone: str


class LabelApplicationRow(Out):
    """An application of your organisation.

    `number` is that of its receipt once it has been submitted.
    """

    id: int
    round_id: int
    organisation_id: int
    title: str
    label: str
    state: ApplicationState
    number: int | None
    questions_open: int
    closes_at: datetime


class FieldOut(Out):
    """The value of a field, and a mark that tells whether it has changed since you read it."""

    value: str
    mark: str


class MissingOut(Out):
    """Something that is required before the application can be submitted, and the field it belongs
    to.
    """

    field: str
    text: str


class ThresholdOut(Out):
    """Your own points (for an indicator) or percentage compared with the threshold.

    `gap` is what is missing to reach it.
    """

    key: str
    reached: Decimal | None
    least: Decimal | None
    passes: bool | None
    gap: Decimal | None


class SelfAssessmentOut(Out):
    """The result of your own points. The key of the total is empty."""

    total: ThresholdOut
    criteria: list[ThresholdOut]
    indicators: list[ThresholdOut]
    passes: bool | None
    level: str | None


class ReceiptOut(Out):
    """What was submitted, and when. `sha256` is the hash of `content` in its canonical form."""

    number: int
    sha256: str
    submitted_at: datetime
    withdrawn_at: datetime | None
    content: dict[str, Any]


class LabelDocumentOut(Out):
    """A document. `indicator` is the indicator it is evidence for, or empty."""

    number: int
    indicator: str
    name: str
    media_type: str
    size: int
    sha256: str


class OwnQuestionOut(Out):
    """A question from the clusters, and its answer."""

    id: int
    indicator: str
    text: str
    passed_on_at: datetime | None
    answer: str
    answered_at: datetime | None


class OwnLabelApplicationOut(Out):
    """An application with everything that belongs to it.

    `fields` are named as on its page: `title`, `points_i7` and `text_i7` for an indicator,
    `confirmed_k3` for a condition (`yes` or empty).
    """

    id: int
    round_id: int
    organisation_id: int
    state: ApplicationState
    eligible: bool | None
    eligible_why: str
    fields: dict[str, FieldOut]
    documents: list[LabelDocumentOut]
    missing: list[MissingOut]
    assessment: SelfAssessmentOut
    receipts: list[ReceiptOut]
    questions: list[OwnQuestionOut]


class ClashOut(Out):
    """A field that someone has saved since you read it: its current value and its mark."""

    value: str
    mark: str


class FieldsSavedOut(Out):
    """The fields that were saved, the fields that were refused and why, and the fields that someone
    else has changed in the meantime.
    """

    kept: list[str]
    refused: dict[str, str]
    clashes: dict[str, ClashOut]
    application: OwnLabelApplicationOut


class LabelApplicationBegin(In):
    """The organisation that applies, and the title of its project."""

    organisation_id: Id
    title: Annotated[str, Field(min_length=1, max_length=200)]


class FieldsIn(In):
    """The values of the fields to write.

    `seen` holds the marks you have read: fields that have changed since then are not overwritten.
    """

    values: Annotated[
        dict[FieldName, Annotated[str, Field(max_length=20_000)]], Field(max_length=500)
    ]
    seen: Annotated[
        dict[FieldName, Annotated[str, Field(max_length=16)]], Field(max_length=500)
    ] = Field(default_factory=dict)


class LabelDocumentBring(In):
    """The indicator that the document is evidence for. Empty means the whole project."""

    indicator: Key = ""


class LabelAnswerIn(In):
    """The answer to a question."""

    answer: Annotated[str, Field(min_length=1, max_length=4000)]


def _rows(found: list[Application], request: Request, **_more: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": row.application.pk,
            "round_id": row.application.round_id,
            "organisation_id": row.application.organisation_id,
            "title": row.application.title,
            "label": row.scheme.name,
            "state": row.application.state,
            "number": row.number,
            "questions_open": row.asked,
            "closes_at": row.application.round.closes_at,
        }
        for row in queries.rows_of(found)
    ]


def _tell(own: OwnApplication) -> dict[str, Any]:
    one = own.application
    names = ("id", "round_id", "organisation_id", "state", "eligible", "eligible_why")
    return {name: getattr(one, name) for name in names} | {
        "fields": {
            name: {"value": value, "mark": mark_of(value)} for name, value in values_of(own).items()
        },
        "documents": [tell_document(each) for each in own.documents],
        "missing": [{"field": each.field, "text": each.text} for each in check_complete(own)],
        "assessment": _assessment(own),
        "receipts": [tell_receipt(each) for each in own.submissions],
        "questions": [_question(each) for each in own.questions],
    }


def _assessment(own: OwnApplication) -> dict[str, Any]:
    found = assess_oneself(own.scheme, {key: one.points for key, one in own.answers.items()})
    return {
        "total": _line("", found.total),
        "criteria": [_line(one.criterion.key, one.line) for one in found.criteria],
        "indicators": [
            _line(each.indicator.key, each.line)
            for one in found.criteria
            for each in one.indicators
        ],
        "passes": found.passes,
        "level": found.level.key if found.level else None,
    }


def _line(key: str, line: Line) -> dict[str, Any]:
    return {
        "key": key,
        "reached": line.reached,
        "least": line.least,
        "passes": line.passes,
        "gap": line.gap,
    }


def tell_document(one: Document) -> dict[str, Any]:
    """Return the fields of a document."""
    return {name: getattr(one, name) for name in LabelDocumentOut.model_fields}


def tell_receipt(one: Submission) -> dict[str, Any]:
    """Return the fields of a receipt."""
    names = ReceiptOut.model_fields.keys() - {"sha256"}
    return {name: getattr(one, name) for name in names} | {"sha256": one.digest}


def _question(one: Question) -> dict[str, Any]:
    return {name: getattr(one, name) for name in OwnQuestionOut.model_fields}


def _again(request: Request, application_id: int) -> dict[str, Any]:
    return _tell(queries.read_own(request.reader, application_id))


@router.get("/rounds/open", response=list[OpenRoundOut], summary="List open rounds")
def list_open_label_rounds(request: Request) -> list[dict[str, Any]]:
    """Returns the rounds that you can apply in now. Those that close first come first."""
    return [
        {
            **{
                name: getattr(one.round, name)
                for name in ("id", "title", "opens_at", "closes_at", "zone")
            },
            "label": one.scheme.name,
            "slug": one.scheme.slug,
        }
        for one in queries.list_open_rounds(now=timezone.now())
    ]


@router.get(_ALL, response=list[LabelApplicationRow], summary="List your applications")
@in_pages("-id", tell=_rows)
def list_own_label_applications(request: Request) -> QuerySet[Application]:
    """Returns the applications of your organisations, newest first."""
    return queries.own_applications(request.reader)


@router.post(
    "/rounds/{round_id}/applications",
    response={201: OwnLabelApplicationOut},
    summary="Start an application",
)
def begin_label_application(
    request: Request, round_id: Id, begun: LabelApplicationBegin
) -> Status[dict[str, Any]]:
    """Creates a draft that only people of the organisation can read."""
    made = begin_application(
        actor=request.reader,
        round_id=round_id,
        now=timezone.now(),
        organisation_id=begun.organisation_id,
        title=begun.title,
    )
    return Status(201, _again(request, made.pk))


@router.get(_ONE, response=OwnLabelApplicationOut, summary="Get an application")
def show_own_label_application(request: Request, application_id: Id) -> dict[str, Any]:
    """Returns an application of your organisation with what is missing, the gap between your own
    points and each threshold, receipts and questions.
    """
    return _again(request, application_id)


@router.patch(_ONE, response=FieldsSavedOut, summary="Edit a draft application")
def write_label_application(
    request: Request, application_id: Id, given: FieldsIn
) -> dict[str, Any]:
    """Saves each field on its own: a field that is invalid or has changed in the meantime does not
    stop the others.
    """
    saved = save_fields(
        actor=request.reader,
        application_id=application_id,
        values=given.values,
        seen=given.seen,
        now=timezone.now(),
    )
    return {
        "kept": list(saved.kept),
        "refused": dict(saved.refused),
        "clashes": {
            one.name: {"value": one.theirs, "mark": mark_of(one.theirs)} for one in saved.clashes
        },
        "application": _tell(saved.own),
    }


@router.post(f"{_ONE}/documents", response={201: LabelDocumentOut}, summary="Upload a document")
def bring_label_document(
    request: Request,
    application_id: Id,
    form: Form[LabelDocumentBring],
    file: File[UploadedFile],
) -> Status[dict[str, Any]]:
    """Adds a document of up to 10 MB as evidence for an indicator or for the whole project."""
    queries.get_own(request.reader, application_id)
    made = documents.bring_document(
        actor=request.reader,
        application_id=application_id,
        indicator=form.indicator,
        name=file.name or "",
        content=file.read(),
        now=timezone.now(),
    )
    return Status(201, tell_document(made))


@router.get(_DOCUMENT, summary="Download a document", openapi_extra=file_of(*MEDIA_TYPES))
def download_own_label_document(
    request: Request, application_id: Id, number: Number
) -> HttpResponse:
    """Downloads a document of your application, even if it was removed."""
    application = queries.get_own(request.reader, application_id)
    return answer_file(queries.get_document(application, number))


@router.delete(_DOCUMENT, response=OwnLabelApplicationOut, summary="Remove a document")
def drop_label_document(request: Request, application_id: Id, number: Number) -> dict[str, Any]:
    """Removes a document from a draft."""
    documents.drop_document(
        actor=request.reader, application_id=application_id, number=number, now=timezone.now()
    )
    return _again(request, application_id)


@router.post(f"{_DOCUMENT}/restore", response=OwnLabelApplicationOut, summary="Restore a document")
def restore_label_document(request: Request, application_id: Id, number: Number) -> dict[str, Any]:
    """Restores a document that was removed from the draft."""
    documents.restore_document(
        actor=request.reader, application_id=application_id, number=number, now=timezone.now()
    )
    return _again(request, application_id)


@router.post(f"{_ONE}/submission", response=ReceiptOut, summary="Submit an application")
def submit_label_application(request: Request, application_id: Id) -> dict[str, Any]:
    """Submits the application exactly as it is now.

    Submitting it again returns the same receipt.
    """
    return tell_receipt(
        submitting.submit_application(
            actor=request.reader, application_id=application_id, now=timezone.now()
        )
    )


@router.post(f"{_ONE}/withdrawal", response=ReceiptOut, summary="Withdraw an application")
def withdraw_label_application(request: Request, application_id: Id) -> dict[str, Any]:
    """Withdraws the application, which is possible until the jury has decided.

    The receipt is kept.
    """
    return tell_receipt(
        submitting.withdraw_application(
            actor=request.reader, application_id=application_id, now=timezone.now()
        )
    )


@router.post(f"{_ONE}/withdrawal/undo", response=ReceiptOut, summary="Undo a withdrawal")
def restore_label_application(request: Request, application_id: Id) -> dict[str, Any]:
    """Restores the submission while the round is open, if nothing has changed since it was
    withdrawn.
    """
    return tell_receipt(
        submitting.restore_submission(
            actor=request.reader, application_id=application_id, now=timezone.now()
        )
    )


@router.put(
    f"{_ONE}/questions/{{question_id}}/answer", response=OwnQuestionOut, summary="Answer a question"
)
def answer_label_question(
    request: Request, application_id: Id, question_id: Id, given: LabelAnswerIn
) -> dict[str, Any]:
    """Saves the answer. You can change it until the jury has decided."""
    return _question(
        questions.answer_question(
            actor=request.reader,
            application_id=application_id,
            question_id=question_id,
            answer=given.answer,
            now=timezone.now(),
        )
    )
