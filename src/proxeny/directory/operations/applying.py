"""The work of an import: checking all rows, and writing them all or none."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.directory import queries
from proxeny.directory.memberlist.check import Options, Problem, check_rows
from proxeny.directory.memberlist.plan import Change, Plan, make_plan, new_organisation
from proxeny.directory.models import GUARDED, MemberImport, Membership, Organisation
from proxeny.directory.operations.details import write_details
from proxeny.directory.sources.reading import read_table
from proxeny.folding import fold
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.models import StoredFile
from proxeny.kernel.spreadsheet import escape_formula
from proxeny.kernel.tenancy import Reader

SHOWN_PROBLEMS = 500
SHOWN_CHANGES = 100
_BATCH = 1000
#: Tells who watches: the step, how many rows are done, and of how many.
Progress = Callable[[str, int, int], None]


def _silent(step: str, done: int, total: int) -> None:
    return


def check_import(*, actor: Reader, import_id: int, report: Progress = _silent) -> MemberImport:
    """Check all rows of a brought list against the rules and the directory; no member changes.

    Side effects: the import holds counts, the first problems and a sample of the changes; all
    problems are kept as a CSV file.
    """
    brought = queries.get_import(import_id)
    plan = _plan(brought, report)
    with transaction.atomic():
        brought = queries.get_import(import_id, for_update=True)
        _write_report(actor, brought, plan)
        brought.state = MemberImport.State.CHECKED
        brought.save()
    return brought


def write_import(
    *, actor: Reader, import_id: int, now: datetime, report: Progress = _silent
) -> MemberImport:
    """Write a checked list: new members, changed entries, memberships. All of it or nothing.

    Runs in the transaction of its caller, so that a job's end can be written beside it. The list
    is compared with the directory again: what changed since the check is taken into account.

    Side effects: an audit row with the counts; the kept file is deleted, since it holds people's
    names and its work is done.

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
        plan = _plan(brought, report)
        if plan.stops:
            raise Conflict(
                ngettext(
                    "The directory changed since this list was checked, and now %(count)s row does "
                    "not fit. Nothing was imported; check the list again.",
                    "The directory changed since this list was checked, and now %(count)s rows do "
                    "not fit. Nothing was imported; check the list again.",
                    plan.stops,
                )
                % {"count": plan.stops}
            )
        _write_report(actor, brought, plan)
        _write_added(brought, plan, now.date(), report)
        _write_changed(brought, plan, now, report)
        _close(actor, brought, now)
    return brought


def _plan(brought: MemberImport, report: Progress) -> Plan:
    options = Options.from_json(brought.options)
    report("read", 0, brought.rows)
    table = read_table(queries.get_content(brought), encoding=options.encoding, sheet=brought.sheet)
    checked = check_rows(
        table, brought.mapping, options,
        report=lambda done: report("check", done, brought.rows),
    )
    report("compare", 0, brought.rows)
    return make_plan(
        checked,
        existing=queries.kept_by(brought.cluster_id),
        member_ids=queries.live_member_ids(brought.cluster_id),
        mapping=brought.mapping,
        options=options,
    )


def _write_added(brought: MemberImport, plan: Plan, today: date, report: Progress) -> None:
    options = Options.from_json(brought.options)
    done = 0
    for entries in batched(plan.added, _BATCH):
        made = Organisation.objects.bulk_create(
            [new_organisation(one, steward_id=brought.cluster_id, options=options)
             for one in entries]
        )  # fmt: skip
        write_details((one.pk, entry.values) for one, entry in zip(made, entries, strict=True))
        _join(brought.cluster_id, [one.pk for one in made], today)
        done += len(made)
        report("write", done, len(plan.added) + len(plan.changed))


def _write_changed(brought: MemberImport, plan: Plan, now: datetime, report: Progress) -> None:
    done = len(plan.added)
    for changes in batched(plan.changed, _BATCH):
        texts = queries.listing_texts([one.organisation.pk for one in changes])
        changed = [_changed(one, texts.get(one.organisation.pk, []), now) for one in changes]
        _upsert(changed)
        write_details(
            (one.organisation.pk, one.organisation.guarded_facts() | one.values)
            for one in changes if not one.values.keys().isdisjoint(GUARDED)
        )  # fmt: skip
        _join(brought.cluster_id, [one.organisation.pk for one in changes if one.rejoins],
              now.date())  # fmt: skip
        done += len(changes)
        report("write", done, len(plan.added) + len(plan.changed))


def _changed(change: Change, texts: Sequence[str], now: datetime) -> Organisation:
    organisation = change.organisation
    for name, value in change.values.items():
        if name not in GUARDED:
            setattr(organisation, name, value)
    organisation.sort_name = fold(organisation.name)[:400]
    organisation.search_text = organisation.searchable_text(*texts)
    organisation.updated_at = now
    organisation.version += 1
    return organisation


def _upsert(changed: Sequence[Organisation]) -> None:
    # An INSERT … ON CONFLICT of whole rows takes a tenth of the time of Django's bulk_update,
    # which writes a CASE with one branch a row for each field.
    fixed = {"id", "steward", "created_at", "search_vector"}
    columns = [one.name for one in Organisation._meta.concrete_fields if one.name not in fixed]
    Organisation.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=columns
    )


def _join(cluster_id: int, organisation_ids: Iterable[int], today: date) -> None:
    Membership.objects.bulk_create(
        [Membership(cluster_id=cluster_id, organisation_id=pk, starts_on=today)
         for pk in organisation_ids]
    )  # fmt: skip


def _close(actor: Reader, brought: MemberImport, now: datetime) -> None:
    brought.state = MemberImport.State.APPLIED
    brought.applied_at = now
    brought.columns = brought.columns | {"sample": []}
    StoredFile.objects.filter(pk=brought.file_id).delete()
    brought.save()
    counts = {"added": brought.added, "changed": brought.changed, "unchanged": brought.unchanged}
    audit.record(actor, "apply_import", brought, organisation_id=brought.cluster_id, changes=counts)


def _write_report(actor: Reader, brought: MemberImport, plan: Plan) -> None:
    if brought.problems_file_id:
        StoredFile.objects.filter(pk=brought.problems_file_id).delete()
    brought.added, brought.changed = len(plan.added), len(plan.changed)
    brought.unchanged, brought.left_out = plan.unchanged, plan.left_out
    brought.problem_count = plan.stops
    brought.problems = [asdict(one) for one in plan.problems[:SHOWN_PROBLEMS]]
    brought.problems_file_id = _keep_problems(actor, brought, plan.problems)
    brought.report = {
        "notes": len(plan.problems) - plan.stops,
        "changes": [_describe(one) for one in plan.changed[:SHOWN_CHANGES]],
        "rejoined": sum(one.rejoins for one in plan.changed),
    }


def _describe(change: Change) -> dict[str, Any]:
    before = change.organisation
    return {
        "row": change.row,
        "name": before.name,
        "id": before.pk,
        "rejoins": change.rejoins,
        "fields": [
            {"field": name, "before": _shown(before.fact(name)), "after": _shown(value)}
            for name, value in change.values.items()
        ],
    }


def _shown(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return text if len(text) <= 160 else f"{text[:159]}…"


def _keep_problems(actor: Reader, brought: MemberImport, problems: Sequence[Problem]) -> int | None:
    if not problems:
        return None
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([_("Row"), _("Column"), _("Value"), _("What to do"), _("Effect")])
    stops, drops = _("Stops the import"), _("Is left out")
    for one in problems:
        cells = (one.column, one.value, one.reason, stops if one.stops else drops)
        writer.writerow([one.row, *map(escape_formula, cells)])
    content = lines.getvalue().encode("utf-8-sig")
    kept = StoredFile.objects.create(
        name="problems.csv", media_type="text/csv", size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), content=content,
        person_id=actor.person, organisation_id=brought.cluster_id,
    )  # fmt: skip
    return kept.pk
