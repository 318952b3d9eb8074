"""A cluster's current network, and the names behind its numbers that the reader may see."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from proxeny.directory.models import Organisation
from proxeny.folding import fold
from proxeny.insight.models import Snapshot
from proxeny.insight.queries.snapshots import find_snapshot
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader

#: So many are found by a name.
MOST_FOUND = 12


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation of the network that the reader sees."""

    id: int
    name: str
    country: str
    kind: str
    steward_id: int | None
    sort_name: str


def own_clusters(reader: Reader) -> list[Organisation]:
    """Return the clusters in whose team the reader is, by name. One query; none for all others."""
    mine = set(reader.organisations) & set(reader.clusters)
    if not mine:
        return []
    return list(Organisation.objects.filter(pk__in=mine).order_by("sort_name", "pk"))


def get_own_cluster(reader: Reader, cluster_id: int) -> tuple[Organisation, list[Organisation]]:
    """Return a cluster in whose team the reader is (0: the first by name), and all of them.

    Raises
    ------
    NotFound
        The reader is in no such team.
    """
    found = own_clusters(reader)
    for one in found:
        if cluster_id in (0, one.pk):
            return one, found
    raise NotFound(_("We couldn’t find this network."))


def find_network(organisation_id: int) -> Snapshot | None:
    """Return the network of a cluster as its team reads it, without its arrays. One query."""
    return find_snapshot(Snapshot.Kind.NETWORK, organisation_id)


def read_arrays(snapshot: Snapshot) -> bytes:
    """Return the arrays stored beside the figures. One query."""
    return bytes(snapshot.data or b"")


def name_all(ids: Collection[int]) -> dict[int, Named]:
    """Return those of these organisations that the reader sees, by id. One query."""
    return {one.id: one for one in _named(_among(ids))}


def list_named(ids: Collection[int]) -> list[Named]:
    """Return those of these organisations that the reader sees, sorted by name. One query."""
    return _named(_among(ids).order_by("sort_name", "pk"))


def find_named(ids: Collection[int], words: str) -> list[Named]:
    """Return visible organisations among these whose name holds all words, by name. One query."""
    found = _among(ids)
    for word in fold(words).split():
        found = found.filter(sort_name__contains=word)
    return _named(found.order_by("sort_name", "pk"))


def _among(ids: Collection[int]) -> QuerySet[Organisation]:
    # One parameter, however many there are: a network has tens of thousands.
    return Organisation.objects.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [sorted(ids)]))


def _named(found: QuerySet[Organisation]) -> list[Named]:
    rows = found.values_list("pk", "name", "country", "kind", "steward_id", "sort_name")
    return [Named(*row) for row in rows]
