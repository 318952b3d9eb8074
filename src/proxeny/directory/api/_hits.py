"""A page of hits with numbers beside the filters, as both searches answer it."""

from typing import Any

from proxeny.directory.queries import Page
from proxeny.kernel.api import Out


class FacetChoice(Out):
    """A value of a filter, and how many hits it would leave; beyond some thousands, about."""

    value: str
    label: str
    count: int
    is_exact: bool


class SoughtInstead(Out):
    """A typed word by which nothing was found, and what was sought in its place."""

    word: str
    meant: list[str]


class Hits(Out):
    """How a page of hits stands in all of them, and what was sought."""

    total: int
    is_exact: bool
    page: int
    has_next: bool
    instead: list[SoughtInstead]


def tell_hits(found: Page[Any]) -> dict[str, Any]:
    """Return a page of hits as `Hits` tell it, with its rows and numbers."""
    return {
        "total": found.total,
        "is_exact": found.is_exact,
        "page": found.number,
        "has_next": found.has_next,
        "instead": [{"word": word, "meant": meant} for word, meant in found.meant],
        "items": found.rows,
        "facets": found.facets,
    }
