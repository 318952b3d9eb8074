"""What organisers see: who answered, how many marks, and who is here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
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
from proxeny.events.queries.participants import (
    ANSWERS,
    count_arrivals,
    get_participation,
    participants_of,
    sectors_of,
)
from proxeny.events.queries.requests import MarkCounts, request_counts, unanswered_of
from proxeny.events.rules import can_act_for
from proxeny.events.views.frame import STATE_TONES, cut_pages, event_frame, page, refuse_others
from proxeny.kernel.errors import Conflict


@page
def show_answers(request: HttpRequest, event_id: int) -> HttpResponse:
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
            "show": request.GET.get("show", ""),
            "export_url": f"{reverse('events:participants-export', args=[event.pk])}"
            f"?{request.GET.urlencode()}",
            "count_label": ngettext(
                "%(count)d participant", "%(count)d participants", context["count"]
            )
            % {"count": context["count"]},
        },
    )


def _annotate(request: HttpRequest, rows: Any, counts: dict[int, MarkCounts], waiting: Any) -> None:
    for row in rows:
        row.counts = counts.get(row.pk, MarkCounts())
        row.tone = STATE_TONES.get(row.state, "")
        row.is_waiting = row.pk in waiting
        row.is_ours = can_act_for(request.reader, row)


def _figures(states: list[str], waiting: int) -> list[tuple[int, Any]]:
    return [
        (len(states), _("invited")),
        (states.count("registered"), _("registered")),
        (waiting, _("without an answer")),
        (states.count("withdrawn"), _("withdrawn")),
    ]


@page
@require_POST
def remind(request: HttpRequest, event_id: int) -> HttpResponse:
    """Remind the own members who have not answered."""
    try:
        count = remind_participants(actor=request.reader, event_id=event_id, now=timezone.now())
    except Conflict as error:
        messages.error(request, str(error))
    else:
        if count:
            sentence = ngettext(
                "%(count)d member is reminded.", "%(count)d members are reminded.", count
            )
            messages.success(request, sentence % {"count": count})
        else:
            messages.info(request, _("Everybody who could be reminded was reminded today."))
    return redirect("events:answers", event_id)


@page
def show_check_in(request: HttpRequest, event_id: int) -> HttpResponse:
    """Find who stands at the door, and tick them."""
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


@page
@require_POST
def set_here(request: HttpRequest, participation_id: int) -> HttpResponse:
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


def _answer_here(request: HttpRequest, found: Participation, problem: str) -> HttpResponse:
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
    response = render(request, "events/parts/check_in_row.html", context)
    if problem:
        trigger_client_event(response, "toast", {"text": problem, "tone": "bad"})
    return response
