"""List of participants, as a page and as a file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext

from proxeny.accounts.guests import for_guests
from proxeny.events.forms.filters import ParticipantFilter
from proxeny.events.models import Event
from proxeny.events.queries.events import get_event, groups_of
from proxeny.events.queries.exports import table_of_participants
from proxeny.events.queries.participants import (
    PARTICIPANTS,
    participants_of,
    sectors_of,
    with_listings,
)
from proxeny.events.rules import can_organise
from proxeny.events.views.frame import cut_pages, event_frame
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import for_people


def _filtered(request: Request, event: Event, *, state: str) -> tuple[ParticipantFilter, Any]:
    groups = [(group.pk, group.name) for group in groups_of(event)]
    form = ParticipantFilter(
        request.GET, groups=groups, sectors=sectors_of(participants_of(event, state=state))
    )
    rows = participants_of(
        event,
        state=state,
        search=form.value("q"),
        group_id=form.number("group"),
        sector=form.value("sector"),
    )
    return form, rows


@for_guests
def show_participants(request: Request, event_id: int) -> HttpResponse:
    """Show the registered participants to everyone who may see the event."""
    event = get_event(event_id)
    form, rows = _filtered(request, event, state="registered")
    context = cut_pages(request, with_listings(PARTICIPANTS.fit(rows, request)))
    address = reverse("events:participants-export", args=[event.pk])
    return render(
        request,
        "events/participants.html",
        {
            **event_frame(request.reader, event, "participants"),
            **context,
            "form": form,
            **PARTICIPANTS.tools(request),
            "is_filtered": any(request.GET.get(name) for name in form.fields),
            # What leaves the platform as a file is for those who sign in.
            "export_url": "" if request.reader.is_guest else f"{address}?{request.GET.urlencode()}",
            "count_label": ngettext(
                "%(count)d participant", "%(count)d participants", context["count"]
            )
            % {"count": context["count"]},
        },
    )


@for_people
def export_participants(request: Request, event_id: int) -> HttpResponse:
    """Give the filtered list as a file; organisers get all states, and counts of marks."""
    event = get_event(event_id)
    state = "" if can_organise(request.reader, event) else "registered"
    form, _rows = _filtered(request, event, state=state)
    table = table_of_participants(
        request.reader,
        event,
        search=form.value("q"),
        group_id=form.number("group"),
        sector=form.value("sector"),
    )
    return answer_table(
        table.name,
        form=request.GET.get("format", "csv"),
        header=table.header,
        rows=table.rows,
    )
