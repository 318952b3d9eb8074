"""A juror's page: one application, scored on whatever device is at hand."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.actions import perform
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.files import have_saved
from proxeny.kernel.files.naming import suffix_of
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.labels.forms.scoring import ScoreForm, read_batch
from proxeny.labels.operations.questions import MOST_QUESTION, ask_as_juror
from proxeny.labels.operations.scoring import (
    Saved,
    find_assignment,
    finish_scoring,
    reopen_scoring,
    save_scores,
    why_closed,
)
from proxeny.labels.queries.scoring import Reading, get_document, list_answered, read_reading
from proxeny.labels.rules import can_reopen
from proxeny.labels.score_presenters import plain_points


@require_http_methods(["GET", "POST"])
@for_people
def show(request: Request, assignment_id: int) -> HttpResponse:
    """Show an application to its juror with a form of all scores; save them, or finish."""
    reading = read_reading(find_assignment(request.reader, assignment_id))
    now = timezone.now()
    if request.method == "GET":
        return _show(request, reading, ScoreForm(reading=reading, now=now))
    form = ScoreForm(request.POST, reading=reading, now=now)
    deed = finish_scoring if request.POST.get("do") == "finish" else save_scores
    if form.is_valid():
        try:
            saved = deed(
                actor=request.reader, assignment_id=assignment_id, now=now, **form.to_values(now)
            )
        except InvalidInput as error:
            field = f"points-{error.field}" if error.field else None
            show_refusal(form, InvalidInput(error.message, field=field))
        except Conflict as error:
            show_refusal(form, error)
        else:
            return _go_on(request, saved, finished=deed is finish_scoring)
    return _show(request, reading, form, status=422)


def _go_on(request: Request, saved: Saved, *, finished: bool) -> HttpResponse:
    given = saved.reading.assignment
    if saved.later:
        messages.warning(
            request, _("You had written something newer on another device. That version was kept.")
        )
    if not finished:
        messages.success(request, _("Saved. You can continue at any time."))
        return redirect("labels:score", given.pk)
    messages.success(
        request,
        _("Thank you. Application %(number)s has been scored.") % {"number": saved.reading.number},
    )
    return redirect("labels:own-jury", given.juror_id)


def _show(
    request: Request, reading: Reading, form: ScoreForm, *, status: int = 200
) -> HttpResponse:
    rows = list(form.rows())
    context: dict[str, Any] = {
        "reading": reading,
        "assignment": reading.assignment,
        "round": reading.round,
        "form": form,
        "rows": rows,
        "scored": sum(one.score is not None for one in rows),
        "questions": list_answered(reading),
        "documents": [one for one in reading.dossier.documents if not one.indicator],
        "closed": why_closed(reading),
        "may_reopen": can_reopen(reading.assignment, reading.round),
        "is_discussed": reading.round.state == "discussing",
        "now": timezone.now(),
        "most_question": MOST_QUESTION,
    }
    response = render(request, "labels/scoring/score.html", context, status=status)
    # A copy that a browser kept would show scores that were changed since.
    add_never_cache_headers(response)
    return response


def _sent(request: Request) -> bytes:
    # A form has been read as one by now: its body cannot be read again.
    return request.body if request.content_type == "application/json" else b""


@require_POST
@for_people
def save(request: Request, assignment_id: int) -> HttpResponse:
    """Save a device's input, and return the saved and the refused values with reasons."""
    find_assignment(request.reader, assignment_id)
    try:
        saved = save_scores(
            actor=request.reader,
            assignment_id=assignment_id,
            now=timezone.now(),
            **read_batch(_sent(request)),
        )
    except InvalidInput as error:
        return JsonResponse({"why": str(error)}, status=422)
    except Conflict as error:
        return JsonResponse({"why": str(error)}, status=409)
    return JsonResponse(
        {
            "kept": saved.kept,
            "refused": saved.refused,
            "later": {
                key: {"points": plain_points(one.points), "text": one.comment}
                for key, one in saved.later.items()
            },
        }
    )


@require_POST
@for_people
def reopen(request: Request, assignment_id: int) -> HttpResponse:
    """Reopen an application that the juror has finished."""
    return perform(
        request,
        partial(reopen_scoring, assignment_id=assignment_id),
        done=_("Reopened. Its scores don’t count until you finish it."),
        to=reverse("labels:score", args=[assignment_id]),
    )


@require_POST
@for_people
def ask(request: Request, assignment_id: int) -> HttpResponse:
    """Ask the applicant something: a manager of the clusters passes it on."""
    given = find_assignment(request.reader, assignment_id)
    return perform(
        request,
        partial(
            ask_as_juror, application_id=given.application_id, text=request.POST.get("text", "")
        ),
        done=_("Question sent. The clusters will pass it on without your name."),
        to=reverse("labels:score", args=[assignment_id]),
    )


@require_GET
@for_people
def give_document(request: Request, assignment_id: int, number: int) -> HttpResponse:
    """Return a document to a juror, named by its number: its own name may reveal the applicant."""
    file = get_document(find_assignment(request.reader, assignment_id), number)
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    have_saved(response, f"document-{number}{suffix_of(file.name)}")
    return response
