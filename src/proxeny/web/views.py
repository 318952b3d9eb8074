"""Home, and the page of components."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from proxeny.kernel.answers import for_people
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.views.frame import shortcuts_of
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
def show_home(request: HttpRequest) -> HttpResponse:
    """My day: what waits for the reader; a stranger gets the front page."""
    if request.reader.is_stranger:
        return render(request, "web/landing.html")
    day = get_day(request.reader, now=timezone.now())
    context = {
        "day": day,
        "rooms": _rooms(request.reader, day.partnerships),
        "offers_tour": is_offered(request),
    }
    return render(request, "web/home.html", context)


def _rooms(
    reader: Reader, partnerships: Sequence[Partnership]
) -> list[tuple[Partnership, list[dict[str, Any]]]]:
    """Return partnerships, the first ones whose room the reader enters with its daily pages."""
    open_ones = [one.pk for one in partnerships if one.pk in reader.rooms][:_ROOMS]
    return [(one, shortcuts_of(one.pk) if one.pk in open_ones else []) for one in partnerships]


@require_GET
@for_people
def show_search(request: HttpRequest) -> HttpResponse:
    """Look through everything that the reader may see; below the field of the header, the hits alone."""
    words = request.GET.get("q", "")
    found = find_everything(request, words, now=timezone.now())
    template = "web/parts/found.html" if request.htmx else "web/search.html"
    return render(request, template, {"found": found, "search_query": words})


@login_not_required
def show_components(request: HttpRequest) -> HttpResponse:
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
