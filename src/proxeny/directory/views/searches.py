"""Offers and needs as a list, and the searches that a person keeps."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.directory import operations, queries, rules
from proxeny.directory.countries import country_name
from proxeny.directory.filter_forms import ListingFilter, filters_of
from proxeny.directory.models import Listing
from proxeny.directory.operations import searches
from proxeny.directory.queries.listings import ListingFilters
from proxeny.directory.queries.searches import get_search, list_searches, newest_hits
from proxeny.directory.search_forms import SearchForm, SearchNameForm
from proxeny.directory.views._hits import number_of, order_links, tell_hits
from proxeny.kernel.answers import address_with, for_people, page_links, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.rows import Head
from proxeny.kernel.spreadsheet import answer_table

_LISTS = {"organisations": "directory:list", "listings": "directory:listings"}


@login_not_required
@require_GET
def show_listings(request: HttpRequest) -> HttpResponse:
    """Show the published offers and needs that the reader may see; to a stranger, those in public."""
    form = ListingFilter(request.GET)
    filters = form.to_filters()
    if request.GET.get("export"):
        return _export_listings(request, filters)
    page = queries.get_listing_page(filters, number=number_of(request))
    form.offer(page.facets)
    reader = request.reader
    own = {*reader.organisations} - {*reader.clusters} | {*reader.managed}
    for row in page.rows:
        row.country_name = country_name(row.organisation.country)
        row.told = tell_hits(page.question, row.title, row.summary)
        row.may_ask = bool(own) and row.organisation_id not in own
    context = {
        "form": form,
        "page": page,
        "filters": filters,
        "sorts": sorts_of(order_links(request, page)),
        "may_export": rules.can_export(request.reader),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        "query": address_with(request, page=None)[1:],
        **page_links(request, page.number, has_next=page.has_next),
    }
    return render(request, "directory/listings.html", context)


def sorts_of(links: dict[str, dict[str, str]]) -> list[Head]:
    """Return the orders in which offers and needs are read, by their names."""
    labels = {
        "best": _("what fits best"), "name": _("Title"), "country": _("Country"),
        "kind": _("Kind"), "changed": _("Last change"),
    }  # fmt: skip
    return [
        Head(name, labels[name], links[name]["url"], links[name]["direction"], end=False)
        for name in labels
        if name in links
    ]


def _export_listings(request: HttpRequest, filters: ListingFilters) -> HttpResponse:
    try:
        found = operations.export_listings(
            actor=request.reader, filters=filters, now=timezone.now()
        )
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    header = [
        _("Title"), _("Offer or need"), _("Kind"), _("Organisation"), _("Country"), _("In short"),
        _("Open to interest"), _("Last change"),
    ]  # fmt: skip
    rows = (
        [
            one.title, one.get_direction_display(), one.get_kind_display(), _owner(one),
            country_name(one.organisation.country), one.summary,
            _("yes") if one.is_open else _("no"), timezone.localtime(one.updated_at).date(),
        ]
        for one in found
    )  # fmt: skip
    return answer_table("offers-and-needs", form=request.GET["export"], header=header, rows=rows)


def _owner(one: Listing) -> str:
    # As the list tells it: who stands behind an anonymous one is not told in a file either.
    if one.is_anonymous:
        return _("a member of %(cluster)s") % {"cluster": one.organisation.name}
    return one.organisation.name


@require_http_methods(["GET", "POST"])
@for_people
def show_searches(request: HttpRequest) -> HttpResponse:
    """List the searches that the reader keeps; keep the one that an address names."""
    form = SearchForm(request.POST if request.method == "POST" else None, initial=_named(request))
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        hits = newest_hits(wanted["scope"], filters_of(wanted["scope"], wanted["query"]))
        try:
            searches.save_search(actor=request.reader, hits=hits, now=timezone.now(), **wanted)
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The search is saved."))
            return redirect("directory:searches")
    context = {
        "searches": list_searches(request.reader),
        "form": form,
        "is_saving": form.is_bound or "scope" in request.GET,
    }
    return render(request, "directory/searches.html", context, status=422 if form.errors else 200)


def _named(request: HttpRequest) -> dict[str, Any]:
    scope = request.GET.get("scope", "")
    query = request.GET.copy()
    for name in ("scope", "page", "sort"):
        query.pop(name, None)
    kept = {key: value for key, value in query.items() if value}
    return {
        "scope": scope if scope in _LISTS else "organisations",
        "query": urlencode(kept)[:2000],
        "name": kept.get("q", "")[:120],
        "notify": True,
    }


@require_GET
@for_people
def open_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the list that a search asks for; what it finds is new no longer."""
    search = get_search(pk)
    hits = newest_hits(search.scope, filters_of(search.scope, search.query))
    searches.see_search(actor=request.reader, search_id=pk, hits=hits, now=timezone.now())
    return redirect(f"{reverse(_LISTS[search.scope])}?{search.query}")


@require_POST
@for_people
def change_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a search, or say whether mails tell of it."""
    get_search(pk)
    form = SearchNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the search a name."))
        return redirect("directory:searches")
    try:
        searches.change_search(actor=request.reader, search_id=pk, **form.cleaned_data)
    except (InvalidInput, Conflict) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The search is saved."))
    return redirect("directory:searches")


@require_POST
@for_people
def remove_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a search no longer."""
    searches.remove_search(actor=request.reader, search_id=pk)
    messages.success(request, _("The search is removed."))
    return redirect("directory:searches")
