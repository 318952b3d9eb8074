"""The map of the directory: a number a country, a point a place, and the list behind each."""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from proxeny.directory import queries
from proxeny.directory.countries import country_name
from proxeny.directory.filter_forms import DirectoryFilter
from proxeny.directory.queries import Place, Places
from proxeny.directory.vocabularies import NUTS, own_label
from proxeny.folding import fold
from proxeny.kernel.view_helpers import address_with

#: Numbers from which a country is shaded darker.
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
_SHADES = 5
#: Around the outermost points, and the least that is shown, in degrees.
_MARGIN, _LEAST = 2.0, 8.0


@login_not_required
@require_GET
def show_map(request: HttpRequest) -> HttpResponse:
    """Show where the organisations are that the reader may see; to a stranger, those in public."""
    form = DirectoryFilter(request.GET)
    filters = form.to_filters()
    form.offer(queries.count_facets(filters))
    found = queries.count_places(filters)
    countries = _countries(request, found)
    steps = shades(max(found.countries.values(), default=0))
    context = {
        "form": form,
        "filters": filters,
        "found": found,
        "countries": countries,
        "steps": list(enumerate(steps, start=1)),
        "unplaced": sum(found.unplaced.values()),
        "list_query": address_with(request, page=None)[1:],
        "data": json.dumps(_drawn(countries, found, steps)),
    }
    return render(request, "directory/map.html", context)


def _drawn(countries: list[dict[str, Any]], found: Places, steps: list[int]) -> dict[str, Any]:
    """Return the data that the script draws."""
    return {
        "shapes": static("vendor/map/world.json"),
        "bounds": bounds_of(found.places),
        "countries": {one["code"]: _shaded(one, steps) for one in countries},
        "places": [_point(row) for one in countries for row in one["places"]],
    }


def shades(most: int) -> list[int]:
    """Return up to five numbers, from 1 on, from which a shade begins, for countries of up to `most`.

    Examples
    --------
    >>> shades(700)
    [1, 5, 20, 100, 500]
    >>> shades(3)
    [1, 2]
    """
    reached = [step for step in _STEPS if step <= most]
    if len(reached) <= _SHADES:
        return reached
    return [reached[round(n * (len(reached) - 1) / (_SHADES - 1))] for n in range(_SHADES)]


def bounds_of(places: list[Place]) -> list[list[float]] | None:
    """Return the north-west and south-east corner, as longitude and latitude, around all places."""
    if not places:
        return None
    west, east = _span([one.longitude for one in places])
    south, north = _span([one.latitude for one in places])
    return [[max(west, -180.0), min(north, 84.0)], [min(east, 180.0), max(south, -60.0)]]


def _span(values: list[float]) -> tuple[float, float]:
    low, high = min(values) - _MARGIN, max(values) + _MARGIN
    more = max(0.0, _LEAST - (high - low)) / 2
    return low - more, high + more


def _countries(request: HttpRequest, found: Places) -> list[dict[str, Any]]:
    """Return each country's data for the page and the map, in the order of their names."""
    list_url = reverse("directory:list")

    def link(**narrowing: str) -> str:
        return list_url + address_with(request, page=None, **narrowing)

    countries: dict[str, dict[str, Any]] = {
        code: {
            "code": code,
            "name": country_name(code),
            "count": count,
            "unplaced": found.unplaced.get(code, 0),
            "url": link(country=code),
            "places": [],
        }
        for code, count in found.countries.items()
    }
    for one in found.places:
        row = {
            "place": one,
            "name": one.city or own_label(NUTS, one.nuts) or _("Elsewhere"),
            "url": link(country=one.country, area=",".join(f"{edge:g}" for edge in one.area)),
        }
        countries[one.country]["places"].append(row)
    return sorted(countries.values(), key=lambda one: fold(one["name"]))


def _shaded(country: dict[str, Any], steps: list[int]) -> dict[str, Any]:
    return {
        "label": _told(country["name"], country["count"]),
        "url": country["url"],
        "shade": sum(step <= country["count"] for step in steps),
    }


def _point(row: dict[str, Any]) -> dict[str, Any]:
    place = row["place"]
    return {
        "at": [place.longitude, place.latitude],
        "count": place.count,
        "label": _told(row["name"], place.count),
        "url": row["url"],
    }


def _told(name: str, count: int) -> str:
    return ngettext(
        "%(name)s: %(count)s organisation", "%(name)s: %(count)s organisations", count
    ) % {"name": name, "count": count}
