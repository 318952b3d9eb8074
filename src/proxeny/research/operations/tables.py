"""Tables in packages: what their columns hold, and whether all of their rows do."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.engine.package import (
    Dialect,
    Problem,
    Refused,
    Schema,
    TableReport,
    detect_dialect,
    dump_schema,
    infer_schema,
    load_schema,
)
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader
from proxeny.research.models import PackageFile
from proxeny.research.operations.entering import note
from proxeny.research.operations.entering_packages import EnteredPackage, enter_draft_file
from proxeny.research.rows import dump_written, load_written
from proxeny.research.store import open_bytes
from proxeny.research.telling import tell_all

CHECK = "research.check-table"
#: How tables are written that people choose from: encodings and delimiters.
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "cp1253", "cp1256")
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Table:
    """What a table seems to be: its columns, how it is written, and what a person should look at."""

    schema: dict[str, Any]
    dialect: dict[str, Any]
    doubts: list[dict[str, Any]]

    def keeping(self, before: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the columns; as they were said before, where they have the same names."""
        if before and _names(before) == _names(self.schema):
            return dict(before)
        return self.schema


def _names(schema: Mapping[str, Any]) -> list[str]:
    return [one["name"] for one in schema.get("fields", [])]


class SchemaRefused(InvalidInput):
    """What was said of columns cannot be.

    Parameters
    ----------
    problems : sequence of Problem
        Each with its place, e.g. `fields[2].constraints.minimum`.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(tell_all(problems))
        self.problems = problems


def describe_table(stream: BinaryIO, dialect: Dialect | None = None) -> Table:
    """Return what a table seems to be by its first rows and a sample of the rest.

    Parameters
    ----------
    dialect : Dialect, optional
        How it is written, where somebody knows better.

    Raises
    ------
    Refused
        There is no table in it.
    """
    dialect = dialect or detect_dialect(stream)
    found = infer_schema(stream, dialect)
    return Table(
        dump_schema(found.schema), dump_written(dialect), [asdict(one) for one in found.doubts]
    )


def start_check(actor: Reader, file: PackageFile) -> Job:
    """Queue the check of all rows of a file, as it is said to be now."""
    return enqueue(
        "research.check-table", actor=actor, key=check_key(file), arguments={"file_id": file.pk,
        "revision": file.revision}, partnership_id=file.partnership_id,
    )  # fmt: skip


def check_key(file: PackageFile) -> str:
    """Return the name of the job that checks a file as it is said to be now."""
    return f"{CHECK}:{file.pk}:{file.revision}"


@transaction.atomic
def change_columns(
    *, actor: Reader, partnership_id: int, file_id: int, revision: int, table: Mapping[str, Any],
    now: datetime,
) -> PackageFile:  # fmt: skip
    """Say what the columns of a table hold; then all rows are checked against it.

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
    *, actor: Reader, partnership_id: int, file_id: int, revision: int, delimiter: str,
    encoding: str, header: bool, now: datetime,
) -> PackageFile:  # fmt: skip
    """Say how the rows of a table are written; its columns are looked at anew, and all rows checked.

    Side effects: a job, and an audit row, if anything is otherwise.

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
        raise InvalidInput(_("Choose one of the listed ways."), field="delimiter")
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
) -> tuple[EnteredPackage, PackageFile]:
    within, file = enter_draft_file(actor, partnership_id, file_id, revision=revision)
    if file.table is None:
        raise Conflict(_("This file is no table."))
    return within, file


def _say_anew(actor: Reader, file: PackageFile, **values: Any) -> None:
    """Write what is said of a table, and have it checked by that."""
    for name, value in values.items():
        setattr(file, name, value)
    file.revision += 1
    file.fit, file.report = PackageFile.Fit.WAITING, None
    file.save(update_fields=[*values, "revision", "fit", "report"])
    start_check(actor, file)


def _note(actor: Reader, verb: str, within: EnteredPackage, changes: dict[str, Any]) -> None:
    note(actor, verb, within.entered, within.package, changes=changes)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    was = {one["name"]: one for one in before.get("fields", [])}
    return [one["name"] for one in after["fields"] if was.get(one["name"]) != one][:50]


def load_table(file: PackageFile) -> tuple[Dialect, Schema]:
    """Return how a table is written and what its columns hold, as the engine reads it."""
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
    """Write what a check has found, unless the file was said or sent anew; return whether it was.

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
