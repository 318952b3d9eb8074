"""Decisions on the caller's own applications, for programs: letter, appeal, giving up a place."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
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
    """The grounds for the appeal."""

    text: Annotated[str, Field(min_length=1, max_length=appeals.MOST_TEXT)]


class OwnLabelResultOut(Out):
    """The decision on your application. `result` is null until you have been notified of it.

    `place` is your place on the waiting list. `why_no_appeal` is empty while you can appeal, which
    is until `appeal_until`.
    """

    result: LabelLetterOut | None
    place: int | None
    appeal_until: datetime | None
    why_no_appeal: str
    appeals: list[LabelAppealOut]


class GiveUpIn(In):
    """The reason for giving up the place."""

    why: Annotated[str, Field(min_length=1, max_length=MOST_WHY)]


@router.get(_OWN, response=OwnLabelResultOut, summary="Get the decision on your application")
def show_own_label_result(request: Request, application_id: Id) -> dict[str, Any]:
    """Returns the points for each indicator, your place on the waiting list, and the deadline for
    an appeal.
    """
    own = queries.read_own_result(request.reader, application_id)
    result = own.result
    if result is not None:
        result.application = own.application
    return {
        "result": tell_letter(result, own.numbers) if result else None,
        "place": own.place,
        "appeal_until": own.until,
        "why_no_appeal": appeals.why_no_appeal(own, now=timezone.now()),
        "appeals": [tell_appeal(one) for one in own.appeals],
    }


@router.get(f"{_OWN}/letter.pdf", summary="Download your result letter", openapi_extra=PDF)
def download_own_label_letter(request: Request, application_id: Id) -> HttpResponse:
    """Downloads the letter in your language."""
    own = queries.read_own_result(request.reader, application_id)
    if own.result is None:
        raise NotFound(_("No decision has been made yet."))
    return answer_letter_pdf(own.result, own.application, own.text)


@router.post(f"{_OWN}/appeals", response={201: LabelAppealOut}, summary="Appeal against a decision")
def ask_label_appeal(
    request: Request, application_id: Id, asked: LabelAppealIn
) -> Status[dict[str, Any]]:
    """Submits an appeal against the decision on your application."""
    made = appeals.ask_appeal(
        actor=request.reader,
        application_id=application_id,
        text=asked.text,
        now=timezone.localtime(),
    )
    return Status(201, tell_appeal(made))


@router.post(f"{_OWN}/give-up", response=OwnLabelResultOut, summary="Give up your place")
def give_up_label_place(request: Request, application_id: Id, given: GiveUpIn) -> dict[str, Any]:
    """Gives up the place for the next application on the waiting list. This can't be undone."""
    give_up_place(
        actor=request.reader,
        application_id=application_id,
        why=given.why,
        now=timezone.localtime(),
    )
    return show_own_label_result(request, application_id)
