"""Keys of clusters. What signs is never read here: the reader's role has no right to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.directory.models import Organisation
from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import IssuerKey, SchemeVersion
from proxeny.partnerships.models import Partnership, Party

#: It signs.
CURRENT = Q(retired_at=None, lost_at=None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label for which a cluster signs."""

    scheme_id: int
    partnership_id: int
    title: str


def find_keys(organisation_ids: Iterable[int]) -> QuerySet[IssuerKey]:
    """Return the keys of organisations without what signs, by cluster, the oldest first."""
    found = IssuerKey.objects.filter(organisation_id__in=list(organisation_ids))
    return found.defer("sealed").order_by("organisation_id", "number")


def keys_of(organisation_ids: Iterable[int]) -> dict[int, list[IssuerKey]]:
    """Return all keys of organisations, by organisation; one without keys has none. One query."""
    keys: dict[int, list[IssuerKey]] = {one: [] for one in organisation_ids}
    for key in find_keys(keys):
        keys[key.organisation_id].append(key)
    return keys


def current_keys(organisation_ids: Iterable[int]) -> dict[int, IssuerKey]:
    """Return the key with which each organisation signs, where it has one. One query."""
    return {one.organisation_id: one for one in find_keys(organisation_ids).filter(CURRENT)}


def get_own_cluster(reader: Reader, organisation_id: int) -> Organisation:
    """Return a cluster that the reader manages. One query.

    Raises
    ------
    NotFound, NotAllowed
        It is not seen, or is no cluster; the reader does not manage it.
    """
    one = Organisation.objects.filter(pk=organisation_id).first()
    if one is None or not one.is_cluster:
        raise NotFound(_("We couldn’t find this cluster."))
    if one.pk not in reader.managed:
        raise NotAllowed(_("Only a cluster’s managers can manage its keys."))
    return one


def labels_signed_by(organisation_id: int) -> list[Wanted]:
    """Return the labels of the cluster's rooms that were published, by name. One query."""
    rooms = Party.objects.filter(organisation_id=organisation_id, state=Party.State.JOINED)
    found = SchemeVersion.objects.filter(
        partnership_id__in=rooms.values("partnership_id"),
        published_at__isnull=False,
        partnership__state=Partnership.State.ACTIVE,
    )
    newest = found.order_by("scheme_id", "-number").distinct("scheme_id")
    rows = [Wanted(one.scheme_id, one.partnership_id, one.title) for one in newest]
    return sorted(rows, key=lambda one: (one.title, one.scheme_id))
