"""The applicant's own page of a decision: letter, points, waiting list, appeal, giving a place up."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.labels.forms.selection import AppealForm, GiveUpForm
from proxeny.labels.models import Appeal, Result
from proxeny.labels.moments import tell_moment
from proxeny.labels.operations.appeals import ask_appeal, why_no_appeal
from proxeny.labels.operations.moving_up import give_up_place
from proxeny.labels.queries.results import OwnResult, read_own_result
from proxeny.labels.result_pdf import answer_letter_pdf
from proxeny.labels.rules import RESULT_TONES
from proxeny.labels.telling_results import percent_of, tell_place, tell_rows
from proxeny.labels.views.results import APPEAL_TONES

Standing = Result.Standing


@require_GET
@for_people
def show(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show what was decided of one's own application."""
    return _show(request, read_own_result(request.reader, application_id))


def _show(
    request: HttpRequest, own: OwnResult, *, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "own": own, "application": own.application, "round": own.round, "text": own.text,
        "result": own.result,
    }  # fmt: skip
    if own.result is not None and own.outcome is not None:
        context |= _told(request, own) | {"appeal_form": AppealForm(), "give_up_form": GiveUpForm()}
    return render(request, "labels/selection/own.html", {**context, **(forms or {})}, status=status)


def _told(request: HttpRequest, own: OwnResult) -> dict[str, Any]:
    result, zone = own.result, request.reader.time_zone
    if result is None or own.outcome is None:
        return {}
    level = own.text.level(result.level)
    return {
        "tone": RESULT_TONES[Standing(result.standing)],
        "level": own.text.told(level.title) if level else "",
        "total": percent_of(result.total), "least": percent_of(own.text.total_least),
        "criteria": list(tell_rows(own.text, own.outcome)) if own.outcome.indicators else [],
        "place": tell_place(own.place),
        "no_appeal": why_no_appeal(own, now=timezone.now()),
        "how": own.text.told(own.text.appeals),
        "until": tell_moment(own.until, own.round.zone, zone) if own.until else "",
        "appeals": [
            {"appeal": one, "tone": APPEAL_TONES[Appeal.State(one.state)]} for one in own.appeals
        ],
        "may_give_up": result.standing == Standing.CHOSEN and not own.issued,
    }  # fmt: skip


def _with_form(
    request: HttpRequest, application_id: int, name: str, form: Any, do: Callable[[], None]
) -> HttpResponse:
    """Do what a form says; what could not be done is shown again in its place."""
    own = read_own_result(request.reader, application_id)
    if form.is_valid():
        try:
            do()
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
            own = read_own_result(request.reader, application_id)
        else:
            return redirect("labels:own-result", application_id)
    return _show(request, own, forms={name: form, "opened": name}, status=422)


@require_POST
@for_people
def appeal(request: HttpRequest, application_id: int) -> HttpResponse:
    """Appeal against the decision."""
    form = AppealForm(request.POST)

    def do() -> None:
        ask_appeal(
            actor=request.reader, application_id=application_id, text=form.cleaned_data["text"],
            now=timezone.localtime(),
        )  # fmt: skip
        messages.success(request, _("Your appeal is with the clusters. The answer comes by mail."))

    return _with_form(request, application_id, "appeal_form", form, do)


@require_POST
@for_people
def give_up(request: HttpRequest, application_id: int) -> HttpResponse:
    """Give the place up."""
    form = GiveUpForm(request.POST)

    def do() -> None:
        give_up_place(
            actor=request.reader, application_id=application_id, why=form.cleaned_data["why"],
            now=timezone.localtime(),
        )  # fmt: skip
        messages.success(request, _("You have given the place up. Somebody else moves up."))

    return _with_form(request, application_id, "give_up_form", form, do)


@require_GET
@for_people
def show_pdf(request: HttpRequest, application_id: int) -> HttpResponse:
    """Give one's own letter as a document."""
    own = read_own_result(request.reader, application_id)
    if own.result is None:
        raise NotFound(_("There is no decision yet."))
    try:
        return answer_letter_pdf(own.result, own.application, own.text)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("labels:own-result", application_id)
