"""NUTS: the regions of Europe and its neighbours, by code, and their locations.

Names are proper names and are not translated; a region whose own letters are Greek or Cyrillic has
a name in Latin letters beside it. The classification writes EL and UK where ISO 3166 has GR and GB.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_ISO = {"EL": "GR", "UK": "GB"}
_NUTS = {iso: code for code, iso in _ISO.items()}


@dataclass(frozen=True, slots=True)
class Region:
    """A region of level 1 to 3; `point` is the largest city of one of level 2."""

    code: str
    name: str
    latin: str
    is_former: bool
    point: tuple[float, float] | None

    @property
    def level(self) -> int:
        """The level: 1 for the largest."""
        return len(self.code) - 2

    def name_in(self, language: str) -> str:
        """Return the name as a reader of that language reads it."""
        own = language == "el" and self.code[:2] in ("EL", "CY")
        return self.name if own or not self.latin else self.latin


@cache
def regions() -> dict[str, Region]:
    """Return all regions by code, in the order of codes."""
    text = (files(__package__) / "data" / "nuts.tsv").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        code, name, latin, former, latitude, longitude = line.split("\t")
        point = (float(latitude), float(longitude)) if latitude else None
        found[code] = Region(code, name, latin, former != "", point)
    return found


def regions_of(country: str, *, level: int = 2) -> list[Region]:
    """Return a country's regions as they are today, down to a level."""
    return [one for one in _by_country().get(country, []) if one.level <= level]


@cache
def _by_country() -> dict[str, list[Region]]:
    found: dict[str, list[Region]] = {}
    for one in regions().values():
        if not one.is_former:
            found.setdefault(country_of(one.code), []).append(one)
    return found


def country_of(code: str) -> str:
    """Return the ISO 3166 code of the country that a region lies in."""
    return _ISO.get(code[:2], code[:2])


def prefix_of(country: str) -> str:
    """Return the prefix of the codes of a country's regions."""
    return _NUTS.get(country, country)


def countries_with_regions() -> list[str]:
    """Return the ISO 3166 codes of all countries that have regions."""
    return sorted(_by_country())


def point_of(code: str) -> tuple[float, float] | None:
    """Return latitude and longitude of the largest city of a region, or of the one it is part of.

    None for a country and for what the classification does not place.
    """
    for length in range(len(code), 3, -1):
        found = regions().get(code[:length])
        if found and found.point:
            return found.point
    return None
