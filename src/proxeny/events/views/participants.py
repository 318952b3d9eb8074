"""Who takes part: the list, as a page and as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.events.forms.filters import ParticipantFilter
from proxeny.events.models import Event
from proxeny.events.queries.events import get_event, groups_of
from proxeny.events.queries.participants import participants_of, sectors_of, with_listings
from proxeny.events.queries.requests import MarkCounts, request_counts
from proxeny.events.rules import can_organise
from proxeny.events.views.frame import cut_pages, event_frame, page
from proxeny.kernel.spreadsheet import answer_table


def _filtered(request: HttpRequest, event: Event, *, state: str) -> tuple[ParticipantFilter, Any]:
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


@page
def show_participants(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show who has registered, to everyone who may see the event."""
    event = get_event(event_id)
    form, rows = _filtered(request, event, state="registered")
    context = cut_pages(request, with_listings(rows))
    address = reverse("events:participants-export", args=[event.pk])
    return render(
        request,
        "events/participants.html",
        {
            **event_frame(request.reader, event, "participants"),
            **context,
            "form": form,
            "is_filtered": any(request.GET.get(name) for name in form.fields),
            "export_url": f"{address}?{request.GET.urlencode()}",
            "count_label": ngettext(
                "%(count)d participant", "%(count)d participants", context["count"]
            )
            % {"count": context["count"]},
        },
    )


@page
def export_participants(request: HttpRequest, event_id: int) -> HttpResponse:
    """Give the filtered list as a file; organisers get all states, and counts of marks.

    Never whom somebody marked: a file leaves the house.
    """
    event = get_event(event_id)
    organises = can_organise(request.reader, event)
    _form, rows = _filtered(request, event, state="" if organises else "registered")
    counts = request_counts(event) if organises else {}
    return answer_table(
        f"participants-{event.pk}",
        form=request.GET.get("format", "csv"),
        header=_head(organises),
        rows=[_row(one, counts.get(one.pk, MarkCounts()), organises) for one in rows],
    )


def _head(organises: bool) -> list[str]:
    head = [_("Organisation"), _("Country"), _("Group"), _("Who comes"), _("Languages"),
            _("What they are looking for"), _("Fields")]  # fmt: skip
    if organises:
        head += [_("State"), _("By video"), _("Checked in"), _("Must given"), _("Wishes given"),
                 _("Must received"), _("Wishes received")]  # fmt: skip
    return head


def _row(one: Any, counts: MarkCounts, organises: bool) -> list[object]:
    row: list[object] = [
        one.organisation.name, one.organisation.country, one.group.name, one.contact,
        ", ".join(one.languages), one.pitch, ", ".join(one.organisation.sectors),
    ]  # fmt: skip
    if organises:
        row += [one.get_state_display(), _("yes") if one.by_video else _("no"),
                one.checked_in_at.isoformat(timespec="minutes") if one.checked_in_at else "",
                counts.given_must, counts.given_wish, counts.received_must,
                counts.received_wish]  # fmt: skip
    return row
