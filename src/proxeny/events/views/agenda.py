"""The organiser's agenda page: run, certificate, publication, export, outcome."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.events.forms.agenda import RunForm
from proxeny.events.models import Event
from proxeny.events.operations import publish as publishing
from proxeny.events.operations.agenda import (
    discard_agenda,
    start_agenda_run,
    stop_agenda_run,
)
from proxeny.events.operations.outcome import ask_event_outcome
from proxeny.events.queries.agenda import board as boards
from proxeny.events.queries.agenda.outcome import get_event_outcome
from proxeny.events.queries.agreeing import get_agreeing
from proxeny.events.views._agenda_pages import lead_participant, page_context
from proxeny.events.views.frame import say_step, show_agreeing
from proxeny.kernel.actions import perform
from proxeny.kernel.models import Job
from proxeny.kernel.percent import add_percent_sign
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import for_people


@require_GET
@for_people
def show_agenda(request: Request, event_id: int) -> HttpResponse:
    """Show the state of the agenda; redirect a participant to their own."""
    if (elsewhere := lead_participant(request, event_id)) is not None:
        return elsewhere
    board = boards.get_board(request.reader, event_id)
    title, words, status = ("", "", "")
    if board.run and board.run.status:
        title, words = boards.certificate_words(board.run)
        status = boards.status_words(board.run)
    agreeing = get_agreeing(request.reader, board.event, today=timezone.localdate())
    may_run = (
        board.can_edit
        and not board.is_running
        and board.event.state in (Event.State.OPEN, Event.State.CLOSED, Event.State.PROVISIONAL)
    )
    context = page_context(
        request,
        board.event,
        "agenda",
        board=board,
        form=RunForm(),
        progress=_progress(board) if board.job else None,
        certificate_title=title,
        certificate_words=words,
        certificate_status=status,
        unplaced=board.unplaced[:200],
        may_run=may_run,
        must_close=may_run and board.event.state == Event.State.OPEN and not agreeing.is_alone,
        **show_agreeing(agreeing),
    )
    return render(request, "events/agenda/board.html", context)


@require_POST
@for_people
def start_run(request: Request, event_id: int) -> HttpResponse:
    """Start a run."""
    form = RunForm(request.POST)
    seconds = form.cleaned_data["time_limit_s"] if form.is_valid() else 60
    return perform(
        request,
        partial(start_agenda_run, event_id=event_id, time_limit_s=seconds),
        done=_("The search has started. You can leave this page; it will continue."),
        to=reverse("events:agenda", args=[event_id]),
    )


@require_GET
@for_people
def show_progress(request: Request, event_id: int) -> HttpResponse:
    """Show the run's progress alone; when the run is over, the page reloads itself."""
    board = boards.get_board(request.reader, event_id)
    if not request.htmx:
        return redirect("events:agenda", event_id)
    response = render(
        request,
        "events/agenda/board.html#progress",
        {"event": board.event, "progress": _progress(board), "can_edit": board.can_edit},
    )
    if not board.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@for_people
def stop_run(request: Request, event_id: int) -> HttpResponse:
    """Stop the run and keep the best agenda so far."""
    stop_agenda_run(actor=request.reader, event_id=event_id)
    if request.htmx:
        return show_progress_part(request, event_id)
    return redirect("events:agenda", event_id)


def show_progress_part(request: Request, event_id: int) -> HttpResponse:
    """Render the progress part."""
    board = boards.get_board(request.reader, event_id)
    return render(
        request,
        "events/agenda/board.html#progress",
        {"event": board.event, "progress": _progress(board), "can_edit": board.can_edit},
    )


def _progress(board: boards.Board) -> dict[str, Any]:
    job, seen = board.job, board.job.progress if board.job else {}
    limit = float(seen.get("limit") or (board.run.time_limit_s if board.run else 60))
    seconds = float(seen.get("seconds") or 0)
    known = bool(seen.get("has_schedule"))
    return {
        "id": job.pk if job else 0,
        "state": _job_state(job),
        "percent": round(min(100.0, 100 * seconds / limit)) if seen else None,
        "value": str(seen["breaks"]) if known else "",
        "bound": str(seen["bound"]) if known else "",
        "gap": add_percent_sign(round(100 * float(seen["gap"]))) if known else "",
        "elapsed": _("%(now)d of %(limit)d s") % {"now": seconds, "limit": limit} if seen else "",
        "text": _progress_words(seen),
        "error": job.error if job else "",
    }


def _job_state(job: Job | None) -> str:
    if job is None:
        return "queued"
    return "stopping" if job.stop_requested and not job.is_over else job.state


def _progress_words(seen: dict[str, Any]) -> str:
    if not seen.get("has_schedule"):
        return _("Looking for a first agenda.")
    placed, wanted = int(seen["placed"]), int(seen["wanted"])
    words = ngettext(
        "%(placed)d of %(wanted)d requested meeting scheduled.",
        "%(placed)d of %(wanted)d requested meetings scheduled.",
        wanted,
    ) % {"placed": placed, "wanted": wanted}
    step = {
        "value": _("Now trying to fulfil more requests."),
        "breaks": _("Now trying to remove gaps from participants’ days."),
        "proof": _("Now proving that there is nothing better."),
    }.get(str(seen.get("phase")), "")
    return f"{words} {step}".strip()


@require_POST
@for_people
def show_to_participants(request: Request, event_id: int) -> HttpResponse:
    """Show the agenda as provisional."""
    return perform(
        request,
        partial(publishing.show_provisional, event_id=event_id),
        done=_(
            "Participants can now see the agenda, marked as provisional. Emails are on their way."
        ),
        to=reverse("events:agenda", args=[event_id]),
    )


@require_POST
@for_people
def publish(request: Request, event_id: int) -> HttpResponse:
    """Publish the agenda, or propose it to the other sides."""
    return perform(
        request,
        partial(publishing.publish_agenda, event_id=event_id),
        done=lambda event: say_step(
            request,
            event.state == Event.State.PUBLISHED,
            _("The agenda is published. Everyone gets one email with all their meetings."),
        ),
        to=reverse("events:agenda", args=[event_id]),
    )


@require_POST
@for_people
def discard(request: Request, event_id: int) -> HttpResponse:
    """Throw the agenda away, before it is published."""
    return perform(
        request,
        lambda actor, **_now: discard_agenda(actor=actor, event_id=event_id),
        done=_("Agenda discarded. All requests are still there."),
        to=reverse("events:agenda", args=[event_id]),
    )


@require_GET
@for_people
def export(request: Request, event_id: int) -> HttpResponse:
    """Download the whole agenda as CSV or XLSX."""
    event = boards.get_event_for_staff(request.reader, event_id)
    return answer_table(
        f"agenda-{event.pk}",
        form=request.GET.get("format", "csv"),
        header=boards.export_head(),
        rows=boards.export_rows(event),
    )


@require_GET
@for_people
def show_outcome(request: Request, event_id: int) -> HttpResponse:
    """Show the outcomes of the event."""
    outcome = get_event_outcome(request.reader, event_id)
    context = page_context(request, outcome.event, "outcome", outcome=outcome)
    return render(request, "events/agenda/outcome.html", context)


@require_POST
@for_people
def ask_later(request: Request, event_id: int) -> HttpResponse:
    """Ask the participants for the outcomes of their meetings, six months later."""
    return perform(
        request,
        partial(ask_event_outcome, event_id=event_id),
        done=_("Everyone who had a meeting gets one email with the question."),
        to=reverse("events:outcome", args=[event_id]),
    )
