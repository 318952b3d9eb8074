"""Suggested for you: who at an event fits, with reasons, one tap from a request."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from proxeny.events.models import Participation
from proxeny.events.operations.suggest import start_suggestions
from proxeny.events.queries.participants import get_own_participation
from proxeny.events.queries.requests import kinds_by_group
from proxeny.events.rules import takes_requests
from proxeny.events.suggestions import Suggestions, find_suggestions
from proxeny.events.views.frame import event_frame, page
from proxeny.events.views.requests import make_card
from proxeny.kernel.answers import lead_on
from proxeny.kernel.errors import Conflict
from proxeny.kernel.models import Job


@require_GET
@page
def show_suggestions(request: HttpRequest, participation_id: int) -> HttpResponse:
    """Show whom a participant should ask for, and why."""
    own = get_own_participation(request.reader, participation_id)
    found = find_suggestions(request.reader, own)
    kinds = kinds_by_group(own)
    cards = [
        make_card(request, own, one.participation, kinds) | {"told": one.told} for one in found.rows
    ]
    context = {
        **event_frame(request.reader, own.event, "requests"),
        "own": own,
        "found": found,
        "cards": cards,
        "progress": _progress(found) if found.is_at_work else None,
        "is_open": takes_requests(own.event, timezone.now()) and own.state == "registered",
    }
    return render(request, "events/suggestions.html", context)


@page
@require_POST
def find(request: HttpRequest, participation_id: int) -> HttpResponse:
    """Have suggestions made, or made anew."""
    try:
        start_suggestions(
            actor=request.reader, participation_id=participation_id, now=timezone.now()
        )
    except Conflict as error:
        messages.warning(request, str(error))
    return redirect("events:suggestions", participation_id)


@require_GET
@page
def show_progress(request: HttpRequest, participation_id: int) -> HttpResponse:
    """Show the bar alone; when the work is over, let the browser load the whole page."""
    own: Participation = get_own_participation(request.reader, participation_id)
    found = find_suggestions(request.reader, own)
    address = reverse("events:suggestions", args=[participation_id])
    if not request.htmx:
        return redirect(address)
    if not found.is_at_work:
        return lead_on(request, address)
    context = {"own": own, "found": found, "progress": _progress(found)}
    return render(request, "events/parts/suggestions_progress.html", context)


def _progress(found: Suggestions) -> dict[str, Any]:
    waits = found.job is not None and found.job.state == Job.State.QUEUED
    return {"state": "queued" if waits else "running", "percent": None}
