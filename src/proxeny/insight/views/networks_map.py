"""A cluster's network on the map: places, and the ties between them."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from proxeny.insight.networks_drawn import show_place_ties, show_places
from proxeny.insight.views.networks_frame import NetworkFrame, enter_network, show_network_page
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people

#: So many ties between places are drawn and told; more make a tangle.
_MOST_ARCS = 60


@require_GET
@for_people
def show_map(request: Request) -> HttpResponse:
    """Show places and ties: `?by=regions` for regions, `?ties=all` for those of everybody."""
    frame = enter_network(request)
    if not frame.present:
        return show_network_page(request, frame, "map", "network_map", {})
    by = "regions" if request.GET.get("by") == "regions" else "countries"
    is_all = request.GET.get("ties") == "all"
    content = frame.present[by]
    ties = show_place_ties(content, _own_place(frame, by), is_all=is_all)[:_MOST_ARCS]
    places = show_places(content)
    context = {
        "places": places,
        "ties": ties,
        "is_all": is_all,
        "unplaced": content["unplaced"],
        "pointless": sum(one["size"] for one in places if not one["point"]),
        "by_views": [
            _view(frame, by, one, label, ties="all" if is_all else "own")
            for one, label in (("countries", _("By country")), ("regions", _("By region")))
        ],
        "tie_views": [
            {
                "label": label,
                "active": is_all == wanted,
                "url": frame.link("insight:network-map", by=by, ties="all" if wanted else "own"),
            }
            for wanted, label in ((False, _("Our ties")), (True, _("Everyone’s ties")))
        ],
        "data": json.dumps(_drawn(places, ties)),
    }
    return show_network_page(request, frame, "map", "network_map", context)


def _view(frame: NetworkFrame, by: str, one: str, label: str, *, ties: str) -> dict[str, Any]:
    return {
        "label": label,
        "active": by == one,
        "url": frame.link("insight:network-map", by=one, ties=ties),
    }


def _own_place(frame: NetworkFrame, by: str) -> str:
    """Return the code of the place of the own cluster."""
    nuts = frame.cluster.nuts
    return nuts[:4] if by == "regions" and len(nuts) >= 4 else frame.cluster.country


def _drawn(places: list[dict[str, Any]], ties: list[dict[str, Any]]) -> Mapping[str, Any]:
    """Return the data for the script; a country without a point is drawn in its middle."""
    return {
        "shapes": static("vendor/map/world.json"),
        "places": [
            {
                "code": one["code"],
                "at": one["point"],
                "size": one["size"],
                "label": _tell_place(one["name"], one["size"]),
            }
            for one in places
        ],
        "ties": [
            {
                "ends": one["ends"],
                "weight": one["weight"],
                "label": _("%(one)s – %(other)s: %(strength)s")
                % {"one": one["from"], "other": one["to"], "strength": one["strength"]},
            }
            for one in ties
            if one["ends"][0] != one["ends"][1]
        ],
    }


def _tell_place(name: str, count: int) -> str:
    told = ngettext("%(count)d organisation", "%(count)d organisations", count) % {"count": count}
    return f"{name}: {told}"
