"""The list of events, and one event's overview."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from proxeny.accounts.guests import for_guests
from proxeny.events.forms.filters import EventFilter
from proxeny.events.queries.agreeing import get_agreeing
from proxeny.events.queries.events import (
    EVENTS,
    days_of,
    get_event,
    groups_of,
    list_events,
    local_deadline,
    partnerships_to_choose,
)
from proxeny.events.queries.exports import table_of_events
from proxeny.events.queries.next_step import next_step
from proxeny.events.queries.participants import own_participations
from proxeny.events.queries.partnerships import name_party
from proxeny.events.rules import TONES
from proxeny.events.views._agenda_pages import HAS_AGENDA
from proxeny.events.views.frame import STATE_TONES, cut_pages, event_frame, show_agreeing
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import for_people, read_number


def _filtered(request: Request) -> tuple[EventFilter, Any]:
    chosen = read_number(request.GET.get("partnership"))
    form = EventFilter(request.GET, partnerships=partnerships_to_choose(chosen))
    rows = list_events(
        today=timezone.now().date(),
        partnership_id=form.number("partnership"),
        state=form.value("state"),
        search=form.value("q"),
    )
    return form, EVENTS.fit(rows, request)


@for_people
def show_events(request: Request) -> HttpResponse:
    """Show the events of the reader's partnerships, those to come first."""
    form, rows = _filtered(request)
    context = cut_pages(request, rows)
    for row in context["rows"]:
        row.tone = TONES.get(row.state, "")
        row.has_agenda = row.state in HAS_AGENDA and row.partnership_id in request.reader.rooms
    query = request.GET.urlencode()
    return render(
        request,
        "events/list.html",
        {
            **context,
            "form": form,
            **EVENTS.tools(request),
            "is_filtered": any(request.GET.get(name) for name in form.fields),
            "may_create": bool(request.reader.steered),
            "export_url": f"{reverse('events:export')}?{query}",
            "count_label": ngettext("%(count)d event", "%(count)d events", context["count"])
            % {"count": context["count"]},
        },
    )


@for_people
def export_events(request: Request) -> HttpResponse:
    """Give the filtered list as CSV, or as XLSX with `?format=xlsx`."""
    _form, rows = _filtered(request)
    table = table_of_events(rows)
    return answer_table(
        table.name,
        form=request.GET.get("format", "csv"),
        header=table.header,
        rows=table.rows,
    )


@for_guests
def show_event(request: Request, event_id: int) -> HttpResponse:
    """Show what an event is, and what the reader can do next."""
    event = get_event(event_id)
    own = own_participations(request.reader, event)
    one: Any
    for one in own:
        one.tone = STATE_TONES.get(one.state, "")
    return render(
        request,
        "events/detail.html",
        {
            **event_frame(request.reader, event, "detail"),
            "step": next_step(request.reader, event, now=timezone.now()),
            "own": own,
            "groups": groups_of(event),
            "host": name_party(event.host_id),
            "days": days_of(event),
            "deadline": local_deadline(event),
            **show_agreeing(get_agreeing(request.reader, event, today=timezone.localdate())),
        },
    )
