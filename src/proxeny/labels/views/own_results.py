"""The applicant's own page of a decision: letter, points, waiting list, appeal, giving a place up."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.actions import submit_form
from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.errors import Conflict, NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.labels.forms.selection import AppealForm, GiveUpForm
from proxeny.labels.models import Appeal, Result
from proxeny.labels.operations.appeals import ask_appeal, why_no_appeal
from proxeny.labels.operations.moving_up import give_up_place
from proxeny.labels.queries.results import OwnResult, read_own_result
from proxeny.labels.result_explanations import percent_of, tell_place, tell_rows
from proxeny.labels.result_pdf import answer_letter_pdf
from proxeny.labels.rules import RESULT_TONES
from proxeny.labels.views.results import APPEAL_TONES

Standing = Result.Standing


@require_GET
@for_people
def show(request: Request, application_id: int) -> HttpResponse:
    """Show the decision on the reader's own application."""
    return _show(request, read_own_result(request.reader, application_id))


def _show(
    request: Request, own: OwnResult, *, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "own": own,
        "application": own.application,
        "round": own.round,
        "text": own.text,
        "result": own.result,
    }
    if own.result is not None and own.outcome is not None:
        context |= _told(request, own) | {"appeal_form": AppealForm(), "give_up_form": GiveUpForm()}
    return render(request, "labels/selection/own.html", {**context, **(forms or {})}, status=status)


def _told(request: Request, own: OwnResult) -> dict[str, Any]:
    result, zone = own.result, request.reader.time_zone
    if result is None or own.outcome is None:
        return {}
    level = own.text.level(result.level)
    return {
        "tone": RESULT_TONES[Standing(result.standing)],
        "level": own.text.told(level.title) if level else "",
        "total": percent_of(result.total),
        "least": percent_of(own.text.total_least),
        "criteria": list(tell_rows(own.text, own.outcome)) if own.outcome.indicators else [],
        "place": tell_place(own.place),
        "no_appeal": why_no_appeal(own, now=timezone.now()),
        "how": own.text.told(own.text.appeals),
        "until": format_moment(own.until, own.round.zone, zone) if own.until else "",
        "appeals": [
            {"appeal": one, "tone": APPEAL_TONES[Appeal.State(one.state)]} for one in own.appeals
        ],
        "may_give_up": result.standing == Standing.CHOSEN and not own.issued,
    }


def _with_form(
    request: Request, application_id: int, name: str, form: Any, deed: Callable[..., Any], done: str
) -> HttpResponse:
    """Do what a form says; what could not be done is shown again in its place."""
    read_own_result(request.reader, application_id)
    saved = submit_form(
        request,
        form,
        partial(deed, application_id=application_id),
        done=done,
        to=reverse("labels:own-result", args=[application_id]),
    )
    if saved:
        return saved
    own = read_own_result(request.reader, application_id)
    return _show(request, own, forms={name: form, "opened": name}, status=422)


@require_POST
@for_people
def appeal(request: Request, application_id: int) -> HttpResponse:
    """Appeal against the decision."""
    done = _("Your appeal has been sent to the clusters. You’ll get their answer by email.")
    form = AppealForm(request.POST)
    return _with_form(request, application_id, "appeal_form", form, ask_appeal, done)


@require_POST
@for_people
def give_up(request: Request, application_id: int) -> HttpResponse:
    """Give the place up."""
    done = _("You have given up the place. Someone else moves up.")
    form = GiveUpForm(request.POST)
    return _with_form(request, application_id, "give_up_form", form, give_up_place, done)


@require_GET
@for_people
def show_pdf(request: Request, application_id: int) -> HttpResponse:
    """Return the reader's own letter as a document."""
    own = read_own_result(request.reader, application_id)
    if own.result is None:
        raise NotFound(_("No decision has been made yet."))
    try:
        return answer_letter_pdf(own.result, own.application, own.text)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("labels:own-result", application_id)
