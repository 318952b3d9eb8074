"""Home, and the page of components."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from proxeny.accounts.operations.profile import pass_first_steps
from proxeny.directory.operations import is_set_up
from proxeny.kernel.first_steps import FirstSteps, list_first_steps, newcomer_of
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.view_helpers import for_people
from proxeny.kernel.waiting import list_waiting
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.views.frame import shortcuts_of
from proxeny.web.badge import keep_count
from proxeny.web.day import get_day
from proxeny.web.finding import find_everything
from proxeny.web.gallery import (
    CHOICES,
    CRUMBS,
    TOKENS,
    a_form,
    a_list,
    one_version,
    some_happenings,
    switches,
    two_versions,
)
from proxeny.web.tour.walking import is_offered

#: So many rooms show their daily pages on one's day.
_ROOMS = 2


@login_not_required
def show_home(request: Request) -> HttpResponse:
    """Show the reader's day; the front page to a stranger."""
    if request.reader.is_stranger:
        return render(request, "web/landing.html", {"is_set_up": is_set_up()})
    now = timezone.now()
    day = get_day(request.reader, now=now)
    context = {
        "day": day,
        "first_steps": _first_steps(request, now),
        "nav_waiting": len(day.waiting),
        "rooms": _rooms(request.reader, day.partnerships),
        "offers_tour": is_offered(request),
    }
    response = render(request, "web/home.html", context)
    keep_count(response, request.reader.person, len(day.waiting))
    return response


def _first_steps(request: Request, now: datetime) -> FirstSteps | None:
    """Return the reader's first steps until all are done or they want no more of them."""
    whose = newcomer_of(request.reader)
    person = getattr(request.user, "person", None)
    if whose is None or person is None or whose in person.past_first_steps:
        return None
    found = list_first_steps(request.reader, whose, now)
    if found.is_over:
        pass_first_steps(actor=request.reader, whose=whose)
        return None
    return found


@require_POST
@for_people
def dismiss_first_steps(request: Request) -> HttpResponse:
    """Show the reader no more first steps, though some are not done."""
    whose = newcomer_of(request.reader)
    if whose is not None:
        pass_first_steps(actor=request.reader, whose=whose)
    return redirect("home")


@require_GET
def show_waiting_count(request: Request) -> HttpResponse:
    """Show how many things wait for the reader, for the navigation.

    Refused, not led to sign in, when the session has ended: that page has no place in there.
    """
    if request.reader.is_stranger:
        return HttpResponseForbidden()
    count = len(list_waiting(request.reader, timezone.now()))
    response = render(request, "web/parts/waits_counts.html", {"waits": count})
    keep_count(response, request.reader.person, count)
    return response


def _rooms(
    reader: Reader, partnerships: Sequence[Partnership]
) -> list[tuple[Partnership, list[dict[str, Any]]]]:
    """Return partnerships, the first ones whose room the reader enters with its daily pages."""
    open_ones = [one.pk for one in partnerships if one.pk in reader.rooms][:_ROOMS]
    return [(one, shortcuts_of(one.pk) if one.pk in open_ones else []) for one in partnerships]


@require_GET
@for_people
def show_search(request: Request) -> HttpResponse:
    """Look through everything that the reader may see; below the field of the header, the hits alone."""
    words = request.GET.get("q", "")
    found = find_everything(request, words, now=timezone.now())
    template = "web/parts/found.html" if request.htmx else "web/search.html"
    return render(request, template, {"found": found, "search_query": words})


@login_not_required
def show_components(request: Request) -> HttpResponse:
    """Show every component with its states on one page."""
    now = timezone.now()
    context = {
        "versions": two_versions(now=now),
        "one_version": one_version(),
        "happenings": some_happenings(now=now),
        "tokens": TOKENS,
        "choices": CHOICES,
        "crumbs": CRUMBS,
        "list": a_list(request),
        "new_form": a_form(is_sent=False),
        "sent_form": a_form(is_sent=True),
        **switches(request),
    }
    return render(request, "web/components_page.html", context)
