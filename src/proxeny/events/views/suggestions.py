"""Suggestions page: fitting participants of an event, with reasons, one tap from a request."""

from functools import partial
from typing import Any

from django.http import HttpResponse
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
from proxeny.events.views.frame import event_frame
from proxeny.events.views.requests import make_card
from proxeny.kernel.actions import perform
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, lead_on


@require_GET
@for_people
def show_suggestions(request: Request, participation_id: int) -> HttpResponse:
    """Show suggested participants, and the reasons."""
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


@for_people
@require_POST
def find(request: Request, participation_id: int) -> HttpResponse:
    """Request suggestions, for the first time or again."""
    return perform(
        request,
        partial(start_suggestions, participation_id=participation_id),
        to=reverse("events:suggestions", args=[participation_id]),
    )


@require_GET
@for_people
def show_progress(request: Request, participation_id: int) -> HttpResponse:
    """Show the progress bar alone; when the job is over, make the browser load the whole page."""
    own: Participation = get_own_participation(request.reader, participation_id)
    found = find_suggestions(request.reader, own)
    address = reverse("events:suggestions", args=[participation_id])
    if not request.htmx:
        return redirect(address)
    if not found.is_at_work:
        return lead_on(request, address)
    context = {"own": own, "found": found, "progress": _progress(found)}
    return render(request, "events/suggestions.html#progress", context)


def _progress(found: Suggestions) -> dict[str, Any]:
    waits = found.job is not None and found.job.state == Job.State.QUEUED
    return {"state": "queued" if waits else "running", "percent": None}
