"""How long the map's numbers take, for as many organisations as a directory may hold.

    python -m benchmarks.places [--rows 10000 100000 1000000] [--rounds 9]

Towns are drawn from the table of cities, large ones as often as small ones, which spreads the
points as widely as can be; one in ten entries has only a region, one in ten only a country. All are
public and a stranger asks, so that the policies let every row through. Prints a table.
"""

import argparse
import statistics
import time
from random import Random

from benchmarks.policies.__main__ import database

#: What differs from the first entry, which is written as the product writes one.
_OWN = {
    "name": "'Organisation ' || n",
    "sort_name": "'organisation ' || n",
    "search_text": "'organisation ' || n",
    "country": "town.country",
    "city": "CASE WHEN n %% 10 = 1 THEN '' ELSE town.city END",
    "nuts": "CASE WHEN n %% 10 = 0 THEN town.nuts ELSE '' END",
    "latitude": "CASE WHEN n %% 10 > 1 THEN town.latitude + random() / 10 END",
    "longitude": "CASE WHEN n %% 10 > 1 THEN town.longitude + random() / 10 END",
}
_FILL = """
INSERT INTO directory_organisation ({columns})
SELECT {values} FROM directory_organisation first, generate_series(%s, %s) n
JOIN unnest(%s::text[], %s::text[], %s::text[], %s::float[], %s::float[])
    WITH ORDINALITY town (country, city, nuts, latitude, longitude, number)
    ON town.number = 1 + n %% %s
WHERE first.id = %s
"""


def main() -> None:
    """Fill step by step, and measure after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with database():
        drop_other_indexes()
        print(
            "| organisations | places | all | one country | one part of the map |\n|---|---|---|---|---|"
        )
        filled = 0
        for rows in options.rows:
            fill(filled + 1, rows)
            filled = rows
            report(rows, options.rounds)


def drop_other_indexes() -> None:
    """Drop the indexes of the search, which the map does not use and filling would wait for."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes"
            " WHERE tablename = 'directory_organisation' AND indexdef LIKE '% USING gin %'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')


def fill(first: int, last: int) -> None:
    """Write organisations with these numbers."""
    from django.db import connection

    from proxeny.directory import places
    from proxeny.directory.models import Organisation
    from proxeny.directory.vocabularies import regions_of
    from proxeny.kernel.tenancy import SERVICE, acting_as

    rng = Random(1)
    towns = []
    for line in rng.sample(places._table(), 20_000):
        key, latitude, longitude = line.decode().split("\t")
        regions = regions_of(key[:2])
        code = rng.choice(regions).code if regions else ""
        towns.append((key[:2], key[3:], code, float(latitude), float(longitude)))
    columns = [
        one.column
        for one in Organisation._meta.concrete_fields
        if not one.generated and not one.primary_key
    ]
    values = [_OWN.get(name, f'first."{name}"') for name in columns]
    query = _FILL.format(columns=", ".join(columns), values=", ".join(values))
    with acting_as(SERVICE), connection.cursor() as cursor:
        pattern, _made = Organisation.objects.get_or_create(
            name="Organisation", country="FR", visibility="public"
        )
        given = [first, last, *map(list, zip(*towns, strict=True)), len(towns), pattern.pk]
        cursor.execute(query, given)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE directory_organisation")


def report(rows: int, rounds: int) -> None:
    """Print the medians in milliseconds."""
    from proxeny.directory.queries import Filters, count_places
    from proxeny.kernel.tenancy import STRANGER, WEB, acting_as

    medians, places = [], 0
    for filters in (Filters(), Filters(country="FR"), Filters(area=(45.0, 0.0, 50.0, 5.0))):
        times = []
        for _ in range(rounds):
            with acting_as(WEB, STRANGER):
                started = time.perf_counter()
                found = count_places(filters)
                times.append((time.perf_counter() - started) * 1000)
            places = max(places, len(found.places))
        medians.append(f"{statistics.median(times):,.0f} ms")
    print(f"| {rows:,} | {places} | {' | '.join(medians)} |", flush=True)


if __name__ == "__main__":
    main()
