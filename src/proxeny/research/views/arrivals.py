"""Studies from elsewhere: brought, shown as they would be, taken or left."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.answers import for_people, lead_on
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.files.uploads import watching_size
from proxeny.kernel.models import Job
from proxeny.partnerships.views.frame import Frame, enter_frame, telling_refusal
from proxeny.research.models import Arrival
from proxeny.research.operations import arriving, uploads
from proxeny.research.queries import arrivals as queries
from proxeny.research.shown import show_content
from proxeny.research.telling import tell_problem
from proxeny.research.views.uploads import SMALL, take_small_files

State = Arrival.State
TONES = {State.CHECKING: "info", State.SHOWN: "warn", State.REFUSED: "bad", State.TAKEN: "ok",
         State.LEFT: ""}  # fmt: skip
#: So many problems of one severity stand on the page.
MOST_TOLD = 100


@require_http_methods(["GET", "POST"])
@watching_size(SMALL)
@for_people
def show_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was brought, and take an archive."""
    frame = enter_frame(request, pk)
    if request.method == "POST":
        return _bring(request, frame)
    found = queries.list_arrivals(pk)
    if (file := queries.ARRIVALS.export(request, found)) is not None:
        return file
    shown = queries.ARRIVALS.show(request, found).with_rows(
        lambda one: {"one": one, "tone": TONES[State(one.state)], "label": one.get_state_display()}
    )
    context = {
        "brought": shown,
        "coming": uploads.list_coming(pk, None) if frame.may_keep else [],
    }
    return _render(request, frame, "arrival_list", context)


def _bring(request: HttpRequest, frame: Frame) -> HttpResponse:
    pk = frame.partnership.pk
    if not frame.may_keep:
        raise NotAllowed(_("Only who works in this partnership brings a study."))
    for made in take_small_files(request, pk, None):
        return redirect("research:arrival", pk, made.pk)
    return redirect("research:arrivals", pk)


def _render(
    request: HttpRequest, frame: Frame, template: str, context: dict[str, Any]
) -> HttpResponse:
    return render(request, f"research/{template}.html", {**frame.context("studies"), **context})


@require_GET
@for_people
def show(request: HttpRequest, pk: int, arrival_id: int) -> HttpResponse:
    """Show a study as it would be, all that is wrong with it, or how far the work on it is."""
    frame = enter_frame(request, pk)
    one = queries.get_arrival(pk, arrival_id)
    work = queries.find_work(one) if one.state in (State.CHECKING, State.SHOWN) else None
    is_busy = work is not None and not work.is_over
    if request.htmx and not is_busy:
        # To the whole page, which says what came of it.
        return lead_on(request, request.path)
    context = {
        "arrival": one,
        "tone": TONES[State(one.state)],
        "work": work if is_busy else None,
        "progress": _progress_of(work) if work and is_busy else None,
        "failed": work.error if work and work.is_over else "",
        "problems": _tell(one.problems),
        "shown": show_content(one.content) if one.content and one.state == State.SHOWN else None,
        "may_take": frame.may_keep and one.state == State.SHOWN and not is_busy,
        "may_leave": frame.may_keep and one.state in (State.SHOWN, State.CHECKING)
        and not (is_busy and work and work.kind == queries.TAKE),
    }  # fmt: skip
    template = "arrival_progress" if request.htmx else "arrival"
    return _render(request, frame, template, context)


def _progress_of(work: Job) -> dict[str, Any]:
    texts = {
        "unpack": _("Unpacking and measuring everything."),
        "look": _("Looking into each file."),
        "keep": _("Keeping the files."),
    }
    waits = work.state == Job.State.QUEUED
    return {
        "state": "queued" if waits else "running",
        "percent": None if waits else work.progress.get("percent"),
        "text": texts.get(work.progress.get("step", ""), ""),
    }


def _tell(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is wrong in sentences, the worst first."""
    labels = {
        "error": (_("Not sound"), "bad"), "warning": (_("Worth a look"), "warn"),
        "note": (_("Noted"), "info"),
    }  # fmt: skip
    groups = []
    for severity, (label, tone) in labels.items():
        own = [one for one in problems if one.get("severity", "error") == severity]
        if own:
            told = [tell_problem(one) for one in own[:MOST_TOLD]]
            groups.append({
                "label": label, "tone": tone, "told": told, "more": len(own) - len(told),
            })  # fmt: skip
    return groups


@require_POST
@for_people
def take(request: HttpRequest, pk: int, arrival_id: int) -> HttpResponse:
    """Have a study taken."""
    enter_frame(request, pk)
    with telling_refusal(request):
        arriving.start_taking(
            actor=request.reader, partnership_id=pk, arrival_id=arrival_id,
            now=timezone.localtime(),
        )  # fmt: skip
    return redirect("research:arrival", pk, arrival_id)


@require_POST
@for_people
def leave(request: HttpRequest, pk: int, arrival_id: int) -> HttpResponse:
    """Leave a study from elsewhere."""
    enter_frame(request, pk)
    with telling_refusal(request):
        arriving.leave_arrival(
            actor=request.reader, partnership_id=pk, arrival_id=arrival_id,
            now=timezone.localtime(),
        )  # fmt: skip
        messages.success(request, _("It is left: nothing of it is kept."))
    return redirect(reverse("research:arrivals", args=[pk]))
