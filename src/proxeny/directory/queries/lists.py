"""The list of organisations: narrowed, sorted, in pages, and as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Func, Q, QuerySet
from django.db.models.functions import Lower

from proxeny.directory.folding import search_expression
from proxeny.directory.models import GUARDED, Identifier, IdentifierScheme, Kind, Organisation
from proxeny.directory.queries.areas import Area, within
from proxeny.directory.queries.organisations import details_of

PAGE_SIZE = 50

MAX_EXPORT = 20_000

#: Columns the list can be sorted by.
SORTS = {
    "name": ("sort_name", "id"),
    "country": ("country", "sort_name", "id"),
    "city": ("city", "sort_name", "id"),
    "kind": ("kind", "sort_name", "id"),
    "changed": ("updated_at", "id"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked the list for; everything empty asks for all.

    `nuts` is a region's code of any level, `area` a part of the map.
    """

    q: str = ""
    cluster: int | None = None
    country: str = ""
    kind: str = ""
    field: str = ""
    nuts: str = ""
    area: Area | None = None
    sort: str = "name"
    changed_since: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list."""
        asked = (self.q, self.cluster, self.country, self.kind, self.field, self.nuts, self.area)
        return not any(asked)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    rows: list[Organisation]
    number: int
    total: int

    @property
    def first(self) -> int:
        """The position of the first row, counted from 1."""
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        """The position of the last row."""
        return self.first + len(self.rows) - 1

    @property
    def has_next(self) -> bool:
        """Whether rows follow."""
        return self.last < self.total


def visible_organisations(filters: Filters = Filters()) -> QuerySet[Organisation]:
    """Return what the reader may see, narrowed and sorted.

    All words of `filters.q` must occur, the last one as a beginning.
    """
    found = Organisation.objects.listed()
    if filters.q:
        expression = search_expression(filters.q)
        if not expression:
            return found.none()
        query = SearchQuery(expression, config="simple", search_type="raw")
        found = found.filter(search_vector=query)
    if filters.cluster:
        found = found.filter(Q(steward_id=filters.cluster) | Q(pk=filters.cluster))
    if filters.country:
        found = found.filter(country=filters.country)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.field:
        found = found.filter(sectors__contains=[filters.field])
    if filters.nuts:
        found = found.filter(nuts__startswith=filters.nuts)
    if filters.area:
        found = found.filter(within(filters.area))
    if filters.changed_since:
        found = found.filter(updated_at__gte=filters.changed_since)
    return found.order_by(*_order(filters.sort))


def _order(sort: str) -> list[str]:
    columns = SORTS.get(sort.lstrip("-"), SORTS["name"])
    return [f"-{columns[0]}", *columns[1:]] if sort.startswith("-") else list(columns)


def list_organisations(filters: Filters) -> QuerySet[Organisation]:
    """Return what the reader may see, narrowed, each with its steward."""
    return visible_organisations(filters).select_related("steward").defer("summary")


def get_page(filters: Filters, *, number: int = 1) -> Page:
    """Return one page of the list. Two queries."""
    found = visible_organisations(filters)
    total = found.count()
    number = max(1, min(number, -(-total // PAGE_SIZE)))
    start = (number - 1) * PAGE_SIZE
    columns = ("id", "name", "kind", "country", "city", "sectors", "visibility", "updated_at",
               "steward_id", "steward__name")  # fmt: skip
    rows = list(found.select_related("steward").only(*columns)[start : start + PAGE_SIZE])
    return Page(rows, number, total)


@dataclass(frozen=True, slots=True)
class Facets:
    """What the list can be narrowed to for this reader."""

    clusters: list[tuple[int, str]] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)


def list_facets() -> Facets:
    """Return the clusters, countries and fields that occur in what the reader sees. Three queries."""
    clusters = Organisation.objects.filter(kind=Kind.CLUSTER).order_by("sort_name")
    countries = Organisation.objects.listed().order_by("country").values_list("country", flat=True)
    names = Organisation.objects.listed().annotate(one=Func(F("sectors"), function="unnest"))
    return Facets(
        clusters=list(clusters.values_list("pk", "name")),
        countries=list(countries.distinct()),
        fields=list(
            names.values_list("one", flat=True).distinct().order_by(Lower("one"), "one")[:200]
        ),
    )


def list_entries(filters: Filters, *, fields: Sequence[str]) -> list[dict[str, Any]]:
    """Return what the reader sees of the list as plain values; at most `MAX_EXPORT` entries.

    A guarded fact that is not shown to the reader is missing, or None. Each entry tells its `id`,
    `steward_id` and `visibility` too. The numbers of a register are a list under its name (`vat`).
    """
    registers = set(IdentifierScheme.values).intersection(fields)
    plain = {"id", "steward_id", "visibility", *fields} - set(GUARDED) - registers
    found = visible_organisations(filters).values(*plain)[:MAX_EXPORT]
    entries = {entry["id"]: entry for entry in found}
    if not set(GUARDED).isdisjoint(fields):
        for pk, details in details_of(entries).items():
            entries[pk] |= {name: getattr(details, name) for name in GUARDED}
    for some in batched(entries, 1000) if registers else ():
        numbers = Identifier.objects.filter(organisation__in=some, scheme__in=registers)
        for pk, scheme, value in numbers.order_by("id").values_list(
            "organisation", "scheme", "value"
        ):
            entries[pk].setdefault(scheme, []).append(value)
    return list(entries.values())
