"""What was decided of one's own application, by program: letter, appeal, giving a place up."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.errors import NotFound
from proxeny.labels.api._router import router
from proxeny.labels.api.results import (
    PDF,
    LabelAppealOut,
    LabelLetterOut,
    tell_appeal,
    tell_letter,
)
from proxeny.labels.operations import appeals
from proxeny.labels.operations.moving_up import MOST_WHY, give_up_place
from proxeny.labels.queries import results as queries
from proxeny.labels.result_pdf import answer_letter_pdf

_OWN = "/applications/{application_id}/result"


class LabelAppealIn(In):
    """What is not right."""

    text: Annotated[str, Field(min_length=1, max_length=appeals.MOST_TEXT)]


class OwnLabelResultOut(Out):
    """What was decided of one's own application; `result` is null until it is told.

    `place` is one's place on the waiting list; `why_no_appeal` is empty while one can appeal, until
    `appeal_until`.
    """

    result: LabelLetterOut | None
    place: int | None
    appeal_until: datetime | None
    why_no_appeal: str
    appeals: list[LabelAppealOut]


class GiveUpIn(In):
    """Why the place is given up."""

    why: Annotated[str, Field(min_length=1, max_length=MOST_WHY)]


@router.get(_OWN, response=OwnLabelResultOut, summary="What was decided of one's own application")
def show_own_label_result(request: HttpRequest, application_id: Id) -> dict[str, Any]:
    """With points on each indicator, place on the waiting list, and how long one can appeal."""
    own = queries.read_own_result(request.reader, application_id)
    result = own.result
    if result is not None:
        result.application = own.application
    return {
        "result": tell_letter(result, own.numbers) if result else None, "place": own.place,
        "appeal_until": own.until,
        "why_no_appeal": appeals.why_no_appeal(own, now=timezone.now()),
        "appeals": [tell_appeal(one) for one in own.appeals],
    }  # fmt: skip


@router.get(f"{_OWN}/letter.pdf", summary="Download one's own letter", openapi_extra=PDF)
def download_own_label_letter(request: HttpRequest, application_id: Id) -> HttpResponse:
    """In one's own language."""
    own = queries.read_own_result(request.reader, application_id)
    if own.result is None:
        raise NotFound(_("There is no decision yet."))
    return answer_letter_pdf(own.result, own.application, own.text)


@router.post(f"{_OWN}/appeals", response={201: LabelAppealOut}, summary="Appeal")
def ask_label_appeal(
    request: HttpRequest, application_id: Id, asked: LabelAppealIn
) -> Status[dict[str, Any]]:
    """Against what was decided of one's own application."""
    made = appeals.ask_appeal(
        actor=request.reader, application_id=application_id, text=asked.text,
        now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, tell_appeal(made))


@router.post(f"{_OWN}/give-up", response=OwnLabelResultOut, summary="Give one's place up")
def give_up_label_place(
    request: HttpRequest, application_id: Id, given: GiveUpIn
) -> dict[str, Any]:
    """Whoever waits moves up; it cannot be taken back."""
    give_up_place(
        actor=request.reader, application_id=application_id, why=given.why,
        now=timezone.localtime(),
    )  # fmt: skip
    return show_own_label_result(request, application_id)
