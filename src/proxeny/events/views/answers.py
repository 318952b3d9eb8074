"""Pages for organisers: answers, numbers of marks, and arrivals."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from proxeny.events.forms.filters import ParticipantFilter, SearchFilter
from proxeny.events.models import Event, Participation
from proxeny.events.operations import check_in, remind_participants
from proxeny.events.queries.events import get_event, groups_of
from proxeny.events.queries.guests import reach_of
from proxeny.events.queries.participants import (
    ANSWERS,
    count_arrivals,
    get_participation,
    participants_of,
    sectors_of,
)
from proxeny.events.queries.requests import MarkCounts, request_counts, unanswered_of
from proxeny.events.rules import can_act_for
from proxeny.events.views.frame import STATE_TONES, cut_pages, event_frame, refuse_others
from proxeny.kernel.actions import perform
from proxeny.kernel.errors import Conflict
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


@for_people
def show_answers(request: Request, event_id: int) -> HttpResponse:
    """Show each participant's state and the number of marks given and received."""
    event = get_event(event_id)
    refuse_others(request.reader, event)
    everybody = participants_of(event, state="")
    form = ParticipantFilter(
        request.GET,
        groups=[(group.pk, group.name) for group in groups_of(event)],
        sectors=sectors_of(everybody),
    )
    waiting = {one.pk: one for one in unanswered_of(event)}
    rows: Any = participants_of(
        event,
        state="",
        search=form.value("q"),
        group_id=form.number("group"),
        sector=form.value("sector"),
        ids=waiting if request.GET.get("show") == "waiting" else None,
    )
    context = cut_pages(request, ANSWERS.fit(rows, request))
    _annotate(request, context["rows"], request_counts(event), waiting)
    states = [one.state for one in everybody]
    own = [one for one in waiting.values() if can_act_for(request.reader, one)]
    ours = [one for one in everybody if can_act_for(request.reader, one)]
    reach = reach_of([one.organisation for one in ours], today=timezone.localdate())
    for row in context["rows"]:
        row.is_by_link = reach.get(row.organisation_id) == "link"
    return render(
        request,
        "events/answers.html",
        {
            **event_frame(request.reader, event, "answers"),
            **context,
            "form": form,
            **ANSWERS.tools(request),
            "figures": _figures(states, len(waiting)),
            "waiting_own": len(own),
            "unreached": [one for one in ours if reach[one.organisation_id] == "nobody"],
            "show": request.GET.get("show", ""),
            "export_url": f"{reverse('events:participants-export', args=[event.pk])}"
            f"?{request.GET.urlencode()}",
            "count_label": ngettext(
                "%(count)d participant", "%(count)d participants", context["count"]
            )
            % {"count": context["count"]},
        },
    )


def _annotate(request: Request, rows: Any, counts: dict[int, MarkCounts], waiting: Any) -> None:
    for row in rows:
        row.counts = counts.get(row.pk, MarkCounts())
        row.tone = STATE_TONES.get(row.state, "")
        row.is_waiting = row.pk in waiting
        row.is_ours = can_act_for(request.reader, row)


def _figures(states: list[str], waiting: int) -> list[tuple[int, Any]]:
    return [
        (len(states), _("invited")),
        (states.count("registered"), _("registered")),
        (waiting, _("no response")),
        (states.count("withdrawn"), _("withdrawn")),
    ]


@for_people
@require_POST
def remind(request: Request, event_id: int) -> HttpResponse:
    """Remind the reader's own members who have not answered."""

    def tell(count: int) -> str:
        if not count:
            messages.info(
                request, _("Everyone who can be reminded has already been reminded today.")
            )
            return ""
        return ngettext(
            "Reminder sent to %(count)d member.", "Reminder sent to %(count)d members.", count
        ) % {"count": count}

    return perform(
        request,
        partial(remind_participants, event_id=event_id),
        done=tell,
        to=reverse("events:answers", args=[event_id]),
    )


@for_people
def show_check_in(request: Request, event_id: int) -> HttpResponse:
    """Show the check-in: find arriving participants and tick them off."""
    event = get_event(event_id)
    refuse_others(request.reader, event)
    form = SearchFilter(request.GET)
    here, expected = count_arrivals(event)
    return render(
        request,
        "events/check_in.html",
        {
            **event_frame(request.reader, event, "check-in"),
            **cut_pages(request, participants_of(event, search=form.value("q"))),
            "form": form,
            "here": here,
            "expected": expected,
        },
    )


@for_people
@require_POST
def set_here(request: Request, participation_id: int) -> HttpResponse:
    """Tick or untick one participant."""
    found = get_participation(participation_id)
    is_here = request.POST.get("here") == "1"
    try:
        check_in(
            actor=request.reader,
            event_id=found.event_id,
            participation_id=found.pk,
            is_here=is_here,
            now=timezone.now(),
        )
    except Conflict as error:
        return _answer_here(request, found, str(error))
    return _answer_here(request, get_participation(participation_id), "")


def _answer_here(request: Request, found: Participation, problem: str) -> HttpResponse:
    event: Event = found.event
    if not request.htmx:
        if problem:
            messages.error(request, problem)
        back = reverse("events:check-in", args=[event.pk])
        return redirect(f"{back}?{request.GET.urlencode()}#p-{found.pk}")
    here, expected = count_arrivals(event)
    context = {
        "row": found,
        "here": here,
        "expected": expected,
        "event": event,
        "with_counters": True,
    }
    response = render(request, "events/check_in.html#row", context)
    if problem:
        trigger_client_event(response, "toast", {"text": problem, "tone": "bad"})
    return response
