"""A cluster's profile, and its members by kind."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from proxeny.directory.criteria import Criterion, check_criteria
from proxeny.directory.models import ClusterProfile, Kind, Organisation
from proxeny.directory.queries.memberships import members_of


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many members of a kind there are."""

    kind: str
    label: str
    count: int


def get_cluster_profile(cluster_id: int) -> ClusterProfile:
    """Return what a cluster says beside its entry; an unsaved, empty one (version 0) if nothing."""
    found = ClusterProfile.objects.filter(pk=cluster_id).first()
    return found or ClusterProfile(organisation_id=cluster_id, version=0)


def count_members(cluster_id: int, *, today: date) -> list[KindCount]:
    """Return a cluster's members by kind, as far as the reader sees them, most first. One query."""
    rows = (
        members_of(cluster_id, today=today)
        .order_by()
        .values_list("kind")
        .annotate(many=Count("pk"))
    )
    found = [KindCount(kind, str(Kind(kind).label), many) for kind, many in rows]
    return sorted(found, key=lambda one: (-one.count, one.label))


def stand_of(
    cluster: Organisation, profile: ClusterProfile, counts: list[KindCount]
) -> list[Criterion]:
    """Return how a cluster stands with the criteria of the European platform.

    Its members are those that it declares; where it declares none, those of its list here.
    """
    counted = sum(one.count for one in counts)
    return check_criteria(
        staff_fte=profile.staff_fte,
        members=counted if profile.committed_members is None else profile.committed_members,
        kinds=[one.kind for one in counts],
        website=cluster.website,
    )
