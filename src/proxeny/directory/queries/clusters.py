"""A cluster's profile, and its members by kind."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from proxeny.directory.criteria import Criterion, check_criteria
from proxeny.directory.models import ClusterProfile, Kind, Organisation
from proxeny.directory.queries.memberships import members_of


@dataclass(frozen=True, slots=True)
class KindCount:
    """The number of members of a kind."""

    kind: str
    label: str
    count: int


def get_cluster_profile(cluster_id: int) -> ClusterProfile:
    """Return a cluster's profile; an unsaved, empty one (version 0) if there is none."""
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
    """Return a cluster's results for the criteria of the European platform.

    Its members are the declared number; without one, those of its list here.
    """
    counted = sum(one.count for one in counts)
    return check_criteria(
        staff_fte=profile.staff_fte,
        members=counted if profile.committed_members is None else profile.committed_members,
        kinds=[one.kind for one in counts],
        website=cluster.website,
    )
