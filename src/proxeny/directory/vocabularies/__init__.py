"""Sectors (NACE Rev. 2.1), fields of science (EuroSciVoc) and regions (NUTS), by their codes.

What is here needs no database: the upper levels, in every language of the product. Deeper codes
are rows of `Term`; `queries` finds labels and terms in both.
"""

from collections.abc import Iterable

from django.utils.translation import get_language

from proxeny.directory.countries import country_choices, country_name
from proxeny.directory.vocabularies import euroscivoc, nace, nuts
from proxeny.directory.vocabularies.nuts import (
    Region,
    country_of,
    point_of,
    prefix_of,
    regions_of,
)
from proxeny.directory.vocabularies.reading import (
    EUROSCIVOC,
    NACE,
    NUTS,
    SCHEMES,
    looks_like_code,
    read_code,
)

__all__ = [
    "EUROSCIVOC",
    "NACE",
    "NUTS",
    "SCHEMES",
    "Region",
    "choices",
    "country_of",
    "looks_like_code",
    "own_codes",
    "own_label",
    "parents_of",
    "point_of",
    "prefix_of",
    "read_code",
    "regions_of",
]

_LABELS = {NACE: nace.LABELS, EUROSCIVOC: euroscivoc.LABELS}
_GROUPS = {NACE: nace.SECTIONS, EUROSCIVOC: euroscivoc.BRANCHES}

Choices = list[tuple[str, list[tuple[str, str]]]]


def own_label(scheme: str, code: str) -> str | None:
    """Return the label that the product itself carries, in the reader's language; else None."""
    if scheme != NUTS:
        found = _LABELS[scheme].get(code)
        return None if found is None else str(found)
    region = nuts.regions().get(code)
    if region is not None:
        return region.name_in(get_language() or "en")
    return country_name(country_of(code)) if len(code) == 2 else None


def own_codes(scheme: str) -> Iterable[str]:
    """Return the codes that the product itself carries, upper levels before lower ones."""
    return nuts.regions() if scheme == NUTS else _LABELS[scheme]


def parents_of(scheme: str, code: str) -> list[str]:
    """Return the codes that a code is part of, the widest first.

    Examples
    --------
    >>> parents_of("nace", "62.10")
    ['K', '62', '62.1']
    >>> parents_of("euroscivoc", "/25/73/401")
    ['/25', '/25/73']
    >>> parents_of("nuts", "EL303")
    ['EL', 'EL3', 'EL30']
    """
    if scheme == NACE:
        section = nace.SECTION_OF.get(code[:2])
        wider = [code[:length] for length in (2, 4) if length < len(code)]
        return [section, *wider] if section else []
    if scheme == EUROSCIVOC:
        parts = code.strip("/").split("/")
        return ["/" + "/".join(parts[:depth]) for depth in range(1, len(parts))]
    return [code[:length] for length in range(2, len(code))]


def choices(scheme: str, *, country: str = "") -> Choices:
    """Return a form's choices, in groups with a heading: code and label in the reader's language.

    For NUTS the regions of level 1 and 2, under their countries or for one country alone.
    """
    if scheme != NUTS:
        return [
            (str(own), [(code, str(label)) for code, label in inner.items()])
            for own, inner in _GROUPS[scheme].values()
        ]
    language = get_language() or "en"
    countries = [(country, country_name(country))] if country else country_choices()
    return [
        (name, [(one.code, one.name_in(language)) for one in found])
        for code, name in countries
        if (found := regions_of(code))
    ]
