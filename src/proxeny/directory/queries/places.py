"""Locations of organisations: counted in the database by country and on a grid, for the map."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from proxeny.directory.models import Organisation
from proxeny.directory.queries.areas import Area
from proxeny.directory.queries.lists import Filters
from proxeny.directory.queries.narrowing import narrow
from proxeny.directory.vocabularies import nuts

#: Width of the finest cells, in degrees: about 25 km. Halves of it are exact in binary.
STEP = 0.25
MAX_POINTS = 300

Cell = tuple[int, int]

# Towns are counted first and cells of them after: so each cell knows its largest town without
# sorting all rows. What has no coordinates is counted by the region of level 2 that it names.
_COUNT = """
WITH towns AS (
    SELECT country, city,
        CASE WHEN latitude IS NULL THEN left(nuts, 4) ELSE '' END AS region,
        floor(latitude / %s)::int AS y, floor(longitude / %s)::int AS x,
        count(*) AS n, sum(latitude) AS latitude, sum(longitude) AS longitude
    FROM ({found}) found GROUP BY 1, 2, 3, 4, 5
)
SELECT country, region, y, x, sum(n)::int, sum(latitude) / sum(n), sum(longitude) / sum(n),
    (array_agg(city ORDER BY n DESC, city) FILTER (WHERE city <> ''))[1]
FROM towns GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Organisations of one country that lie close together.

    `latitude` and `longitude` are where they lie on average; `city` is the largest among their
    towns; `nuts` is their region, where it is only known by that; `area` finds them in the list.
    """

    country: str
    latitude: float
    longitude: float
    count: int
    city: str
    nuts: str
    area: Area


@dataclass(frozen=True, slots=True)
class Places:
    """The contents of the map: a number for each country, places largest first, the unplaced."""

    countries: dict[str, int]
    places: list[Place]
    unplaced: dict[str, int]

    @property
    def total(self) -> int:
        """The number of organisations."""
        return sum(self.countries.values())


@dataclass(slots=True)
class _Gathered:
    """A cell in the making; `city` is that of the most populous part of it, of `most` entries."""

    count: int = 0
    latitude: float = 0.0
    longitude: float = 0.0
    most: int = 0
    city: str = ""
    nuts: str = ""

    def take(self, other: "_Gathered") -> None:
        self.count += other.count
        self.latitude += other.latitude
        self.longitude += other.longitude
        if other.most > self.most:
            self.most, self.city, self.nuts = other.most, other.city, other.nuts


def count_places(filters: Filters, *, limit: int = MAX_POINTS) -> Places:
    """Return the locations of the organisations that the reader may see, filtered like the list.

    One query, after a setting for it and those for words and filters; the database returns at most
    one row for each country, region and inhabited cell. Cells are enlarged here until there are no
    more than `limit` places, and until they are wide enough to be distinguished on a map of them
    all.
    """
    countries: Counter[str] = Counter()
    unplaced: Counter[str] = Counter()
    cells: dict[tuple[str, Cell], _Gathered] = defaultdict(_Gathered)
    for country, region, y, x, count, latitude, longitude, city in _count(filters):
        countries[country] += count
        point = nuts.point_of(region) if y is None else (latitude, longitude)
        if point is None:
            unplaced[country] += count
            continue
        cell = _cell_of(*point) if y is None else (y, x)
        town = "" if y is None else city or ""
        part = _Gathered(count, count * point[0], count * point[1], count, town, region)
        cells[country, cell].take(part)
    step, found = STEP, dict(cells)
    least = _least_step(found)
    while step < least or (len(found) > limit and step < 180):
        step, found = 2 * step, _coarser(found)
    return Places(dict(countries), list(_places(found, step)), dict(unplaced))


def _count(filters: Filters) -> list[tuple[Any, ...]]:
    found = narrow(Organisation.objects.listed(), "organisations", filters, whole=True)
    if found.query.is_empty():
        return []
    columns = found.values("country", "city", "nuts", "latitude", "longitude")
    query, parameters = columns.query.sql_with_params()
    with connection.cursor() as cursor:
        # Until the transaction ends: what is counted shall fit into memory, unsorted.
        cursor.execute("SELECT set_config('work_mem', '64MB', true)")
        cursor.execute(_COUNT.format(found=query), [STEP, STEP, *parameters])
        found_rows: list[tuple[Any, ...]] = cursor.fetchall()
        return found_rows


def _cell_of(latitude: float, longitude: float) -> Cell:
    return math.floor(latitude / STEP), math.floor(longitude / STEP)


def _least_step(cells: Iterable[tuple[str, Cell]]) -> float:
    """Return a fortieth of the span of all cells, at most one degree."""
    spans = [
        max(edge) - min(edge) for edge in zip(*(cell for _country, cell in cells), strict=True)
    ]
    return min(1.0, STEP * max(spans, default=0) / 40)


def _coarser(cells: dict[tuple[str, Cell], _Gathered]) -> dict[tuple[str, Cell], _Gathered]:
    wider: dict[tuple[str, Cell], _Gathered] = defaultdict(_Gathered)
    for (country, (y, x)), one in cells.items():
        wider[country, (y // 2, x // 2)].take(one)
    return dict(wider)


def _places(cells: dict[tuple[str, Cell], _Gathered], step: float) -> Iterator[Place]:
    for (country, (y, x)), one in sorted(cells.items(), key=lambda pair: -pair[1].count):
        yield Place(
            country=country,
            latitude=round(one.latitude / one.count, 4),
            longitude=round(one.longitude / one.count, 4),
            count=one.count,
            city=one.city,
            nuts=one.nuts,
            area=(y * step, x * step, (y + 1) * step, (x + 1) * step),
        )
