"""Entries that look alike, and those that were merged."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from proxeny.directory.likeness import Entry
from proxeny.directory.models import DuplicatePair, Identifier, Merge, Organisation
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import Job

OPEN = DuplicatePair.State.OPEN


_WITH_MERGED = """
WITH RECURSIVE one AS (
    SELECT %s::bigint AS id
    UNION SELECT o.id FROM directory_organisation o JOIN one ON o.merged_into_id = one.id
)
SELECT id FROM one
"""


def list_pairs(cluster_ids: Collection[int], *, state: str = OPEN) -> QuerySet[DuplicatePair]:
    """Return pairs of clusters with both entries, the likeliest first.

    Open ones are those of which neither entry was merged meanwhile.
    """
    found = DuplicatePair.objects.filter(cluster_id__in=list(cluster_ids), state=state)
    if state == OPEN:
        found = found.filter(first__merged_into=None, second__merged_into=None)
    return found.select_related("cluster", "first", "second").order_by("-score", "pk")


def get_pair(pk: int) -> DuplicatePair:
    """Return a pair with both entries; `NotFound` if the reader does not manage their cluster."""
    found = DuplicatePair.objects.select_related("cluster", "first", "second").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("We couldn’t find this pair of entries."))
    return found


def next_pair(cluster_ids: Collection[int], *, after: DuplicatePair) -> DuplicatePair | None:
    """Return the open pair that follows in the queue; from its start again at its end."""
    queue = list_pairs(cluster_ids).exclude(pk=after.pk)
    later = queue.filter(Q(score__lt=after.score) | Q(score=after.score, pk__gt=after.pk))
    return later.first() or queue.first()


def pair_of(one_id: int, other_id: int) -> DuplicatePair | None:
    """Return the pair of two entries, decided or not."""
    first, second = sorted((one_id, other_id))
    return DuplicatePair.objects.filter(first_id=first, second_id=second).first()


def list_merges(cluster_ids: Collection[int]) -> QuerySet[Merge]:
    """Return the merges of clusters with both entries, the newest first."""
    found = Merge.objects.filter(cluster_id__in=list(cluster_ids))
    return found.select_related("cluster", "kept", "gone").order_by("-created_at", "-pk")


def get_merge(pk: int) -> Merge:
    """Return a merge with both entries; `NotFound` if the reader does not manage their cluster."""
    found = Merge.objects.select_related("cluster", "kept", "gone").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("We couldn’t find this merge."))
    return found


def with_merged(organisation_id: int) -> RawSQL:
    """Return, as a sub-query, an entry and those that were merged into it, through others too.

    As far as the reader sees them.
    """
    return RawSQL(_WITH_MERGED, [organisation_id])  # noqa: S611


def entries_to_compare(cluster_id: int) -> list[Entry]:
    """Return the compared facts of all entries that a cluster keeps. Two queries."""
    listed = Organisation.objects.listed().filter(steward_id=cluster_id)
    numbers: dict[int, list[str]] = defaultdict(list)
    for pk, scheme, value in Identifier.objects.filter(organisation__in=listed).values_list(
        "organisation_id", "scheme", "value"
    ):
        numbers[pk].append(f"{scheme}:{value}")
    columns = ("pk", "name", "country", "city", "website", "former_names")
    rows = listed.order_by("pk").values_list(*columns).iterator(chunk_size=5000)
    facts: Iterable[list[Any]] = ([pk, *said, numbers.get(pk, ())] for pk, *said in rows)
    return [Entry(*one) for one in facts]


def decided_pairs(cluster_id: int) -> set[tuple[int, int]]:
    """Return pairs decided to be two organisations, by the entries that now represent them.

    If one of the two was merged since, the kept entry represents it.
    """
    merged = dict(
        Organisation.objects.filter(steward_id=cluster_id, merged_into__isnull=False).values_list(
            "pk", "merged_into_id"
        )
    )
    decided = DuplicatePair.objects.filter(
        cluster_id=cluster_id, state=DuplicatePair.State.DIFFERENT
    )
    found = set()
    for first, second in decided.values_list("first_id", "second_id"):
        pair = sorted((_standing(first, merged), _standing(second, merged)))
        found.add((pair[0], pair[1]))
    return found


def _standing(pk: int, merged: dict[int, int]) -> int:
    while pk in merged:
        pk = merged[pk]
    return pk


def count_open_pairs(cluster_ids: Iterable[int]) -> int:
    """Return how many pairs wait for a decision. One query."""
    return list_pairs(list(cluster_ids)).count()


def get_search_job(cluster_ids: Collection[int]) -> Job | None:
    """Return the last search for duplicates that the reader may watch. One query."""
    found = Job.objects.filter(
        kind="directory.find-duplicates", organisation_id__in=list(cluster_ids)
    )
    return found.order_by("-pk").first()
