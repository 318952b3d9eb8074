"""Tables in packages: what their columns hold, and whether all of their rows do."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.engine.package import (
    Dialect,
    Problem,
    Refused,
    Schema,
    TableReport,
    dump_schema,
    load_schema,
)
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.operations.room import Entered, note
from proxeny.research.messages import tell_all
from proxeny.research.models import Package, PackageFile
from proxeny.research.operations.package_guards import enter_draft_file
from proxeny.research.sandboxed import describe_table, load_written
from proxeny.research.store import open_bytes

CHECK = "research.check-table"
#: How tables are written that people choose from: encodings and delimiters.
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "cp1253", "cp1256")
DELIMITERS = (",", ";", "\t", "|")


class SchemaRefused(InvalidInput):
    """An invalid description of columns.

    Parameters
    ----------
    problems : sequence of Problem
        Each with its place, e.g. `fields[2].constraints.minimum`.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(tell_all(problems))
        self.problems = problems


def start_check(actor: Reader, file: PackageFile) -> Job:
    """Queue the check of all rows of a file, as it is said to be now."""
    return enqueue(
        "research.check-table",
        actor=actor,
        key=check_key(file),
        arguments={"file_id": file.pk, "revision": file.revision},
        partnership_id=file.partnership_id,
    )


def check_key(file: PackageFile) -> str:
    """Return the name of the job that checks a file as it is said to be now."""
    return f"{CHECK}:{file.pk}:{file.revision}"


@transaction.atomic
def change_columns(
    *,
    actor: Reader,
    partnership_id: int,
    file_id: int,
    revision: int,
    table: Mapping[str, Any],
    now: datetime,
) -> PackageFile:
    """Set the columns of a table; then all rows are checked against them.

    Parameters
    ----------
    revision : int
        As the actor has seen it.
    table : mapping
        A Table Schema (specs.frictionlessdata.io/table-schema).

    Side effects: a job, and an audit row, if anything is otherwise.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `packages.enter_draft_file`; it is no table; it was changed since.
    SchemaRefused
        What cannot be, each with its place.
    """
    within, file = _enter_table(actor, partnership_id, file_id, revision)
    try:
        schema = dump_schema(load_schema(dict(table)))
    except Refused as error:
        raise SchemaRefused(error.problems) from None
    if schema == file.table:
        return file
    changes = {"file": file.path, "columns": _changed(file.table or {}, schema)}
    _say_anew(actor, file, table=schema)
    _note(actor, "describe_package_columns", within, changes)
    return file


@transaction.atomic
def change_writing(
    *,
    actor: Reader,
    partnership_id: int,
    file_id: int,
    revision: int,
    delimiter: str,
    encoding: str,
    header: bool,
    now: datetime,
) -> PackageFile:
    """Set the format of a table's rows; its columns are detected again and all rows checked.

    Side effects: a job, and an audit row, if anything is changed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `change_columns`.
    InvalidInput
        Read in this way there is no table in it.
    """
    within, file = _enter_table(actor, partnership_id, file_id, revision)
    before = load_written(file.dialect)
    if encoding not in ENCODINGS or delimiter not in DELIMITERS:
        raise InvalidInput(_("Choose one of the listed options."), field="delimiter")
    dialect = Dialect(
        delimiter=delimiter, quote_char=before.quote_char, encoding=encoding, header=header
    )
    if dialect == before:
        return file
    try:
        with open_bytes(file.sha256) as stream:
            found = describe_table(stream, dialect)
    except Refused as error:
        raise InvalidInput(tell_all(error.problems), field="delimiter") from None
    _say_anew(actor, file, table=found.keeping(file.table), dialect=found.dialect)
    _note(actor, "describe_package_columns", within, {"file": file.path})
    return file


@transaction.atomic
def check_again(*, actor: Reader, partnership_id: int, file_id: int, now: datetime) -> PackageFile:
    """Have all rows of a table checked once more, after a check that was stopped or failed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `change_columns`; a check goes on.
    """
    _within, file = _enter_table(actor, partnership_id, file_id, None)
    job = Job.objects.filter(key=check_key(file)).first()
    if job is not None and not job.is_over:
        raise Conflict(_("This table is being checked."))
    _say_anew(actor, file)
    return file


def _enter_table(
    actor: Reader, partnership_id: int, file_id: int, revision: int | None
) -> tuple[Entered[Package], PackageFile]:
    within, file = enter_draft_file(actor, partnership_id, file_id, revision=revision)
    if file.table is None:
        raise Conflict(_("This file isn’t a table."))
    return within, file


def _say_anew(actor: Reader, file: PackageFile, **values: Any) -> None:
    """Write what is said of a table, and have it checked by that."""
    for name, value in values.items():
        setattr(file, name, value)
    file.revision += 1
    file.fit, file.report = PackageFile.Fit.WAITING, None
    file.save(update_fields=[*values, "revision", "fit", "report"])
    start_check(actor, file)


def _note(actor: Reader, verb: str, within: Entered[Package], changes: dict[str, Any]) -> None:
    note(actor, verb, within, within.record, changes=changes)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    was = {one["name"]: one for one in before.get("fields", [])}
    return [one["name"] for one in after["fields"] if was.get(one["name"]) != one][:50]


def load_table(file: PackageFile) -> tuple[Dialect, Schema]:
    """Return a table's format and columns, as the engine reads them."""
    return load_written(file.dialect), load_schema(file.table)


def dump_report(report: TableReport, doubts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a report as a row keeps it."""
    return {
        "rows": report.rows,
        "valid": report.valid,
        "stopped": report.stopped,
        "counts": dict(report.counts),
        "problems": [asdict(one) for one in report.problems],
        "doubts": doubts,
    }


def _fit_of(report: TableReport) -> PackageFile.Fit:
    if report.valid:
        return PackageFile.Fit.FITS
    return PackageFile.Fit.FAULTY if report.counts else PackageFile.Fit.STOPPED


@transaction.atomic
def keep_report(*, file_id: int, revision: int, report: TableReport) -> bool:
    """Store the result of a check unless the file changed meanwhile; return whether it was stored.

    Service role only.
    """
    file = PackageFile.objects.select_for_update().filter(pk=file_id, revision=revision).first()
    if file is None:
        return False
    doubts = (file.report or {}).get("doubts", [])
    file.report = dump_report(report, doubts)
    file.fit = _fit_of(report)
    file.save(update_fields=["report", "fit"])
    return True
