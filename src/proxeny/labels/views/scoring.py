"""A juror's page: one application, scored on whatever device is at hand."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.files import have_saved
from proxeny.kernel.files.naming import suffix_of
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
from proxeny.labels.telling_scores import plain_points
from proxeny.partnerships.views.frame import telling_refusal


@require_http_methods(["GET", "POST"])
@for_people
def show(request: HttpRequest, assignment_id: int) -> HttpResponse:
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


def _go_on(request: HttpRequest, saved: Saved, *, finished: bool) -> HttpResponse:
    given = saved.reading.assignment
    if saved.later:
        messages.warning(
            request, _("You had written something newer on another device. That was kept.")
        )
    if not finished:
        messages.success(request, _("Saved. You can go on at any time."))
        return redirect("labels:score", given.pk)
    messages.success(
        request,
        _("Thank you. Application %(number)s is scored.") % {"number": saved.reading.number},
    )
    return redirect("labels:own-jury", given.juror_id)


def _show(
    request: HttpRequest, reading: Reading, form: ScoreForm, *, status: int = 200
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


@require_POST
@for_people
def save(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Save what a device sends, and answer what was kept, and what not and why."""
    find_assignment(request.reader, assignment_id)
    try:
        saved = save_scores(
            actor=request.reader, assignment_id=assignment_id, now=timezone.now(),
            **read_batch(request.body),
        )  # fmt: skip
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
def reopen(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Go on with an application that one has finished."""
    with telling_refusal(request):
        reopen_scoring(actor=request.reader, assignment_id=assignment_id, now=timezone.now())
        messages.success(request, _("Open again: until you finish it, its scores do not count."))
    return redirect("labels:score", assignment_id)


@require_POST
@for_people
def ask(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Ask the applicant something: a manager of the clusters passes it on."""
    given = find_assignment(request.reader, assignment_id)
    with telling_refusal(request):
        ask_as_juror(
            actor=request.reader, application_id=given.application_id,
            text=request.POST.get("text", ""), now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("Asked. The clusters pass it on without your name."))
    return redirect("labels:score", assignment_id)


@require_GET
@for_people
def give_document(request: HttpRequest, assignment_id: int, number: int) -> HttpResponse:
    """Give a document to a juror, by its number: its name may say who applies."""
    file = get_document(find_assignment(request.reader, assignment_id), number)
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    have_saved(response, f"document-{number}{suffix_of(file.name)}")
    return response
