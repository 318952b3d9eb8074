"""A participant's own agenda: on the phone, on paper, in the calendar."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.events.forms.agenda import ReasonForm
from proxeny.events.operations.repair import withdraw_from_meeting
from proxeny.events.queries.agenda import personal
from proxeny.events.views._agenda_pages import is_staff_only
from proxeny.events.views.frame import event_frame
from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.meetings.queries import count_open_questions


@require_GET
@for_people
def show_my_agenda(request: HttpRequest, event_id: int) -> HttpResponse:
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
    }
    return render(request, "events/agenda/my_agenda.html", context)


@require_GET
@for_people
def download_calendar(request: HttpRequest, event_id: int) -> HttpResponse:
    """Download the reader's meetings as a calendar file."""
    text = personal.read_my_calendar(request.reader, event_id)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = f'attachment; filename="meetings-{event_id}.ics"'
    return response


@require_http_methods(["GET", "POST"])
@for_people
def withdraw(request: HttpRequest, event_id: int, entry_id: int) -> HttpResponse:
    """Ask for the reason, then call the reader's own meeting off."""
    now = timezone.now()
    mine = personal.get_my_agenda(request.reader, event_id, now=now)
    meeting = next((one for one in mine.meetings if one.entry_id == entry_id), None)
    if meeting is None:
        raise NotFound(_("There is no such meeting in your agenda."))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdraw_from_meeting(
                actor=request.reader, event_id=event_id, entry_id=entry_id,
                reason=form.cleaned_data["reason"], now=now,
            )  # fmt: skip
        except (Conflict, InvalidInput) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The meeting is called off, and the other side is told."))
            return redirect("events:my-agenda", event_id)
    context = {"event": mine.event, "meeting": meeting, "form": form}
    return render(request, "events/agenda/withdraw.html", context)
