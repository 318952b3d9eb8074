"""Files of calls: uploaded and previewed first, then imported as a whole, or discarded."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.calls.models import Call, CallImport
from proxeny.calls.operations.calls import (
    COLUMNS,
    CallFacts,
    check_facts,
    facts_of,
    refuse_others,
    write_facts,
)
from proxeny.calls.queries.imports import get_import
from proxeny.calls.sources.facts import read_facts
from proxeny.calls.sources.guessing import guess_part, guess_rule_set
from proxeny.calls.sources.reading import Brought, Record, read_file
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.files import scan_file
from proxeny.kernel.sandbox import Limits, read_apart
from proxeny.kernel.tenancy import Reader

#: So many calls and problems of a file are kept to be shown.
SHOWN, PROBLEMS = 100, 500
_CUT = 200
#: Of reading a file of 20 MB, packed or not.
_LIMITS = Limits(cpu_s=20, wall_s=25, memory=1024**3, output=1024**3)


@dataclass(slots=True)
class Plan:
    """The changes that importing a file would make."""

    added: list[Call] = field(default_factory=list)
    changed: list[tuple[Call, dict[str, list[Any]]]] = field(default_factory=list)
    unchanged: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def bring_calls(
    *, actor: Reader, cluster_id: int, file_name: str, content: bytes, now: datetime
) -> CallImport:
    """Check a file of calls, and store the preview until it is imported or discarded.

    No call changes.

    Raises
    ------
    NotAllowed
        The actor does not keep this cluster's calls.
    InvalidInput
        As of `sources.reading.read_file`.
    """
    refuse_others(actor, cluster_id, today=now.date())
    scan_file(file_name, [content])
    brought = _read(content)
    plan = make_plan(brought.records, steward_id=cluster_id, source=brought.source, now=now)
    return CallImport.objects.create(
        cluster_id=cluster_id,
        source=brought.source,
        file_name=file_name[:255],
        content=zlib.compress(content),
        size=len(content),
        rows=len(brought.records),
        brought_by_id=actor.person,
        created_at=now,
        **_told(plan),
    )


def _read(content: bytes) -> Brought:
    found: Brought = read_apart(read_file, content, limits=_LIMITS, returns=(Brought, Record))
    return found


def _told(plan: Plan) -> dict[str, Any]:
    return {
        "added": len(plan.added),
        "changed": len(plan.changed),
        "unchanged": plan.unchanged,
        "problems": plan.problems[:PROBLEMS],
        "problem_count": len(plan.problems),
        "report": {
            "new": [[one.reference, one.title] for one in plan.added[:SHOWN]],
            "changed": [
                [
                    one.reference,
                    one.title,
                    [[name, *(_short(value) for value in pair)] for name, pair in changes.items()],
                ]
                for one, changes in plan.changed[:SHOWN]
            ],
        },
    }


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _CUT:
        return f"{value[:_CUT]}…"
    return value


def make_plan(records: Iterable[Record], *, steward_id: int, source: str, now: datetime) -> Plan:
    """Return the changes that the rows of a file would make to a cluster's calls. One query.

    A field left empty in a row keeps its value. Conditions are guessed for new calls only. An
    archived call is updated too, and stays archived.
    """
    plan, told = Plan(), list(_read_rows(records, now))
    known = {
        one.reference: one
        for one in Call.objects.filter(
            steward_id=steward_id,
            reference__in=[facts.get("reference", "") for _record, facts, _error in told],
        )
    }
    seen: dict[str, int] = {}
    for record, facts, error in told:
        try:
            if error is not None:
                raise error
            reference = str(facts.get("reference", ""))
            if reference in seen:
                raise InvalidInput(
                    _("Row %(row)d already has the reference “%(reference)s”.")
                    % {"reference": reference[:80], "row": seen[reference]},
                    field="reference",
                )
            call = known.get(reference)
            _plan_call(plan, call, facts, steward_id=steward_id, source=source)
            seen[reference] = record.number
        except InvalidInput as problem:
            plan.problems.append(
                {"line": record.number, "field": problem.field or "", "text": str(problem)}
            )
    return plan


def _read_rows(
    records: Iterable[Record], now: datetime
) -> Iterable[tuple[Record, dict[str, Any], InvalidInput | None]]:
    for record in records:
        if record.error:
            yield record, {}, InvalidInput(record.error)
            continue
        try:
            yield record, read_facts(record.cells, now=now), None
        except InvalidInput as error:
            yield record, {}, error


def _plan_call(
    plan: Plan, call: Call | None, told: dict[str, Any], *, steward_id: int, source: str
) -> None:
    if call is not None:
        changes = write_facts(call, check_facts(replace(facts_of(call), **told)))
        if changes:
            plan.changed.append((call, changes))
        else:
            plan.unchanged += 1
        return
    facts = check_facts(_guessed(CallFacts(**({"reference": "", "title": ""} | told))))
    values: dict[str, Any] = {name: getattr(facts, name) for name in COLUMNS}
    plan.added.append(Call(steward_id=steward_id, source=source, **values))


def _guessed(facts: CallFacts) -> CallFacts:
    return replace(
        facts,
        rule_set=facts.rule_set or guess_rule_set(facts.reference, facts.programme, facts.action),
        part=facts.part or guess_part(facts.reference, facts.programme),
    )


@transaction.atomic
def take_calls(
    *, actor: Reader, import_id: int, version: int, now: datetime, leave_out: bool = False
) -> CallImport:
    """Import the calls of a previewed file: new ones are added, changed ones are updated.

    Changes since the preview are compared again. Importing the same file twice changes nothing.

    Parameters
    ----------
    leave_out : bool
        Whether invalid rows are skipped; otherwise one invalid row blocks the import.

    Side effects: an audit row for the file, and one for each call that changes.

    Raises
    ------
    NotFound, NotAllowed
        The file is not seen; the actor does not keep this cluster's calls.
    Conflict
        It was already imported, or changed since `version`; it has invalid rows.
    """
    one = hold_import(actor, import_id, version=version, now=now)
    if one.problem_count and not leave_out:
        raise Conflict(_("Some rows have errors. Correct the file, or leave these rows out."))
    brought = _read(zlib.decompress(bytes(one.content)))
    plan = make_plan(brought.records, steward_id=one.cluster_id, source=one.source, now=now)
    if plan.problems and not leave_out:
        raise Conflict(_("Some rows now have errors. Upload the file again to see which."))
    _write(actor, plan, now)
    told = _told(plan) | {
        "state": CallImport.State.TAKEN,
        "taken_at": now,
        "content": b"",
        "version": one.version + 1,
    }
    for name, value in told.items():
        setattr(one, name, value)
    one.save(update_fields=list(told))
    audit.record(
        actor,
        "take_calls",
        one,
        organisation_id=one.cluster_id,
        changes={
            "file": one.file_name,
            "added": one.added,
            "changed": one.changed,
            "left_out": one.problem_count,
        },
    )
    return one


def _write(actor: Reader, plan: Plan, now: datetime) -> None:
    for call in plan.added:
        call.brought_at, call.brought_by_id = now, actor.person
        call.search_text = call.searchable_text()
    Call.objects.bulk_create(plan.added, batch_size=500)
    for call, changes in plan.changed:
        call.search_text = call.searchable_text()
        told = changes if "title" in changes else {"title": call.title} | changes
        audit.record(actor, "change_call", call, organisation_id=call.steward_id, changes=told)
    Call.objects.bulk_update(
        [call for call, _changes in plan.changed],
        [*COLUMNS, "search_text", "version"],
        batch_size=200,
    )


def hold_import(actor: Reader, import_id: int, *, version: int, now: datetime) -> CallImport:
    """Return a file that was not taken yet, locked until the transaction ends. Errors as of `take_calls`."""
    refuse_others(actor, get_import(import_id).cluster_id, today=now.date())
    one = CallImport.objects.select_for_update().filter(pk=import_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this file of calls."))
    if one.state == CallImport.State.TAKEN:
        raise Conflict(_("The calls in this file have already been imported."))
    if one.version != version:
        raise Conflict(
            _("This file has been checked again since you opened it. Check the latest version.")
        )
    return one


@transaction.atomic
def leave_calls(*, actor: Reader, import_id: int, version: int, now: datetime) -> None:
    """Leave a file that was shown; no call changes. Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `take_calls`.
    """
    one = hold_import(actor, import_id, version=version, now=now)
    audit.record(
        actor, "leave_calls", one, organisation_id=one.cluster_id, changes={"file": one.file_name}
    )
    one.delete()


__all__ = ["SHOWN", "bring_calls", "leave_calls", "make_plan", "take_calls"]
