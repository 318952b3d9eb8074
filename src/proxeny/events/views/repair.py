"""Repair on the day: say what went wrong, look at the proposal, carry it out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.events.forms.agenda import RepairForm
from proxeny.events.models import Event
from proxeny.events.operations.repair import Disturbance, apply_repair, plan_repair
from proxeny.events.queries.agenda.board import get_event_for_staff, list_participants
from proxeny.events.queries.agenda.places import list_slots, list_tables
from proxeny.events.views._agenda_pages import page_context, zone_of
from proxeny.events.views.frame import refuse_others
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal


@require_GET
@for_people
def show_repair(request: Request, event_id: int) -> HttpResponse:
    """Ask what went wrong and propose a repair; nothing changes yet."""
    event = get_event_for_staff(request.reader, event_id)
    refuse_others(request.reader, event)
    asked = "from_slot" in request.GET
    form = _form(event, request.GET if asked else None)
    plan = None
    if asked and form.is_valid():
        data = form.cleaned_data
        try:
            plan = plan_repair(
                actor=request.reader,
                event_id=event_id,
                disturbance=Disturbance(
                    participation_id=data["participant"],
                    table_id=data["table"],
                    from_slot=data["from_slot"],
                    back_at=data["back_at"],
                ),
            )
        except (Conflict, InvalidInput) as error:
            show_refusal(form, error)
    context = page_context(
        request, event, "repair", form=form, plan=plan, asked=request.GET.urlencode()
    )
    return render(request, "events/agenda/repair.html", context)


@require_POST
@for_people
def apply(request: Request, event_id: int) -> HttpResponse:
    """Carry the proposal out that the organiser has just looked at."""
    try:
        count = apply_repair(
            actor=request.reader,
            event_id=event_id,
            token=request.POST.get("token", ""),
            reason=request.POST.get("reason", "")[:300],
            now=timezone.now(),
        )
    except Conflict as error:
        messages.error(request, str(error))
        back = redirect("events:repair", event_id)
        back["Location"] += f"?{request.POST.get('asked', '')}"
        return back
    messages.success(
        request,
        ngettext(
            "%(count)d meeting changed. Only those affected are notified.",
            "%(count)d meetings changed. Only those affected are notified.",
            count,
        )
        % {"count": count},
    )
    return redirect("events:timetable", event_id)


def _form(event: Event, data: object) -> RepairForm:
    slots = list_slots(event.pk)
    ahead = next((slot.number for slot in slots if slot.starts_at > timezone.now()), 1)
    return RepairForm(
        data,
        people=list_participants(event.pk),
        tables=list_tables(event.pk),
        slots=slots,
        zone=zone_of(event),
        initial={"from_slot": ahead},
    )
