"""Studies from elsewhere: upload, preview, acceptance or rejection."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.actions import perform
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.files.uploads import watching_size
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, lead_on
from proxeny.partnerships.views.frame import Frame, enter_frame
from proxeny.research.messages import tell_problem
from proxeny.research.models import Arrival
from proxeny.research.operations import arriving, uploads
from proxeny.research.presenters import show_content
from proxeny.research.queries import arrivals as queries
from proxeny.research.views.uploads import SMALL, take_small_files

State = Arrival.State
TONES = {
    State.CHECKING: "info",
    State.SHOWN: "warn",
    State.REFUSED: "bad",
    State.TAKEN: "ok",
    State.LEFT: "",
}
#: So many problems of one severity stand on the page.
MOST_TOLD = 100


@require_http_methods(["GET", "POST"])
@watching_size(SMALL)
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show the uploaded studies, and receive an archive."""
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
    return _render(request, frame, "arrival_list.html", context)


def _bring(request: Request, frame: Frame) -> HttpResponse:
    pk = frame.partnership.pk
    if not frame.may_keep:
        raise NotAllowed(_("Only people who work in this partnership can import a study."))
    for made in take_small_files(request, pk, None):
        return redirect("research:arrival", pk, made.pk)
    return redirect("research:arrivals", pk)


def _render(request: Request, frame: Frame, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"research/{template}", {**frame.context("studies"), **context})


@require_GET
@for_people
def show(request: Request, pk: int, arrival_id: int) -> HttpResponse:
    """Show a preview of a study, its problems, or the progress of the work on it."""
    frame = enter_frame(request, pk)
    one = queries.get_arrival(pk, arrival_id)
    work = queries.find_work(one) if one.state in (State.CHECKING, State.SHOWN) else None
    is_busy = work is not None and not work.is_over
    if request.htmx and not is_busy:
        # To the whole page, which shows the result.
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
        "may_leave": frame.may_keep
        and one.state in (State.SHOWN, State.CHECKING)
        and not (is_busy and work and work.kind == queries.TAKE),
    }
    template = "arrival.html#progress" if request.htmx else "arrival.html"
    return _render(request, frame, template, context)


def _progress_of(work: Job) -> dict[str, Any]:
    texts = {
        "unpack": _("Unpacking and measuring everything."),
        "look": _("Checking each file."),
        "keep": _("Saving the files."),
    }
    waits = work.state == Job.State.QUEUED
    return {
        "state": "queued" if waits else "running",
        "percent": None if waits else work.progress.get("percent"),
        "text": texts.get(work.progress.get("step", ""), ""),
    }


def _tell(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the problems in sentences, the worst first."""
    labels = {
        "error": (_("Errors found"), "bad"),
        "warning": (_("Worth a look"), "warn"),
        "note": (_("Noted"), "info"),
    }
    groups = []
    for severity, (label, tone) in labels.items():
        own = [one for one in problems if one.get("severity", "error") == severity]
        if own:
            told = [tell_problem(one) for one in own[:MOST_TOLD]]
            groups.append(
                {
                    "label": label,
                    "tone": tone,
                    "told": told,
                    "more": len(own) - len(told),
                }
            )
    return groups


@require_POST
@for_people
def take(request: Request, pk: int, arrival_id: int) -> HttpResponse:
    """Have a study taken."""
    enter_frame(request, pk)
    return perform(
        request,
        partial(arriving.start_taking, partnership_id=pk, arrival_id=arrival_id),
        to=reverse("research:arrival", args=[pk, arrival_id]),
    )


@require_POST
@for_people
def leave(request: Request, pk: int, arrival_id: int) -> HttpResponse:
    """Leave a study from elsewhere."""
    enter_frame(request, pk)
    return perform(
        request,
        partial(arriving.leave_arrival, partnership_id=pk, arrival_id=arrival_id),
        done=_("Discarded. Nothing has been saved."),
        to=reverse("research:arrivals", args=[pk]),
    )
