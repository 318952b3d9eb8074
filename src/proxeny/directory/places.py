"""Coordinates of cities, without a network request: a table of the world's cities from GeoNames."""

import gzip
from bisect import bisect_left
from functools import cache, lru_cache
from importlib.resources import files

from proxeny.folding import fold


@lru_cache(maxsize=10_000)
def coordinates_of(city: str, country: str) -> tuple[float, float] | None:
    """Return latitude and longitude of a city, to about a kilometre; None if unknown.

    Parameters
    ----------
    city : str
        Its name, in its own language or, for a large one, in another; case and accents do not
        matter. Text after a comma or in brackets is allowed, as are "Cedex 13", "MA" and the
        like.
    country : str
        ISO 3166 code.

    Notes
    -----
    The table takes 14 MB from its first use on and is searched by bisection, in 18 steps. Of two
    cities with the same name the larger is used.
    """
    for name in _spellings(city):
        found = _find(f"{country} {name}\t".encode())
        if found:
            return found
    return None


def _spellings(city: str) -> dict[str, None]:
    first = city.replace("(", ",").replace(" - ", ",").split(",")[0]
    words = [word for word in fold(first).split() if not word.isdigit() and word != "cedex"]
    bare = " ".join(words)
    # A post district or a state may follow: Aarhus C, Boston MA.
    short = " ".join(words[:-1]) if words and len(words[-1]) < 3 else ""
    return dict.fromkeys(name for name in (fold(city), fold(first), bare, short) if name)


def _find(start: bytes) -> tuple[float, float] | None:
    lines = _table()
    place = bisect_left(lines, start)
    if place == len(lines) or not lines[place].startswith(start):
        return None
    latitude, longitude = lines[place][len(start) :].split(b"\t")
    return float(latitude), float(longitude)


@cache
def _table() -> list[bytes]:
    packed = (files("proxeny.directory.vocabularies") / "data" / "cities.tsv.gz").read_bytes()
    return gzip.decompress(packed).splitlines()
