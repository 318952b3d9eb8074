"""A cluster's network: its position, and all organisations in rows."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proxeny.directory.countries import country_name
from proxeny.directory.models import Kind
from proxeny.insight.forms.networks import FindActorsForm, FindFigureForm
from proxeny.insight.networks_content import (
    ids_named,
    show_all_years,
    show_compared,
    show_movement,
    show_proposals,
    show_tiles,
    show_years,
)
from proxeny.insight.networks_presenters import FIGURES, tell_value
from proxeny.insight.queries.networks import name_all
from proxeny.insight.queries.networks_actors import Actor, list_actors
from proxeny.insight.views.networks_frame import NetworkFrame, enter_network, show_network_page
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people, page_links, page_of, sort_links

#: Columns of the list on the page; a file has all figures.
COLUMNS = ("degree", "strength", "harmonic", "betweenness_share", "constraint")


@require_GET
@for_people
def show_position(request: Request) -> HttpResponse:
    """Show the cluster's position, the causes of its movement, and suggested partners."""
    frame = enter_network(request)
    if not frame.present:
        return show_network_page(request, frame, "position", "network", {})
    form = FindFigureForm(request.GET)
    named = name_all(ids_named(frame.present))
    context = {
        "tiles": show_tiles(frame.content),
        "compared": show_compared(frame.content, frame.cluster.country),
        "form": form,
        "chart": show_years(frame.content, form.chosen(), frame.cluster.name),
        "years": show_all_years(frame.content),
        "figures": list(FIGURES.values()),
        "movement": show_movement(frame.present, named),
        "last_year": str(frame.content["year"] - 1),
        "proposals": [
            _proposals(request, frame, named, kind) for kind in ("clusters", "organisations")
        ],
    }
    return show_network_page(request, frame, "position", "network", context)


def _proposals(
    request: Request, frame: NetworkFrame, named: dict[int, Any], kind: str
) -> dict[str, Any]:
    found = show_proposals(frame.present, named, kind)
    may_propose = frame.cluster.pk in request.reader.managed
    for row in found["rows"]:
        one = row["named"]
        row["try_url"] = frame.link("insight:what-if", link=row["id"]) if one else ""
        # Clusters that another one only knows, from a list, have nobody here who could answer.
        is_open = one and one.kind == Kind.CLUSTER and one.steward_id is None
        row["propose_url"] = (
            f"{reverse('partnerships:new')}?partner={one.id}" if is_open and may_propose else ""
        )
    ids = [row["id"] for row in found["rows"] if row["id"]]
    return {**found, "try_all_url": frame.link("insight:what-if", link=ids) if len(ids) > 1 else ""}


@require_GET
@for_people
def show_organisations(request: Request) -> HttpResponse:
    """Show all organisations of the network in rows, to search, narrow, sort and export."""
    frame = enter_network(request)
    if not frame.present:
        return show_network_page(request, frame, "organisations", "network_organisations", {})
    everybody = list_actors(frame.present)
    form = FindActorsForm(request.GET, countries=everybody.countries)
    sort = form.sort_by()
    found = everybody.narrow(**form.asked(), sort=sort)
    if request.GET.get("export"):
        header, rows = table_of(found)
        return answer_table("network", form=request.GET["export"], header=header, rows=rows)
    page = page_of(found, request)
    context = {
        "form": form,
        "count": len(found),
        "unseen": everybody.unseen,
        "others": sum(frame.present["others"].values()),
        "is_narrowed": form.is_narrowed,
        "columns": [{"name": name, "label": FIGURES[name].label} for name in COLUMNS],
        "rows": [_row(frame, one) for one in page],
        "sorts": sort_links(request, ("name", "country", *COLUMNS), now=sort),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    for one in context["columns"]:
        one["sort"] = context["sorts"][one["name"]]
    return show_network_page(request, frame, "organisations", "network_organisations", context)


def _row(frame: NetworkFrame, one: Actor) -> dict[str, Any]:
    return {
        "named": one.named,
        "kind": Kind(one.named.kind).label,
        "country": country_name(one.named.country),
        "is_core": one.is_core,
        "is_own": one.id == frame.cluster.pk,
        "values": [
            {"label": FIGURES[name].label, "text": tell_value(name, one.figures[name])}
            for name in COLUMNS
        ],
        "url": frame.link("insight:network", around=one.id),
    }


def table_of(found: list[Actor]) -> tuple[list[Any], list[list[Any]]]:
    """Return the rows as a table for a file: all figures, with all their digits."""
    header = [
        _("Organisation"),
        _("Country"),
        _("Kind"),
        *(str(one.label) for one in FIGURES.values()),
        _("In the core"),
        _("Community"),
    ]
    rows = [
        [
            one.named.name,
            one.named.country,
            str(Kind(one.named.kind).label),
            *("" if one.figures[name] is None else one.figures[name] for name in FIGURES),
            _("yes") if one.is_core else _("no"),
            one.community + 1,
        ]
        for one in found
    ]
    return header, rows
