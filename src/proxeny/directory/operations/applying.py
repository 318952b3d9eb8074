"""The work of an import: checking all rows, and writing them all or none."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import ngettext

from proxeny.directory import queries
from proxeny.directory.memberlist.check import Options
from proxeny.directory.memberlist.problems import Problems
from proxeny.directory.memberlist.staged import new_values
from proxeny.directory.models import MemberImport, Organisation
from proxeny.directory.operations import joining, staging
from proxeny.directory.operations.comparing import Change
from proxeny.directory.operations.registers import bring_projects, try_projects
from proxeny.directory.operations.reviewing import (
    Progress,
    Review,
    compare_matches,
    review_rows,
    silent,
)
from proxeny.directory.operations.writing import write_changes
from proxeny.directory.sources.sandboxed import COMMAND, IN_JOB, open_apart
from proxeny.directory.sources.table import Table
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.models import StoredFile
from proxeny.kernel.tenancy import Reader

Source = MemberImport.Source
#: Up to so many entries each gets a row of history of its own; beyond, the import's row tells of all.
MOST_TOLD = 20_000


def check_import(*, actor: Reader, import_id: int, report: Progress = silent) -> MemberImport:
    """Check all rows of an uploaded list against the rules and the directory; no member changes.

    Side effects: the import holds counts, the first problems and a sample of the changes; the
    problems are stored as a CSV file.
    """
    brought = queries.get_import(import_id)
    table = table_of(brought)
    with transaction.atomic():
        if brought.source == Source.PROJECTS:
            brought = queries.get_import(import_id, for_update=True)
            try_projects(brought, table, report=report)
        else:
            review = review_rows(brought, table, Problems(), report=report)
            compare_matches(brought, review, report=report)
            brought = queries.get_import(import_id, for_update=True)
            keep_review(actor, brought, review)
        brought.state = MemberImport.State.CHECKED
        brought.save()
    return brought


def write_import(
    *, actor: Reader, import_id: int, now: datetime, report: Progress = silent
) -> MemberImport:
    """Write a checked list: new entries, changed ones, memberships. All of it or nothing.

    Runs in the transaction of its caller, so that a job's end can be written beside it. The list
    is compared with the directory again: what changed since the check is taken into account.

    Side effects: an audit row with the counts, and one for each entry up to `MOST_TOLD`; the kept
    file is deleted, since it holds people's names and its work is done.

    Raises
    ------
    Conflict
        The directory changed since the check in a way that now stops the import.
    """
    with transaction.atomic():
        brought = queries.get_import(import_id, for_update=True)
        if brought.is_over:
            return brought
        # One import of a cluster at a time; reading goes on.
        list(Organisation.objects.select_for_update(no_key=True).filter(pk=brought.cluster_id))
        table = table_of(brought)
        if brought.source == Source.PROJECTS:
            bring_projects(brought, table, report=report)
            close_import(actor, brought, now)
            return brought
        review = review_rows(brought, table, Problems(), report=report)
        if review.problems.stops:
            raise _refuse_now(review)
        write_review(actor, brought, review, now=now, report=report)
    return brought


def _refuse_now(review: Review) -> Conflict:
    return Conflict(
        ngettext(
            "The directory has changed since this list was checked, and %(count)s row no longer "
            "fits. Nothing was imported. Check the list again.",
            "The directory has changed since this list was checked, and %(count)s rows no longer "
            "fit. Nothing was imported. Check the list again.",
            review.problems.stops,
        )
        % {"count": review.problems.stops}
    )


def table_of(brought: MemberImport) -> Table:
    """Return how to read a kept file."""
    return open_apart(
        queries.get_content(brought),
        encoding=brought.options.get("encoding", ""),
        sheet=brought.sheet,
        room=COMMAND,
        limits=IN_JOB,
    )


def write_review(
    actor: Reader, brought: MemberImport, review: Review, *, now: datetime, report: Progress
) -> None:
    """Write the result of rows reviewed in this transaction, and close the import."""
    told = _Told(actor, brought)
    compare_matches(
        brought,
        review,
        report=report,
        write=lambda changes: _write_matched(brought, changes, now, told),
    )
    if review.added:
        _write_new(brought, review, now, report)
    if brought.source == Source.CORDIS:
        joining.write_parts(brought.cluster_id)
    if brought.source == Source.CLUSTERS:
        joining.write_profiles()
    joining.keep_pairs(actor, brought, review.pairs, now=now)
    told.note_new(review.added)
    keep_review(actor, brought, review)
    close_import(actor, brought, now)


def _write_matched(
    brought: MemberImport, changes: Sequence[Change], now: datetime, told: "_Told"
) -> None:
    told.note_changes(changes)
    write_changes(changes, now)
    joining.join_members(
        brought.cluster_id, [one.organisation.pk for one in changes if one.rejoins], now.date()
    )


def _write_new(brought: MemberImport, review: Review, now: datetime, report: Progress) -> None:
    options = Options.from_json(brought.options)
    base = json.dumps(new_values(options, is_cluster=brought.source == Source.CLUSTERS))
    entries, done = _insert_entries(), 0
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE import_row SET organisation_id ="
            " nextval(pg_get_serial_sequence('directory_organisation', 'id')) WHERE fate = 'new'"
        )
        for batch in staging.rows_of("new", "organisation_id"):
            values = {
                "cluster": brought.cluster_id,
                "base": base,
                "today": now.date(),
                "first": batch[0][0],
                "last": batch[-1][0],
            }
            for sql in (entries, _INSERT_DETAILS, _INSERT_NUMBERS):
                cursor.execute(sql, values)
            if options.joins == "yes":
                cursor.execute(_INSERT_MEMBERS, values)
            done += len(batch)
            report("write", review.changed + done, review.changed + review.added)


def _insert_entries() -> str:
    fields = [
        field
        for field in Organisation._meta.concrete_fields
        if not field.is_relation
        and not field.generated
        and field.name not in ("id", "created_at", "updated_at")
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(f'v."{field.column}"' for field in fields)
    return f"""
        INSERT INTO directory_organisation (id, steward_id, {columns})
        SELECT r.organisation_id, %(cluster)s, {values} FROM import_row r CROSS JOIN LATERAL
            jsonb_populate_record(
                NULL::directory_organisation, %(base)s::jsonb || r.more || r.said) v
        WHERE {_THESE} ORDER BY r.row
    """  # noqa: S608 - names of our own columns


_THESE = "fate = 'new' AND row BETWEEN %(first)s AND %(last)s"
_INSERT_DETAILS = f"""
INSERT INTO directory_guarded (organisation_id, contact, email, employees, founded)
SELECT organisation_id, COALESCE(said ->> 'contact', ''), COALESCE(said ->> 'email', ''),
    (said ->> 'employees')::integer, (said ->> 'founded')::smallint
FROM import_row WHERE {_THESE} AND said ?| '{{contact,email,employees,founded}}'
"""  # noqa: S608 - put together from constants
_INSERT_NUMBERS = f"""
INSERT INTO directory_identifier (organisation_id, scheme, value)
SELECT organisation_id, split_part(one, ':', 1), split_part(one, ':', 2)
FROM import_row CROSS JOIN LATERAL unnest(numbers) AS one WHERE {_THESE}
"""  # noqa: S608 - put together from constants
_INSERT_MEMBERS = f"""
INSERT INTO directory_membership (cluster_id, organisation_id, starts_on)
SELECT %(cluster)s, organisation_id, %(today)s FROM import_row WHERE {_THESE}
"""  # noqa: S608 - put together from constants
_TELL_NEW = """
INSERT INTO kernel_auditentry (person_id, organisation_id, verb, target, target_id, changes, why)
SELECT %s, %s, 'import_organisation', 'directory.organisation', organisation_id, %s::jsonb, ''
FROM import_row WHERE fate = 'new' ORDER BY row
"""


@dataclass(slots=True)
class _Told:
    """Rows of history of single entries, as long as there are not too many."""

    actor: Reader
    brought: MemberImport
    count: int = 0

    def note_changes(self, changes: Sequence[Change]) -> None:
        """Record changed entries, each with its previous values."""
        self.count += len(changes)
        if self.count <= MOST_TOLD:
            for one in changes:
                before = one.organisation
                audit.record(
                    self.actor,
                    "import_organisation",
                    before,
                    organisation_id=self.brought.cluster_id,
                    changes={
                        name: [before.fact(name), value] for name, value in one.values.items()
                    },
                )

    def note_new(self, count: int) -> None:
        """Record the new entries, which are already written."""
        if count and self.count + count <= MOST_TOLD:
            changes = json.dumps({"file": self.brought.file_name})
            with connection.cursor() as cursor:
                cursor.execute(_TELL_NEW, [self.actor.person, self.brought.cluster_id, changes])


def keep_review(actor: Reader, brought: MemberImport, review: Review) -> None:
    """Store the result of a review in the import."""
    if brought.problems_file_id:
        StoredFile.objects.filter(pk=brought.problems_file_id).delete()
    for name in ("rows", "added", "changed", "unchanged", "left_out", "alike"):
        setattr(brought, name, getattr(review, name))
    brought.problem_count = review.problems.stops
    brought.problems = review.problems.shown()
    brought.problems_file_id = _keep_problems(actor, brought, review.problems)
    brought.report = review.report()


def _keep_problems(actor: Reader, brought: MemberImport, problems: Problems) -> int | None:
    content = problems.content()
    if not content:
        return None
    kept = StoredFile.objects.create(
        name="problems.csv",
        media_type="text/csv",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        person_id=actor.person,
        organisation_id=brought.cluster_id,
    )
    return kept.pk


def close_import(actor: Reader, brought: MemberImport, now: datetime) -> None:
    """Let an import be over: its file goes, the audit row with the counts comes."""
    brought.state = MemberImport.State.APPLIED
    brought.applied_at = now
    brought.columns = brought.columns | {"sample": [], "decisions": {}}
    StoredFile.objects.filter(pk=brought.file_id).delete()
    brought.save()
    counts: dict[str, Any] = {
        "added": brought.added,
        "changed": brought.changed,
        "unchanged": brought.unchanged,
    }
    if brought.alike:
        counts["alike"] = brought.alike
    audit.record(actor, "apply_import", brought, organisation_id=brought.cluster_id, changes=counts)
