"""Offers and needs as a list, and the searches that a person keeps."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
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
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.rows import Head
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people, page_links

_LISTS = {"organisations": "directory:list", "listings": "directory:listings"}


@login_not_required
@require_GET
def show_listings(request: Request) -> HttpResponse:
    """Show the published offers and needs that the reader may see; to a stranger, those in public."""
    form = ListingFilter(request.GET)
    filters = form.to_filters()
    if request.GET.get("export"):
        return _export_listings(request, filters)
    page = queries.get_listing_page(filters, number=number_of(request))
    form.offer(page.facets)
    reader = request.reader
    own = {*reader.organisations} - {*reader.clusters} | {*reader.managed}
    row: Any
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
        "best": _("best match"),
        "name": _("Title"),
        "country": _("Country"),
        "kind": _("Kind"),
        "changed": _("Last change"),
    }
    return [
        Head(name, labels[name], links[name]["url"], links[name]["direction"], end=False)
        for name in labels
        if name in links
    ]


def _export_listings(request: Request, filters: ListingFilters) -> HttpResponse:
    try:
        found = operations.export_listings(
            actor=request.reader, filters=filters, now=timezone.now()
        )
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    header = [
        _("Title"),
        _("Offer or need"),
        _("Kind"),
        _("Organisation"),
        _("Country"),
        _("In short"),
        _("Open to interest"),
        _("Last change"),
    ]
    rows = (
        [
            one.title,
            one.get_direction_display(),
            one.get_kind_display(),
            _owner(one),
            country_name(one.organisation.country),
            one.summary,
            _("yes") if one.is_open else _("no"),
            timezone.localtime(one.updated_at).date(),
        ]
        for one in found
    )
    return answer_table("offers-and-needs", form=request.GET["export"], header=header, rows=rows)


def _owner(one: Listing) -> str:
    # As in the list: the member behind an anonymous one is not in a file either.
    if one.is_anonymous:
        return _("a member of %(cluster)s") % {"cluster": one.organisation.name}
    return one.organisation.name


@require_http_methods(["GET", "POST"])
@for_people
def show_searches(request: Request) -> HttpResponse:
    """List the searches that the reader keeps; keep the one that an address names."""
    form = SearchForm(request.POST if request.method == "POST" else None, initial=_named(request))

    def values() -> dict[str, Any]:
        wanted = form.cleaned_data
        hits = newest_hits(wanted["scope"], filters_of(wanted["scope"], wanted["query"]))
        return {"hits": hits, **wanted}

    saved = submit_form(
        request,
        form,
        searches.save_search,
        values=values,
        done=_("Search updated."),
        to=reverse("directory:searches"),
    )
    if saved:
        return saved
    context = {
        "searches": list_searches(request.reader),
        "form": form,
        "is_saving": form.is_bound or "scope" in request.GET,
    }
    return render(request, "directory/searches.html", context, status=422 if form.errors else 200)


def _named(request: Request) -> dict[str, Any]:
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
def open_search(request: Request, pk: int) -> HttpResponse:
    """Open the list of a saved search; its hits are no longer new."""
    search = get_search(pk)
    hits = newest_hits(search.scope, filters_of(search.scope, search.query))
    searches.see_search(actor=request.reader, search_id=pk, hits=hits, now=timezone.now())
    return redirect(f"{reverse(_LISTS[search.scope])}?{search.query}")


@require_POST
@for_people
def change_search(request: Request, pk: int) -> HttpResponse:
    """Rename a search, or switch its mails on or off."""
    get_search(pk)
    form = SearchNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the search a name."))
        return redirect("directory:searches")
    facts = form.cleaned_data
    return perform(
        request,
        lambda actor, **_now: searches.change_search(actor=actor, search_id=pk, **facts),
        done=_("Search updated."),
        to=reverse("directory:searches"),
    )


@require_POST
@for_people
def remove_search(request: Request, pk: int) -> HttpResponse:
    """Keep a search no longer."""
    searches.remove_search(actor=request.reader, search_id=pk)
    messages.success(request, _("Search removed."))
    return redirect("directory:searches")
