"""Past cooperation: projects with their organisations, as far as the reader sees them.

Each cluster keeps the projects of its own members, so that one project has a row at each; they are
identified by register and number.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet

from proxeny.directory.models import ProjectPart

#: So many parts in projects are read for one list, those of the newest projects first.
MOST_PARTS = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """An organisation's part in a project; `same` is equal for the rows of one project."""

    project_id: int
    organisation_id: int
    same: tuple[str, str]
    name: str


@dataclass(frozen=True, slots=True)
class Work:
    """A project: its participants, each with the row of the project that records it."""

    rows: Mapping[int, int] = field(default_factory=dict)


def parts_in(
    project_ids: Collection[int], organisation_ids: Collection[int]
) -> dict[tuple[int, int], Part]:
    """Return the parts that organisations have in projects, by project and organisation. One query."""
    found = ProjectPart.objects.filter(
        project_id__in=list(project_ids), organisation_id__in=list(organisation_ids)
    )
    return {(one.project_id, one.organisation_id): one for one in _read(found)}


def works_near(organisation_id: int) -> list[Work]:
    """Return the projects of an organisation, and those of all its partners in them.

    Newest first; four queries.
    """
    own = _works(ProjectPart.objects.filter(organisation_id=organisation_id))
    partners = {one for work in own for one in work.rows}
    return _works(ProjectPart.objects.filter(organisation_id__in=partners)) if partners else []


def works_of(members: Mapping[int, Collection[int]]) -> list[Work]:
    """Return the projects that clusters keep, as far as these members of theirs took part.

    Parameters
    ----------
    members : mapping of int to collection of int
        By cluster.

    The newest first; one query.
    """
    kept = Q()
    for cluster_id, ids in members.items():
        kept |= Q(project__steward_id=cluster_id, organisation_id__in=list(ids))
    return _join(ProjectPart.objects.filter(kept)) if members else []


def _works(some: QuerySet[ProjectPart]) -> list[Work]:
    """Return the projects of some parts, whole."""
    same = {one.same for one in _read(_newest(some))}
    if not same:
        return []
    whole = ProjectPart.objects.filter(
        project__source__in={source for source, _reference in same},
        project__reference__in={reference for _source, reference in same},
    )
    return _join(whole, same)


def _join(
    parts: QuerySet[ProjectPart], only: Collection[tuple[str, str]] | None = None
) -> list[Work]:
    found: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for part in _read(_newest(parts)):
        if only is None or part.same in only:
            found[part.same].setdefault(part.organisation_id, part.project_id)
    return [Work(rows) for rows in found.values()]


def _newest(parts: QuerySet[ProjectPart]) -> QuerySet[ProjectPart]:
    newest = F("project__starts_on").desc(nulls_last=True)
    return parts.order_by(newest, "project_id", "organisation_id")[:MOST_PARTS]


def _read(parts: QuerySet[ProjectPart]) -> Iterator[Part]:
    rows = parts.values_list(
        "project_id",
        "organisation_id",
        "project__source",
        "project__reference",
        "project__acronym",
        "project__title",
    )
    for project_id, organisation_id, source, reference, *names in rows:
        name = next((name for name in names if name), reference)
        yield Part(project_id, organisation_id, (source, reference), name)
