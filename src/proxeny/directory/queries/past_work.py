"""Who worked with whom: projects in which organisations took part, as far as the reader sees them.

Each cluster keeps the projects of its own members, so that one project has a row at each; they are
the same by register and number.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from proxeny.directory.models import Membership, ProjectPart


@dataclass(frozen=True, slots=True)
class Part:
    """An organisation's part in a project; `same` is equal for the rows of one project."""

    project_id: int
    organisation_id: int
    same: tuple[str, str]
    name: str


def parts_in(
    project_ids: Collection[int], organisation_ids: Collection[int]
) -> dict[tuple[int, int], Part]:
    """Return the parts that organisations have in projects, by project and organisation. One query."""
    found = ProjectPart.objects.filter(
        project_id__in=list(project_ids), organisation_id__in=list(organisation_ids)
    )
    return {(one.project_id, one.organisation_id): one for one in _read(found)}


def _read(parts: QuerySet[ProjectPart]) -> Iterator[Part]:
    rows = parts.values_list(
        "project_id", "organisation_id", "project__source", "project__reference",
        "project__acronym", "project__title",
    )  # fmt: skip
    for project_id, organisation_id, source, reference, *names in rows:
        name = next((name for name in names if name), reference)
        yield Part(project_id, organisation_id, (source, reference), name)


@dataclass(frozen=True, slots=True)
class Bonds:
    """What an organisation shares with others, by their id: projects, and ids of clusters.

    Each project as two of its rows: the one that has the organisation, the one that has the other.
    """

    projects: dict[int, list[tuple[int, int]]]
    clusters: dict[int, list[int]]


def bonds_of(organisation_id: int, *, today: date) -> Bonds:
    """Return who works, or worked, with an organisation, and who is in one of its clusters.

    As far as the reader sees; four queries.
    """
    own = {one.same: one.project_id for one in _read(_parts(organisation_id=organisation_id))}
    projects: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for part in _read(_parts_of_same(own).exclude(organisation_id=organisation_id)):
        if part.same in own:
            projects[part.organisation_id].append((own[part.same], part.project_id))
    mine = [cluster_id for _one, cluster_id in members_in([organisation_id], today=today)]
    clusters: dict[int, list[int]] = defaultdict(list)
    for pk, cluster_id in sorted(members_in(None, mine, today=today)):
        if pk != organisation_id:
            clusters[pk].append(cluster_id)
    return Bonds(dict(projects), dict(clusters))


def _parts(**of: int) -> QuerySet[ProjectPart]:
    return ProjectPart.objects.filter(**of).order_by("-project__starts_on", "-project_id")


def _parts_of_same(projects: Collection[tuple[str, str]]) -> QuerySet[ProjectPart]:
    """Return the parts in projects of these numbers, of whichever register of those named."""
    return _parts().filter(
        project__source__in={source for source, _reference in projects},
        project__reference__in={reference for _source, reference in projects},
    )


def members_in(
    organisation_ids: Collection[int] | None, cluster_ids: Collection[int] | None = None, *,
    today: date,
) -> set[tuple[int, int]]:  # fmt: skip
    """Return who is a member of which cluster on a day, as organisation and cluster. One query.

    None asks for all that the reader sees.
    """
    live = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
    if organisation_ids is not None:
        live = live.filter(organisation_id__in=list(organisation_ids))
    if cluster_ids is not None:
        live = live.filter(cluster_id__in=list(cluster_ids))
    return set(live.values_list("organisation_id", "cluster_id"))
