"""Pages of the directory as people read them: the best hits first, with numbers beside filters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.db.models import Model

from proxeny.directory.models import Listing, Organisation
from proxeny.directory.queries.listings import ListingFilters, with_owner
from proxeny.directory.queries.lists import PAGE_SIZE, Filters
from proxeny.directory.queries.narrowing import ask, with_mended
from proxeny.directory.queries.organisations import organisation_names
from proxeny.directory.queries.searching import (
    EXACT,
    LONG_ORDERS,
    ORDERS,
    RANKED,
    SIGNS,
    Asked,
    Found,
    count_marks,
    find,
)
from proxeny.directory.search import NOTHING, Question

#: Of codes with levels those of one are offered: divisions of NACE, regions of level 2.
LENGTHS = {"nace": range(2, 3), "nuts": range(4, 5)}
_ANY = range(1, 1000)
#: Filters of the list of organisations.
FACETS = ("cluster", "country", "kind", "field", "size", "nace", "nuts", "language", "has")
#: And that of offers and needs.
LISTING_FACETS = ("direction", "kind", "country", "field")
#: So many values of a filter are offered, the commonest.
MOST_CHOICES = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, and the number of hits it would leave; `label` where it is a name."""

    value: str
    count: int
    is_exact: bool = True
    label: str = ""


@dataclass(frozen=True, slots=True)
class Page[Row: Model]:
    """One page of a list.

    Beyond `EXACT` hits `total` is about right and `is_exact` false, and only so many (of the best
    ones `RANKED`) can be leafed through. `meant` are the words sought in place of typed ones by
    which nothing was found. `facets` hold, by filter, what the list can be narrowed to; each is
    counted with all the other filters.
    """

    rows: list[Row]
    number: int
    total: int
    is_exact: bool = True
    order: str = "name"
    question: Question = NOTHING
    facets: dict[str, list[Choice]] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The position of the first row, counted from 1."""
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        """The position of the last row."""
        return self.first + len(self.rows) - 1

    @property
    def reachable(self) -> int:
        """The number of hits that can be paged through."""
        if self.is_exact:
            return self.total
        return RANKED if self.order == "best" else EXACT

    @property
    def has_next(self) -> bool:
        """Whether rows follow."""
        return bool(self.rows) and self.last < self.reachable

    @property
    def orders(self) -> list[str]:
        """The orders in which the list can be read."""
        known = ORDERS if self.is_exact else ["best", *LONG_ORDERS]
        return [one for one in known if one != "best" or self.question.words]

    @property
    def meant(self) -> list[tuple[str, list[str]]]:
        """The typed words by which nothing was found, each with those sought instead."""
        return [(word.text, [one.text for one in word.meant]) for word in self.question.mended]


def get_page(filters: Filters, *, number: int = 1) -> Page[Organisation]:
    """Return one page of organisations. Four to a dozen queries, whatever the number of hits."""
    columns: tuple[str, ...] = (
        "id",
        "name",
        "former_names",
        "kind",
        "country",
        "city",
        "sectors",
        "visibility",
        "updated_at",
        "language",
        "steward_id",
        "steward__name",
    )
    columns = (*columns, "summary") if filters.q else columns
    rows = Organisation.objects.select_related("steward").only(*columns)
    return _page("organisations", filters, number, rows.in_bulk, FACETS)


def count_facets(filters: Filters) -> dict[str, list[Choice]]:
    """Return the filter values of the list, without a page of it."""
    asked = ask("organisations", filters)
    if asked is None:
        return {name: [] for name in FACETS}
    asked, found = with_mended(asked, count_marks)
    return _facets(asked, found, FACETS)


def get_listing_page(filters: ListingFilters, *, number: int = 1) -> Page[Listing]:
    """Return one page of published offers and needs, each with its organisation."""
    rows = with_owner(Listing.objects.filter(status=Listing.Status.PUBLISHED))
    return _page("listings", filters, number, rows.in_bulk, LISTING_FACETS)


def list_all_listings(filters: ListingFilters) -> list[Listing]:
    """Return all published offers and needs that fit, in the order asked for; at most `EXACT`."""
    asked = ask("listings", filters)
    if asked is None:
        return []
    order = _order(filters.sort, asked)
    _asked, found = with_mended(asked, partial(find, order=order, start=0, size=EXACT))
    rows = with_owner(Listing.objects.filter(status=Listing.Status.PUBLISHED)).in_bulk(found.ids)
    return [rows[pk] for pk in found.ids if pk in rows]


def _page(
    scope: str,
    filters: Filters | ListingFilters,
    number: int,
    load: Callable[[Sequence[int]], dict[int, Any]],
    names: Sequence[str],
) -> Page[Any]:
    asked = ask(scope, filters)
    if asked is None:
        return Page([], 1, 0)
    order = _order(filters.sort, asked)
    number = max(1, min(number, EXACT // PAGE_SIZE))
    asked, found = _find(asked, order, number)
    if not found.ids and found.total and number > 1:
        # Beyond the end: the last page, as a page that was left open finds fewer than before.
        reached = min(found.total, RANKED if order == "best" and not found.is_exact else EXACT)
        number = -(-reached // PAGE_SIZE)
        asked, found = _find(asked, order, number)
    if not found.is_exact:
        found = replace(found, total=_round(found.total))
    by_id = load(found.ids)
    page: Page[Any] = Page(
        [by_id[pk] for pk in found.ids if pk in by_id],
        number if found.total else 1,
        found.total,
        is_exact=found.is_exact,
        order=order,
        question=asked.question,
    )
    return replace(page, facets=_facets(asked, found, names))


def _round(total: int) -> int:
    # Two digits are all that a part of the entries knows of the whole.
    return round(total, 2 - len(str(total)))


def _find(asked: Asked, order: str, number: int) -> tuple[Asked, Found]:
    start = (number - 1) * PAGE_SIZE
    return with_mended(asked, partial(find, order=order, start=start, size=PAGE_SIZE))


def _order(sort: str, asked: Asked) -> str:
    if sort in ORDERS and (sort != "best" or asked.question.words):
        return sort
    if asked.question.words:
        return "best"
    if asked.scope == "listings":
        return "-changed"
    return "-name" if sort.startswith("-") else "name"


def _facets(asked: Asked, found: Found, names: Sequence[str]) -> dict[str, list[Choice]]:
    # A filter does not narrow its own numbers: each is counted without itself.
    facets = {}
    for name in names:
        counted = count_marks(asked.without(name)) if name in asked.marks else found
        facets[name] = _choices(name, counted, asked.marks.get(name))
    if "cluster" in facets:
        called = organisation_names(int(one.value) for one in facets["cluster"])
        named = (replace(c, label=called.get(int(c.value), "")) for c in facets["cluster"])
        facets["cluster"] = [one for one in named if one.label]
    return facets


def _choices(name: str, counted: Found, chosen: str | None) -> list[Choice]:
    sign = f"{SIGNS[name]}:"
    hits = sorted(
        (-count, mark)
        for mark, count in counted.marks.items()
        if mark.startswith(sign) and len(mark) - len(sign) in LENGTHS.get(name, _ANY)
    )[:MOST_CHOICES]
    if chosen and chosen not in {mark for _, mark in hits}:
        hits.append((0, chosen))
    return [
        Choice(mark.removeprefix(sign), -count * counted.share, counted.share == 1)
        for count, mark in hits
    ]
