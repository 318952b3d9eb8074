"""Home, and the page of components."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from proxeny.kernel.answers import for_people
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


@login_not_required
def show_home(request: HttpRequest) -> HttpResponse:
    """My day: what waits for the reader; a stranger gets the front page."""
    if request.reader.is_stranger:
        return render(request, "web/landing.html")
    day = get_day(request.reader, now=timezone.now())
    return render(request, "web/home.html", {"day": day, "offers_tour": is_offered(request)})


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
