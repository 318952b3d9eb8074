"""Other writes of an import: memberships, projects, profiles, pairs to decide on."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import batched
from typing import Any

from django.db import connection

from proxeny.directory.likeness import Pair
from proxeny.directory.models import MemberImport, Membership
from proxeny.directory.operations import staging
from proxeny.directory.operations.duplicates import note_duplicates
from proxeny.directory.operations.proposing import Likeness
from proxeny.kernel.tenancy import Reader

#: The register that projects come from.
CORDIS = "cordis"
_BATCH = 1000

_PROJECTS = """
INSERT INTO directory_project
    (steward_id, source, reference, acronym, title, objective, call, topics)
SELECT DISTINCT ON (part ->> 'reference')
    %(cluster)s, %(source)s, part ->> 'reference', part ->> 'acronym', '', '', '', '{}'
FROM import_row WHERE part IS NOT NULL ORDER BY part ->> 'reference', row
ON CONFLICT (steward_id, source, reference) DO UPDATE SET acronym = EXCLUDED.acronym
    WHERE directory_project.acronym = ''
"""
# A row that repeats an organisation counts for the entry of the first.
_PARTS = """
INSERT INTO directory_projectpart (project_id, organisation_id, role, contribution)
SELECT DISTINCT ON (p.id, COALESCE(f.organisation_id, r.organisation_id))
    p.id, COALESCE(f.organisation_id, r.organisation_id), COALESCE(r.part ->> 'role', ''),
    (r.part ->> 'contribution')::numeric
FROM import_row r
JOIN directory_project p ON p.steward_id = %(cluster)s AND p.source = %(source)s
    AND p.reference = r.part ->> 'reference'
LEFT JOIN import_row f ON f.row = r.first
WHERE COALESCE(f.organisation_id, r.organisation_id) IS NOT NULL
ORDER BY p.id, COALESCE(f.organisation_id, r.organisation_id), r.row
ON CONFLICT (project_id, organisation_id) DO UPDATE
    SET role = EXCLUDED.role, contribution = EXCLUDED.contribution
"""
_PROFILES = """
INSERT INTO directory_clusterprofile (organisation_id, staff_fte, committed_members, strategy,
    services, ecosystems, target_countries, reviews_listings, listing_days, version)
SELECT r.organisation_id, (said ->> 'staff')::numeric, (said ->> 'members')::integer, '', '', '{}',
    '{}', true, 365, 1
FROM import_row r JOIN directory_organisation o ON o.id = r.organisation_id AND o.kind = 'cluster'
WHERE fate IN ('new', 'match') AND said ?| '{staff,members}'
ON CONFLICT (organisation_id) DO UPDATE SET
    staff_fte = COALESCE(EXCLUDED.staff_fte, directory_clusterprofile.staff_fte),
    committed_members = COALESCE(EXCLUDED.committed_members, directory_clusterprofile.committed_members)
"""


def join_members(cluster_id: int, organisation_ids: Iterable[int], today: date) -> None:
    """Let organisations be members of a cluster from today on."""
    Membership.objects.bulk_create(
        Membership(cluster_id=cluster_id, organisation_id=pk, starts_on=today)
        for pk in organisation_ids
    )


def write_parts(cluster_id: int) -> None:
    """Write the projects in the rows, and their participants. Two statements."""
    with connection.cursor() as cursor:
        for sql in (_PROJECTS, _PARTS):
            cursor.execute(sql, {"cluster": cluster_id, "source": CORDIS})


def write_profiles() -> None:
    """Write staff and members of the clusters in the rows. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_PROFILES)


def keep_pairs(
    actor: Reader, brought: MemberImport, pairs: Sequence[Likeness], *, now: datetime
) -> None:
    """Add new entries that resemble others to the register of duplicates, for a decision.

    Those that a person told apart while importing are kept as decided.
    """
    decided = [tuple(pair) for pair in brought.columns.get("decisions", {}).get("apart", [])]
    wanted = {(one.row, one.organisation_id): one for one in pairs}
    ids = _made_ids([row for row, _pk in (*wanted, *decided)])
    note_duplicates(
        actor=actor,
        cluster_id=brought.cluster_id,
        now=now,
        pairs=[
            _pair(ids[row], pk, one.evidence, one.score)
            for (row, pk), one in wanted.items()
            if row in ids
        ],
        apart=[_pair(ids[row], pk) for row, pk in dict.fromkeys(decided) if row in ids],
    )


def _pair(one: int, other: int, *judged: Any) -> Pair:
    return Pair(min(one, other), max(one, other), *judged)


def _made_ids(rows: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in batched(dict.fromkeys(rows), _BATCH):
        found |= staging.new_ids(list(some))
    return found
