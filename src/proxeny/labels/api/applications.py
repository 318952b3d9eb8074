"""Applications by program, for who applies: begun, written, documents, handed in, questions."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Form
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out, in_pages
from proxeny.kernel.api.files import file_of
from proxeny.kernel.files import MEDIA_TYPES, answer_file
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
    """A round in which one can apply now."""

    id: int
    title: str
    label: str
    slug: str
    opens_at: datetime
    closes_at: datetime
    zone: str


class LabelApplicationRow(Out):
    """An application of one's organisation; `number` is that of its receipt, once handed in."""

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
    """What stands in a field, and the mark that says whether it has changed since it was seen."""

    value: str
    mark: str


class MissingOut(Out):
    """What has to be there to hand in, and in which field."""

    field: str
    text: str


class ThresholdOut(Out):
    """Own points (of indicators) or percent beside the threshold; `gap`: what is missing to it."""

    key: str
    reached: Decimal | None
    least: Decimal | None
    passes: bool | None
    gap: Decimal | None


class SelfAssessmentOut(Out):
    """What own points would make; the key of the total is empty."""

    total: ThresholdOut
    criteria: list[ThresholdOut]
    indicators: list[ThresholdOut]
    passes: bool | None
    level: str | None


class ReceiptOut(Out):
    """What was handed in, and when; `sha256` is that of `content` written canonically."""

    number: int
    sha256: str
    submitted_at: datetime
    withdrawn_at: datetime | None
    content: dict[str, Any]


class LabelDocumentOut(Out):
    """A document; `indicator` is what it is evidence for, or empty."""

    number: int
    indicator: str
    name: str
    media_type: str
    size: int
    sha256: str


class OwnQuestionOut(Out):
    """What the clusters ask, and the answer."""

    id: int
    indicator: str
    text: str
    passed_on_at: datetime | None
    answer: str
    answered_at: datetime | None


class OwnLabelApplicationOut(Out):
    """An application with all that belongs to it.

    `fields` are named as on its page: `title`, `points_i7` and `text_i7` of an indicator,
    `confirmed_k3` of a condition (`yes` or empty).
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
    """A field that somebody has saved since it was seen: what stands there now, and its mark."""

    value: str
    mark: str


class FieldsSavedOut(Out):
    """Which fields are saved, which are not and why, and which somebody else has changed since."""

    kept: list[str]
    refused: dict[str, str]
    clashes: dict[str, ClashOut]
    application: OwnLabelApplicationOut


class LabelApplicationBegin(In):
    """For which organisation, and what the project is called."""

    organisation_id: Id
    title: Annotated[str, Field(min_length=1, max_length=200)]


class FieldsIn(In):
    """What to write in which field; `seen` are marks: what has changed since is not written over."""

    values: Annotated[dict[FieldName, Annotated[str, Field(max_length=20_000)]],
                      Field(max_length=500)]  # fmt: skip
    seen: Annotated[dict[FieldName, Annotated[str, Field(max_length=16)]],
                    Field(max_length=500)] = Field(default_factory=dict)  # fmt: skip


class LabelDocumentBring(In):
    """For which indicator; empty: for all of it."""

    indicator: Key = ""


class LabelAnswerIn(In):
    """The answer to a question."""

    answer: Annotated[str, Field(min_length=1, max_length=4000)]


def _rows(found: list[Application], request: HttpRequest, **_more: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": row.application.pk, "round_id": row.application.round_id,
            "organisation_id": row.application.organisation_id, "title": row.application.title,
            "label": row.scheme.name, "state": row.application.state, "number": row.number,
            "questions_open": row.asked, "closes_at": row.application.round.closes_at,
        }
        for row in queries.rows_of(found)
    ]  # fmt: skip


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
    }  # fmt: skip


def _assessment(own: OwnApplication) -> dict[str, Any]:
    found = assess_oneself(own.scheme, {key: one.points for key, one in own.answers.items()})
    return {
        "total": _line("", found.total),
        "criteria": [_line(one.criterion.key, one.line) for one in found.criteria],
        "indicators": [
            _line(each.indicator.key, each.line) for one in found.criteria for each in one.indicators
        ],
        "passes": found.passes, "level": found.level.key if found.level else None,
    }  # fmt: skip


def _line(key: str, line: Line) -> dict[str, Any]:
    return {"key": key, "reached": line.reached, "least": line.least, "passes": line.passes,
            "gap": line.gap}  # fmt: skip


def tell_document(one: Document) -> dict[str, Any]:
    """Return what is told of a document."""
    return {name: getattr(one, name) for name in LabelDocumentOut.model_fields}


def tell_receipt(one: Submission) -> dict[str, Any]:
    """Return what is told of a receipt."""
    names = ReceiptOut.model_fields.keys() - {"sha256"}
    return {name: getattr(one, name) for name in names} | {"sha256": one.digest}


def _question(one: Question) -> dict[str, Any]:
    return {name: getattr(one, name) for name in OwnQuestionOut.model_fields}


def _again(request: HttpRequest, application_id: int) -> dict[str, Any]:
    return _tell(queries.read_own(request.reader, application_id))


@router.get("/rounds/open", response=list[OpenRoundOut], summary="Rounds that are open")
def list_open_label_rounds(request: HttpRequest) -> list[dict[str, Any]]:
    """Where one can apply now; those that close first first."""
    return [
        {
            **{name: getattr(one.round, name)
               for name in ("id", "title", "opens_at", "closes_at", "zone")},
            "label": one.scheme.name, "slug": one.scheme.slug,
        }
        for one in queries.list_open_rounds(now=timezone.now())
    ]  # fmt: skip


@router.get(_ALL, response=list[LabelApplicationRow], summary="Applications of one's organisations")
@in_pages("-id", tell=_rows)
def list_own_label_applications(request: HttpRequest) -> QuerySet[Application]:
    """The newest first."""
    return queries.own_applications(request.reader)


@router.post("/rounds/{round_id}/applications", response={201: OwnLabelApplicationOut},
             summary="Begin an application")  # fmt: skip
def begin_label_application(
    request: HttpRequest, round_id: Id, begun: LabelApplicationBegin
) -> Status[dict[str, Any]]:
    """A draft, which nobody but its own people reads."""
    made = begin_application(actor=request.reader, round_id=round_id, now=timezone.now(),
                             organisation_id=begun.organisation_id, title=begun.title)  # fmt: skip
    return Status(201, _again(request, made.pk))


@router.get(_ONE, response=OwnLabelApplicationOut, summary="An application of one's organisation")
def show_own_label_application(request: HttpRequest, application_id: Id) -> dict[str, Any]:
    """With what is missing, how far own points are from each threshold, receipts and questions."""
    return _again(request, application_id)


@router.patch(_ONE, response=FieldsSavedOut, summary="Write in a draft")
def write_label_application(
    request: HttpRequest, application_id: Id, given: FieldsIn
) -> dict[str, Any]:
    """Each field by itself: what does not fit, or was changed since, does not stop the others."""
    saved = save_fields(actor=request.reader, application_id=application_id, values=given.values,
                        seen=given.seen, now=timezone.now())  # fmt: skip
    return {
        "kept": list(saved.kept), "refused": dict(saved.refused),
        "clashes": {
            one.name: {"value": one.theirs, "mark": mark_of(one.theirs)} for one in saved.clashes
        },
        "application": _tell(saved.own),
    }  # fmt: skip


@router.post(f"{_ONE}/documents", response={201: LabelDocumentOut}, summary="Bring a document")
def bring_label_document(
    request: HttpRequest, application_id: Id, form: Form[LabelDocumentBring],
    file: File[UploadedFile],
) -> Status[dict[str, Any]]:  # fmt: skip
    """Up to 10 MB, as evidence for an indicator or for all of it."""
    queries.get_own(request.reader, application_id)
    made = documents.bring_document(
        actor=request.reader, application_id=application_id, indicator=form.indicator,
        name=file.name or "", content=file.read(), now=timezone.now(),
    )  # fmt: skip
    return Status(201, tell_document(made))


@router.get(_DOCUMENT, summary="Download a document", openapi_extra=file_of(*MEDIA_TYPES))
def download_own_label_document(
    request: HttpRequest, application_id: Id, number: Number
) -> HttpResponse:
    """Also one that was taken away."""
    application = queries.get_own(request.reader, application_id)
    return answer_file(queries.get_document(application, number))


@router.delete(_DOCUMENT, response=OwnLabelApplicationOut, summary="Take a document away")
def drop_label_document(request: HttpRequest, application_id: Id, number: Number) -> dict[str, Any]:
    """From a draft."""
    documents.drop_document(actor=request.reader, application_id=application_id, number=number,
                            now=timezone.now())  # fmt: skip
    return _again(request, application_id)


@router.post(f"{_DOCUMENT}/restore", response=OwnLabelApplicationOut,
             summary="Bring a document back")  # fmt: skip
def restore_label_document(
    request: HttpRequest, application_id: Id, number: Number
) -> dict[str, Any]:
    """One that was taken away from the draft."""
    documents.restore_document(actor=request.reader, application_id=application_id, number=number,
                               now=timezone.now())  # fmt: skip
    return _again(request, application_id)


@router.post(f"{_ONE}/submission", response=ReceiptOut, summary="Hand in")
def submit_label_application(request: HttpRequest, application_id: Id) -> dict[str, Any]:
    """Word for word as it stands; whoever does so twice gets the same receipt."""
    return tell_receipt(submitting.submit_application(
        actor=request.reader, application_id=application_id, now=timezone.now()
    ))  # fmt: skip


@router.post(f"{_ONE}/withdrawal", response=ReceiptOut, summary="Withdraw")
def withdraw_label_application(request: HttpRequest, application_id: Id) -> dict[str, Any]:
    """Until the jury has decided; the receipt is kept."""
    return tell_receipt(submitting.withdraw_application(
        actor=request.reader, application_id=application_id, now=timezone.now()
    ))  # fmt: skip


@router.post(f"{_ONE}/withdrawal/undo", response=ReceiptOut, summary="Undo a withdrawal")
def restore_label_application(request: HttpRequest, application_id: Id) -> dict[str, Any]:
    """While the round is open, and nothing was changed since."""
    return tell_receipt(submitting.restore_submission(
        actor=request.reader, application_id=application_id, now=timezone.now()
    ))  # fmt: skip


@router.put(f"{_ONE}/questions/{{question_id}}/answer", response=OwnQuestionOut,
            summary="Answer a question")  # fmt: skip
def answer_label_question(
    request: HttpRequest, application_id: Id, question_id: Id, given: LabelAnswerIn
) -> dict[str, Any]:
    """Until the jury has decided it can be changed."""
    return _question(questions.answer_question(
        actor=request.reader, application_id=application_id, question_id=question_id,
        answer=given.answer, now=timezone.now(),
    ))  # fmt: skip
