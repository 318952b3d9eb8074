"""Texts to compare with a call's: those of the members of the clusters around it.

Read as the reader sees them.
"""

from collections.abc import Iterable

from django.db.models import QuerySet

from proxeny.calls.models import Call
from proxeny.directory.models import Kind, Organisation
from proxeny.directory.queries import Filters, visible_organisations
from proxeny.directory.queries.matching import Entry, partners_by_words, read_entries
from proxeny.kernel.tenancy import Reader

#: Up to so many members are all read; of more, those that have most of the call's words.
READ_ALL = 1500
#: So many organisations are shown to choose from.
FOUND = 12


def count_members(reader: Reader, call: Call) -> int:
    """Return how many members of the clusters around a call the reader sees. One query."""
    return _members(reader, call).count()


def read_members(reader: Reader, call: Call, *, count: int, expression: str) -> list[Entry]:
    """Return members with their published offers and needs. Three queries.

    Parameters
    ----------
    count : int
        What `count_members` gave.
    expression : str
        The call's words as a full-text search for any of them, for where there are too many.
    """
    members = _members(reader, call)
    if count > READ_ALL:
        members = members.filter(pk__in=partners_by_words(0, expression, READ_ALL))
    return read_entries(members.order_by("pk").values_list("pk", flat=True)[:READ_ALL])


def read_organisations(organisation_ids: Iterable[int]) -> dict[int, Organisation]:
    """Return organisations that the reader sees, with their clusters, by number. One query."""
    found = Organisation.objects.listed().filter(pk__in=list(organisation_ids))
    return {one.pk: one for one in found.select_related("steward")}


def _members(reader: Reader, call: Call) -> QuerySet[Organisation]:
    around = {call.steward_id, *reader.clusters, *reader.sharers}
    return Organisation.objects.listed().filter(steward_id__in=around).exclude(kind=Kind.CLUSTER)


def find_organisations(words: str, *, but: Iterable[int]) -> list[Organisation]:
    """Return the first organisations that are found by words, without some, by name."""
    found = visible_organisations(Filters(q=words)).exclude(pk__in=list(but))
    return list(found.select_related("steward")[:FOUND])
