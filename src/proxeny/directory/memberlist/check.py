"""Checking a table row by row: what each row says of a member, and what stands in the way."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from proxeny.directory.memberlist.columns import BY_NAME
from proxeny.directory.memberlist.values import READERS, REQUIRED, clean
from proxeny.directory.sources.table import Row, Table
from proxeny.kernel.errors import InvalidInput

Report = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What to do with gaps, and the values for what a list does not say.

    Attributes
    ----------
    country, kind, language, visibility : str
        For rows that do not say.
    nameless : str
        `refuse` the list for a row without a name, or `skip` the row.
    repeats : str
        `refuse` the list when two rows are the same member and differ, or read the `first`.
    unreadable : str
        `refuse` the list for a value that cannot be read or does not fit, or leave it `blank`.
    encoding : str
        The encoding of a CSV file as a person chose it.
    """

    country: str = ""
    kind: str = "company"
    language: str = "en"
    visibility: str = "partnership"
    nameless: str = "refuse"
    repeats: str = "refuse"
    unreadable: str = "refuse"
    encoding: str = ""

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Options":
        """Return options from what a `MemberImport` keeps."""
        return cls(**{name: values[name] for name in cls.__slots__ if name in values})

    def to_json(self) -> dict[str, str]:
        """Return the options as a `MemberImport` keeps them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell or row; it stops the import, or only leaves something out."""

    row: int
    column: str
    value: str
    reason: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row says of a member: values of our fields, without those left empty."""

    row: int
    values: dict[str, Any]


@dataclass(slots=True)
class Checked:
    """All rows of a table, checked."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def check_mapping(header: list[str], mapping: Mapping[str, str], options: Options) -> None:
    """Raise `InvalidInput` when a required column is missing or one column fills two fields."""
    used: dict[str, str] = {}
    for name, label in mapping.items():
        if name not in BY_NAME or label not in header:
            raise InvalidInput(
                _("The file has no column “%(column)s”. Choose one of its columns.")
                % {"column": label}, field=name if name in BY_NAME else None,
            )  # fmt: skip
        if label in used:
            raise InvalidInput(
                _("The column “%(column)s” is chosen twice: for “%(first)s” and “%(second)s”. "
                  "Choose it once.")
                % {"column": label, "first": BY_NAME[used[label]].label,
                   "second": BY_NAME[name].label}, field=name,
            )  # fmt: skip
        used[label] = name
    if "name" not in mapping:
        raise InvalidInput(
            _("No column gives the members' names. Choose the column that holds them, or add a "
              "column “Name” to the file and upload it again."), field="name",
        )  # fmt: skip
    if "country" not in mapping and not options.country:
        raise InvalidInput(
            _("No column gives the members' countries. Choose the column that holds them, or the "
              "country of all rows below."), field="country",
        )  # fmt: skip


def check_rows(
    table: Table, mapping: Mapping[str, str], options: Options, *, report: Report | None = None
) -> Checked:
    """Read every row of a table; no row stops the reading of the next. Linear in the cells."""
    positions = {name: table.header.index(label) for name, label in mapping.items()}
    checked = Checked()
    for done, row in enumerate(table.rows()):
        if report is not None and done % 500 == 0:
            report(done)
        _check_row(row, table, positions, options, checked)
    return checked


def _check_row(
    row: Row, table: Table, positions: dict[str, int], options: Options, checked: Checked
) -> None:
    texts = {name: clean(row.cells[at]) for name, at in positions.items() if at < len(row.cells)}
    texts = {name: text for name, text in texts.items() if text}
    if "name" not in texts:
        checked.problems.append(_nameless(row, table.header[positions["name"]], options))
        return
    problems = [*_too_long(row, table), *_countryless(row, texts, positions, table, options)]
    values: dict[str, Any] = {}
    for name, text in texts.items():
        try:
            values[name] = READERS[name](text)
        except ValueError as error:
            stops = options.unreadable == "refuse" or name in REQUIRED
            column = table.header[positions[name]]
            problems.append(Problem(row.number, column, text[:120], str(error), stops))
    checked.problems.extend(problems)
    if not any(problem.stops for problem in problems):
        checked.entries.append(Entry(row.number, values))


def _nameless(row: Row, column: str, options: Options) -> Problem:
    reason = _("There is no name in this row. Fill it in, or delete the row.")
    return Problem(row.number, column, "", reason, stops=options.nameless == "refuse")


def _too_long(row: Row, table: Table) -> list[Problem]:
    beyond = [cell for cell in row.cells[len(table.header) :] if cell.strip()]
    if not beyond:
        return []
    reason = _(
        "This row has %(cells)s cells and the header has %(columns)s. A text with a “%(delimiter)s” "
        "in it needs quotation marks around it."
    ) % {
        "cells": len(row.cells),
        "columns": len(table.header),
        "delimiter": table.delimiter.replace("\t", "TAB"),
    }
    return [Problem(row.number, "", beyond[0][:120], reason)]


def _countryless(
    row: Row, texts: dict[str, str], positions: dict[str, int], table: Table, options: Options
) -> list[Problem]:
    if "country" in texts or options.country:
        return []
    reason = _("There is no country in this row. Fill it in, or choose a country for such rows.")
    return [Problem(row.number, table.header[positions["country"]], "", reason)]
