"""Suggestions for forms while typing: terms of a vocabulary, regions of a country."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from proxeny.directory.term_fields import part, region_choices, terms_shown
from proxeny.directory.vocabularies import EUROSCIVOC, NACE


@login_not_required
@require_GET
def propose_terms(request: HttpRequest, scheme: str) -> HttpResponse:
    """Return the boxes of a field: ticked ones, and those that match the last typed words."""
    name = request.GET.get("field", scheme)
    if scheme not in (NACE, EUROSCIVOC) or not name.isidentifier():
        raise Http404
    # htmx sends the field that asks before those it includes.
    words, *ticked = request.GET.getlist(name)[:100] or [""]
    chosen, _others = part(scheme, ticked)
    shown = terms_shown(scheme, name, chosen, words[:100])
    return render(request, "directory/_terms_field.html#boxes", {"terms": shown})


@login_not_required
@require_GET
def list_regions(request: HttpRequest) -> HttpResponse:
    """Give the regions of a country as the options of a select."""
    groups = region_choices(request.GET.get("country", "")[:2].upper())
    return render(request, "directory/_regions.html", {"groups": groups})
