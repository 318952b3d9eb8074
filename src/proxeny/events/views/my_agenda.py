"""A participant's own agenda: on the phone, on paper, in the calendar."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.accounts.guests import for_guests
from proxeny.events.forms.agenda import ReasonForm
from proxeny.events.operations.repair import withdraw_from_meeting
from proxeny.events.queries.agenda import personal
from proxeny.events.views._agenda_pages import is_staff_only
from proxeny.events.views.frame import event_frame, guest_feed
from proxeny.kernel.actions import submit_form
from proxeny.kernel.calendar import answer_calendar
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.meetings.queries import count_open_questions


@require_GET
@for_guests
def show_my_agenda(request: Request, event_id: int) -> HttpResponse:
    """Show the reader's meetings, the next one on top."""
    now = timezone.now()
    if is_staff_only(request, event_id):
        return redirect("events:timetable", event_id)
    mine = personal.get_my_agenda(request.reader, event_id, now=now)
    questions = count_open_questions(request.reader, now=now)
    context = {
        **event_frame(request.reader, mine.event, "my-agenda"),
        "mine": mine,
        "questions": questions,
        "many": len(mine.own_names) > 1,
        "feed_url": guest_feed(request),
    }
    return render(request, "events/agenda/my_agenda.html", context)


@require_GET
@for_guests
def download_calendar(request: Request, event_id: int) -> HttpResponse:
    """Download the reader's meetings as a calendar file."""
    text = personal.read_my_calendar(request.reader, event_id)
    return answer_calendar(text, f"meetings-{event_id}.ics")


@require_http_methods(["GET", "POST"])
@for_guests
def withdraw(request: Request, event_id: int, entry_id: int) -> HttpResponse:
    """Ask for the reason, then call the reader's own meeting off."""
    now = timezone.now()
    mine = personal.get_my_agenda(request.reader, event_id, now=now)
    meeting = next((one for one in mine.meetings if one.entry_id == entry_id), None)
    if meeting is None:
        raise NotFound(_("We couldn’t find this meeting in your agenda."))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    saved = submit_form(
        request,
        form,
        partial(withdraw_from_meeting, event_id=event_id, entry_id=entry_id),
        done=_("Meeting cancelled. The other side has been notified."),
        to=reverse("events:my-agenda", args=[event_id]),
    )
    if saved:
        return saved
    context = {"event": mine.event, "meeting": meeting, "form": form}
    return render(request, "events/agenda/withdraw.html", context)
