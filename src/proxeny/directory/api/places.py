"""Where organisations are: what the map shows, as numbers."""

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
    """A country; `unplaced` of its organisations name no town or region that is known."""

    country: str
    count: int
    unplaced: int


class PlaceCount(Out):
    """Organisations of one country that lie close together.

    `latitude` and `longitude` are where they lie on average, `city` the largest among their towns.
    Those that give no town that is known lie in the largest city of their region; `nuts` names it
    where a place has only such. `area` is south, west, north and east of the place in degrees.
    """

    country: str
    latitude: float
    longitude: float
    count: int
    city: str
    nuts: str
    area: tuple[float, float, float, float]


class PlacesOut(Out):
    """Numbers by country, and places with the largest first."""

    total: int
    countries: list[CountryCount]
    places: list[PlaceCount]


class PlaceFilters(OrganisationFilters):
    """Which organisations to count, and how finely."""

    limit: int = Field(MAX_POINTS, ge=1, le=2000, description="Places at most; they grow to fit.")


@router.get("/places", response=PlacesOut, summary="Where organisations are")
def list_places(request: HttpRequest, wanted: Query[PlaceFilters]) -> dict[str, object]:
    """Counts by country and place of what the caller may see, narrowed as the list is."""
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
