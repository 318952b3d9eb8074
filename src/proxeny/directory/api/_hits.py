"""A page of results with counts for the filters, as both searches return it."""

from typing import Any

from proxeny.directory.queries import Page
from proxeny.kernel.api import Out


class FacetChoice(Out):
    """A value of a filter, and how many results it would leave.

    Beyond a few thousand, the count is approximate.
    """

    value: str
    label: str
    count: int
    is_exact: bool


class SoughtInstead(Out):
    """A word you typed that found nothing, and what was searched for instead."""

    word: str
    meant: list[str]


class Hits(Out):
    """The position of a page among all results, and what was searched for."""

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
