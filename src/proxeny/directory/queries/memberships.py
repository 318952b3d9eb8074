"""Memberships and members."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.directory.models import Membership, Organisation
from proxeny.kernel.errors import NotFound


def _live(today: date) -> Q:
    return Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))


def members_of(cluster_id: int, *, today: date) -> QuerySet[Organisation]:
    """Return the members of a cluster on a day, by name, as far as visible."""
    live = Membership.objects.filter(
        _live(today), cluster_id=cluster_id, organisation=OuterRef("pk")
    )
    return Organisation.objects.listed().filter(Exists(live)).order_by("sort_name", "id")


def memberships_of(organisation_id: int) -> list[Membership]:
    """Return an organisation's memberships with their clusters, the newest first."""
    found = Membership.objects.select_related("cluster").filter(organisation_id=organisation_id)
    return list(found.order_by("-starts_on", "-id"))


def list_memberships(
    *, organisation_id: int | None = None, cluster_id: int | None = None
) -> QuerySet[Membership]:
    """Return the memberships that the reader may see, with both organisations."""
    found = Membership.objects.select_related("cluster", "organisation")
    if organisation_id:
        found = found.filter(organisation_id=organisation_id)
    if cluster_id:
        found = found.filter(cluster_id=cluster_id)
    return found.order_by("-pk")


def get_membership(pk: int) -> Membership:
    """Return a membership with both organisations; `NotFound` if the reader does not see it."""
    found = Membership.objects.select_related("cluster", "organisation").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("We couldn’t find this membership."))
    return found


def is_live_member(cluster_id: int, organisation_id: int) -> bool:
    """Whether an organisation has a membership without an end."""
    return Membership.objects.filter(
        cluster_id=cluster_id, organisation_id=organisation_id, ends_on=None
    ).exists()


def members_among(organisation_ids: Collection[int], *, today: date) -> list[tuple[int, int]]:
    """Return which of some organisations are members of which, as (cluster, member). One query."""
    found = Membership.objects.filter(
        _live(today), cluster_id__in=organisation_ids, organisation_id__in=organisation_ids
    )
    return list(found.values_list("cluster_id", "organisation_id").order_by("pk"))


def members_in(
    organisation_ids: Iterable[int] | None, cluster_ids: Iterable[int] | None = None, *, today: date
) -> set[tuple[int, int]]:
    """Return memberships on a day, as organisation and cluster. One query.

    None asks for all that the reader sees.
    """
    live = Membership.objects.filter(_live(today))
    if organisation_ids is not None:
        live = live.filter(organisation_id__in=list(organisation_ids))
    if cluster_ids is not None:
        live = live.filter(cluster_id__in=list(cluster_ids))
    return set(live.values_list("organisation_id", "cluster_id"))


def clusters_shared(organisation_id: int, *, today: date) -> dict[int, list[int]]:
    """Return organisations that share a cluster with one on a day, with the clusters.

    Two queries.
    """
    own = [cluster_id for _one, cluster_id in members_in([organisation_id], today=today)]
    found: dict[int, list[int]] = defaultdict(list)
    for pk, cluster_id in sorted(members_in(None, own, today=today)):
        if pk != organisation_id:
            found[pk].append(cluster_id)
    return dict(found)
