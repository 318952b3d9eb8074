"""The organiser's agenda page: run, certificate, publication, export, outcome."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
from proxeny.events.views._agenda_pages import attempt, lead_participant, page_context
from proxeny.kernel.answers import for_people
from proxeny.kernel.models import Job
from proxeny.kernel.spreadsheet import answer_table


@require_GET
@for_people
def show_agenda(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show where the agenda stands; a participant is led to the own one."""
    if (elsewhere := lead_participant(request, event_id)) is not None:
        return elsewhere
    board = boards.get_board(request.reader, event_id)
    title, words, status = ("", "", "")
    if board.run and board.run.status:
        title, words = boards.certificate_words(board.run)
        status = boards.status_words(board.run)
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
        may_run=board.can_edit and not board.is_running and board.event.state in (
            Event.State.OPEN, Event.State.CLOSED, Event.State.PROVISIONAL),
    )  # fmt: skip
    return render(request, "events/agenda/board.html", context)


@require_POST
@for_people
def start_run(request: HttpRequest, event_id: int) -> HttpResponse:
    """Start a run."""
    form = RunForm(request.POST)
    seconds = form.cleaned_data["time_limit_s"] if form.is_valid() else 60
    attempt(
        request,
        lambda: start_agenda_run(
            actor=request.reader, event_id=event_id, time_limit_s=seconds, now=timezone.now()
        ),
        _("The search has begun. You can leave this page; it goes on."),
    )
    return redirect("events:agenda", event_id)


@require_GET
@for_people
def show_progress(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show the run's progress alone; when it is over the page loads itself anew."""
    board = boards.get_board(request.reader, event_id)
    if not request.htmx:
        return redirect("events:agenda", event_id)
    response = render(
        request, "events/agenda/progress.html",
        {"event": board.event, "progress": _progress(board), "can_edit": board.can_edit},
    )  # fmt: skip
    if not board.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@for_people
def stop_run(request: HttpRequest, event_id: int) -> HttpResponse:
    """Stop the run and keep the best agenda so far."""
    stop_agenda_run(actor=request.reader, event_id=event_id)
    if request.htmx:
        return show_progress_part(request, event_id)
    return redirect("events:agenda", event_id)


def show_progress_part(request: HttpRequest, event_id: int) -> HttpResponse:
    """Render the progress part."""
    board = boards.get_board(request.reader, event_id)
    return render(
        request, "events/agenda/progress.html",
        {"event": board.event, "progress": _progress(board), "can_edit": board.can_edit},
    )  # fmt: skip


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
        "gap": f"{100 * float(seen['gap']):.0f} %" if known else "",
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
        "%(placed)d of %(wanted)d wished meeting has a place.",
        "%(placed)d of %(wanted)d wished meetings have a place.",
        wanted,
    ) % {"placed": placed, "wanted": wanted}
    step = {
        "value": _("Now trying to fulfil more wishes."),
        "breaks": _("Now trying to take breaks out of people's days."),
        "proof": _("Now proving that nothing better exists."),
    }.get(str(seen.get("phase")), "")
    return f"{words} {step}".strip()


@require_POST
@for_people
def show_to_participants(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show the agenda as provisional."""
    attempt(
        request,
        lambda: publishing.show_provisional(
            actor=request.reader, event_id=event_id, now=timezone.now()
        ),
        _("The participants see the agenda now, marked as provisional. Mails are on their way."),
    )
    return redirect("events:agenda", event_id)


@require_POST
@for_people
def publish(request: HttpRequest, event_id: int) -> HttpResponse:
    """Publish the agenda."""
    attempt(
        request,
        lambda: publishing.publish_agenda(
            actor=request.reader, event_id=event_id, now=timezone.now()
        ),
        _("The agenda is published. Everyone gets one mail with all their meetings."),
    )
    return redirect("events:agenda", event_id)


@require_POST
@for_people
def discard(request: HttpRequest, event_id: int) -> HttpResponse:
    """Throw the agenda away, before it is published."""
    attempt(
        request,
        lambda: discard_agenda(actor=request.reader, event_id=event_id),
        _("The agenda is discarded. All requests are still there."),
    )
    return redirect("events:agenda", event_id)


@require_GET
@for_people
def export(request: HttpRequest, event_id: int) -> HttpResponse:
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
def show_outcome(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show what came of the event."""
    outcome = get_event_outcome(request.reader, event_id)
    context = page_context(request, outcome.event, "outcome", outcome=outcome)
    return render(request, "events/agenda/outcome.html", context)


@require_POST
@for_people
def ask_later(request: HttpRequest, event_id: int) -> HttpResponse:
    """Ask the participants what came of their meetings, six months later."""
    attempt(
        request,
        lambda: ask_event_outcome(actor=request.reader, event_id=event_id, now=timezone.now()),
        _("Everyone who met gets one mail with the question."),
    )
    return redirect("events:outcome", event_id)
