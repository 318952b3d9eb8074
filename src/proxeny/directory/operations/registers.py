"""Projects from a register's files, as far as organisations of the cluster took part.

The files of CORDIS belong together: the file of organisations names the projects, those of
projects, topics and fields of science tell more of them, a file of participations ties what PICs
are known.
"""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.db import connection, transaction

from proxeny.directory.models import MemberImport
from proxeny.directory.operations.joining import CORDIS
from proxeny.directory.operations.reviewing import Progress
from proxeny.directory.sources.cordis import Reader
from proxeny.directory.sources.recognising import recognise
from proxeny.directory.sources.table import Table

#: Of projects that a file names by another number of CORDIS, the `rcn`.
CORDIS_RCN = "cordis-rcn"
_BATCH = 5000
_MOST_TOPICS = 40
_COLUMNS = (
    "reference",
    "pic",
    "role",
    "acronym",
    "title",
    "objective",
    "call",
    "field",
    "starts_on",
    "ends_on",
    "contribution",
)

_TABLE = """
DROP TABLE IF EXISTS pg_temp.import_project;
CREATE TEMPORARY TABLE import_project (
    reference text NOT NULL, pic text, role text, acronym text, title text, objective text,
    call text, field text, starts_on date, ends_on date, contribution numeric
) ON COMMIT DROP
"""
_PROJECTS = """
UPDATE directory_project p SET acronym = r.acronym, title = r.title, objective = r.objective,
    call = CASE WHEN r.call = '' THEN p.call ELSE r.call END, starts_on = r.starts_on,
    ends_on = r.ends_on, contribution = r.contribution
FROM (SELECT DISTINCT ON (reference) * FROM import_project ORDER BY reference) r
WHERE p.steward_id = %(cluster)s AND p.source = %(source)s AND p.reference = r.reference
    AND (p.acronym, p.title, p.objective, p.starts_on, p.ends_on, p.contribution) IS DISTINCT FROM
        (r.acronym, r.title, r.objective, r.starts_on, r.ends_on, r.contribution)
"""
_TOPICS = """
UPDATE directory_project p SET call = r.call
FROM (SELECT reference, min(call) AS call FROM import_project GROUP BY reference) r
WHERE p.steward_id = %(cluster)s AND p.source = %(source)s AND p.reference = r.reference
    AND p.call IS DISTINCT FROM r.call
"""
_FIELDS = """
UPDATE directory_project p SET topics = r.fields
FROM (SELECT reference, (array_agg(DISTINCT field ORDER BY field))[1:%(most)s] AS fields
      FROM import_project GROUP BY reference) r
WHERE p.steward_id = %(cluster)s AND p.source = %(source)s AND p.reference = r.reference
    AND p.topics IS DISTINCT FROM r.fields
"""
_KNOWN = """
FROM import_project r JOIN directory_identifier i ON i.scheme = 'pic' AND i.value = r.pic
JOIN directory_organisation o ON o.id = i.organisation_id AND o.steward_id = %(cluster)s
"""
_NEW_PROJECTS = f"""
INSERT INTO directory_project (steward_id, source, reference, acronym, title, objective, call,
    topics, starts_on, ends_on)
SELECT DISTINCT ON (r.reference) %(cluster)s, %(source)s, r.reference, '', '', '', '', '{{}}',
    r.starts_on, r.ends_on {_KNOWN} ORDER BY r.reference
ON CONFLICT (steward_id, source, reference) DO NOTHING
"""
_NEW_PARTS = f"""
INSERT INTO directory_projectpart (project_id, organisation_id, role, contribution)
SELECT DISTINCT ON (p.id, COALESCE(o.merged_into_id, o.id)) p.id, COALESCE(o.merged_into_id, o.id),
    r.role, r.contribution {_KNOWN}
JOIN directory_project p ON p.steward_id = %(cluster)s AND p.source = %(source)s
    AND p.reference = r.reference
ORDER BY p.id, COALESCE(o.merged_into_id, o.id)
ON CONFLICT (project_id, organisation_id) DO NOTHING
"""
_MATCHED = """
SELECT count(*) FROM import_project r JOIN directory_project p ON p.steward_id = %(cluster)s
    AND p.source = %(source)s AND p.reference = r.reference
"""


def bring_projects(brought: MemberImport, table: Table, *, report: Progress) -> None:
    """Write the projects in a file, and store the counts in the import.

    `added` counts new participations, `changed` projects that say something else now, `left_out`
    rows of projects and organisations that the cluster does not know. In constant memory.
    """
    part = recognise(table).part
    rows = _load(_rows(table, part), brought, report)
    source = CORDIS_RCN if part == "participations" else CORDIS
    values = {"cluster": brought.cluster_id, "source": source, "most": _MOST_TOPICS}
    brought.rows, brought.added, brought.changed = rows, 0, 0
    if part == "participations":
        _run(_NEW_PROJECTS, values)
        brought.added = _run(_NEW_PARTS, values)
        known = _count(f"SELECT count(*) {_KNOWN}", values)
    else:
        statement = {"projects": _PROJECTS, "topics": _TOPICS, "fields": _FIELDS}[part]
        brought.changed = _run(statement, values)
        known = _count(_MATCHED, values)
    brought.left_out = rows - known
    brought.unchanged = max(known - brought.added - brought.changed, 0)


def try_projects(brought: MemberImport, table: Table, *, report: Progress) -> None:
    """Let the import hold the counts of `bring_projects`, and write nothing."""
    with transaction.atomic():
        bring_projects(brought, table, report=report)
        transaction.set_rollback(True)


def _rows(table: Table, part: str) -> Iterator[dict[str, Any]]:
    read = Reader(table)
    for row in table.rows():
        if part == "projects":
            found = read.project(row.cells)
        elif part == "participations":
            found = read.participation(row.cells)
        else:
            found = read.topic(row.cells, "call" if part == "topics" else "field")
        if found is not None:
            yield found


def _load(rows: Iterable[dict[str, Any]], brought: MemberImport, report: Progress) -> int:
    for sql in _TABLE.split(";"):
        _run(sql)
    count = 0
    for some in batched(rows, _BATCH):
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY import_project ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
        ):
            for one in some:
                copy.write_row([one.get(name) for name in _COLUMNS])
        count += len(some)
        report("check", count, brought.rows or count)
    _run("ANALYZE import_project")
    return count


def _run(sql: str, values: dict[str, Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _count(sql: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
