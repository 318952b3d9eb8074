"""Locations of organisations: the contents of the map, as numbers."""

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from proxeny.directory import queries
from proxeny.directory.api._router import router
from proxeny.directory.api.organisations import OrganisationFilters
from proxeny.directory.queries import Places
from proxeny.directory.queries.places import MAX_POINTS
from proxeny.kernel.api import Out


class CountryCount(Out):
    """A country. `unplaced` is the number of its organisations without a known town or region."""

    country: str
    count: int
    unplaced: int


class PlaceCount(Out):
    """Organisations of one country that are close together.

    `latitude` and `longitude` are their average position, `city` is the largest of their towns.
    Organisations without a known town are placed in the largest city of their region; `nuts` names
    the region if a place has only such organisations. `area` is the south, west, north and east of
    the place in degrees.
    """

    country: str
    latitude: float
    longitude: float
    count: int
    city: str
    nuts: str
    area: tuple[float, float, float, float]


class PlacesOut(Out):
    """Numbers by country, and places, largest first."""

    total: int
    countries: list[CountryCount]
    places: list[PlaceCount]


class PlaceFilters(OrganisationFilters):
    """Which organisations to count, and in how much detail."""

    limit: int = Field(
        MAX_POINTS, ge=1, le=2000, description="The maximum number of places, which grow to fit."
    )


@router.get("/places", response=PlacesOut, summary="Count organisations by place")
def list_places(request: HttpRequest, wanted: Query[PlaceFilters]) -> dict[str, object]:
    """Returns the organisations you may see by country and place, filtered like the list."""
    found = queries.count_places(wanted.to_filters(), limit=wanted.limit)
    return {
        "total": found.total,
        "countries": _countries(found),
        "places": found.places,
    }


def _countries(found: Places) -> list[dict[str, object]]:
    return [
        {"country": code, "count": count, "unplaced": found.unplaced.get(code, 0)}
        for code, count in sorted(found.countries.items())
    ]
