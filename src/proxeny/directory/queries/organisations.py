"""One organisation, its guarded facts, clusters."""

from collections.abc import Iterable, Sequence
from itertools import batched

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from proxeny.directory.models import Identifier, Kind, Organisation, OrganisationDetails
from proxeny.folding import fold
from proxeny.kernel.errors import NotFound


def get_organisation(pk: int) -> Organisation:
    """Return an organisation with its steward; `NotFound` if the reader does not see it."""
    found = Organisation.objects.select_related("steward").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("We couldn’t find this organisation."))
    return found


def same_elsewhere(organisation: Organisation) -> list[Organisation]:
    """Return the entries that other clusters keep of the same organisation, by its identifiers.

    Only those that the reader sees, each with its steward. One query.
    """
    asked = Q()
    for one in organisation.identifiers.all():
        asked |= Q(scheme=one.scheme, value=one.value)
    if not asked:
        return []
    others = Identifier.objects.filter(asked).exclude(organisation_id=organisation.pk)
    found = (
        Organisation.objects.listed()
        .filter(pk__in=others.values("organisation_id"), steward__isnull=False)
        .exclude(steward_id=organisation.steward_id)
    )
    return list(found.select_related("steward").order_by("steward__sort_name", "pk")[:20])


def attach_details(organisations: Sequence[Organisation]) -> None:
    """Load the guarded facts visible to the reader. One query for a thousand.

    By ids and never joined: the database evaluates their policy for each row requested.
    """
    for some in batched(organisations, 1000):
        prefetch_related_objects(some, "details")


def details_of(organisation_ids: Iterable[int]) -> dict[int, OrganisationDetails]:
    """Return the guarded facts by organisation; without an entry, the reader sees none of them."""
    found: dict[int, OrganisationDetails] = {}
    for some in batched(organisation_ids, 1000):
        found |= OrganisationDetails.objects.in_bulk(some)
    return found


def organisation_names(pks: Iterable[int]) -> dict[int, str]:
    """Return the names of organisations, as far as the reader may see them. One query."""
    return dict(Organisation.objects.filter(pk__in=set(pks)).values_list("pk", "name"))


def list_clusters(pks: Iterable[int]) -> list[Organisation]:
    """Return the clusters among the given organisations, by name. One query."""
    return list(
        Organisation.objects.filter(pk__in=list(pks), kind=Kind.CLUSTER, steward=None).order_by(
            "sort_name"
        )
    )


def find_cluster(name: str) -> Organisation:
    """Return the cluster of that name, whatever its case and accents; none that another only knows.

    Raises
    ------
    NotFound
        None, or more than one, is called so.
    """
    clusters = Organisation.objects.filter(kind=Kind.CLUSTER, steward=None)
    found = list(clusters.filter(sort_name=fold(name)[:400])[:2])
    if len(found) != 1:
        raise NotFound(_("No cluster, or more than one, is called “%(name)s”.") % {"name": name})
    return found[0]
