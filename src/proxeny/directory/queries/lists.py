"""The list of organisations: narrowed, sorted, in pages, and as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from django.db.models import QuerySet

from proxeny.directory.models import GUARDED, Identifier, IdentifierScheme, Organisation
from proxeny.directory.queries.areas import Area
from proxeny.directory.queries.narrowing import narrow
from proxeny.directory.queries.organisations import details_of
from proxeny.directory.queries.searching import SIGNS

PAGE_SIZE = 10

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
    """Filters of the list; everything empty asks for all.

    `nuts` is a region's code of any level, `nace` that of a division or class, `area` a part of the
    map, `has` offer or need. Without `sort`, the best hits of the words come first.
    """

    q: str = ""
    cluster: int | None = None
    country: str = ""
    kind: str = ""
    field: str = ""
    size: str = ""
    nace: str = ""
    nuts: str = ""
    language: str = ""
    has: str = ""
    area: Area | None = None
    sort: str = ""
    changed_since: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.q or self.area or self.marks)

    @property
    def marks(self) -> dict[str, str]:
        """The mark that each filter in force asks of an entry."""
        return {
            name: f"{sign}:{value}"
            for name, sign in SIGNS.items()
            if (value := getattr(self, name, None))
        }


def visible_organisations(filters: Filters = Filters()) -> QuerySet[Organisation]:
    """Return the organisations visible to the reader, filtered and sorted.

    All words of `filters.q` must occur, in whatever form, the last one as a beginning.
    """
    found = narrow(Organisation.objects.listed(), "organisations", filters)
    return found.order_by(*_order(filters.sort))


def _order(sort: str) -> list[str]:
    columns = SORTS.get(sort.lstrip("-"), SORTS["name"])
    return [f"-{columns[0]}", *columns[1:]] if sort.startswith("-") else list(columns)


def list_organisations(filters: Filters) -> QuerySet[Organisation]:
    """Return the organisations visible to the reader, filtered, each with its steward."""
    return visible_organisations(filters).select_related("steward").defer("summary")


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
