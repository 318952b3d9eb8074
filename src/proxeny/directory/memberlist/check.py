"""Row-by-row checks of a table: each row's member facts, and its problems."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from proxeny.directory.identifiers import read_several, write_key
from proxeny.directory.memberlist.cells import TooLong, clean, is_formula, shorten
from proxeny.directory.memberlist.columns import BY_NAME
from proxeny.directory.memberlist.facts import SCHEMES
from proxeny.directory.memberlist.values import LIST_READERS, READERS, REQUIRED
from proxeny.directory.sources.table import Row, Table
from proxeny.kernel.errors import InvalidInput

#: Letters of a value that are shown beside its problem.
_SHOWN = 120
#: Texts whose beginning is worth keeping when the whole does not fit.
_SHORTENED = frozenset({"summary"})


@dataclass(frozen=True, slots=True)
class Options:
    """The handling of gaps, and default values for facts that a list does not give.

    Attributes
    ----------
    country, kind, language, visibility : str
        Defaults for rows without a value.
    nameless : str
        `refuse` the list for a row without a name, or `skip` the row.
    repeats : str
        `refuse` the list when two rows are the same member and differ, or use the `first`.
    unreadable : str
        `refuse` the list for a value that cannot be read or does not fit, or leave it `blank`.
    encoding : str
        The encoding of a CSV file as a person chose it.
    joins : str
        `yes`: the organisations in the list are members of the cluster; `no`: the cluster
        knows them.
    only : str
        Codes of the countries whose rows are read, separated by spaces; all when empty.
    alike : str
        Handling of an undecided row that resembles an entry: kept `apart` and added to the
        register of duplicates, or treated as the `same`.
    separators : dict
        The separator of a column of several values, by our field; guessed where none is given.
    """

    country: str = ""
    kind: str = "company"
    language: str = "en"
    visibility: str = "partnership"
    nameless: str = "refuse"
    repeats: str = "refuse"
    unreadable: str = "refuse"
    encoding: str = ""
    joins: str = "yes"
    only: str = ""
    alike: str = "apart"
    separators: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Options":
        """Return the options stored in a `MemberImport`."""
        return cls(**{name: values[name] for name in cls.__slots__ if name in values})

    def to_json(self) -> dict[str, Any]:
        """Return the options as a `MemberImport` keeps them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with one cell or row; it stops the import, or only leaves something out.

    `kind` is its category: `name`, `country`, `cells`, `value`, `repeat`, `unclear`, or `long` for
    a text that is shortened.
    """

    row: int
    column: str
    value: str
    reason: str
    stops: bool = True
    kind: str = "value"


@dataclass(frozen=True, slots=True)
class Entry:
    """A member as given by one row: values of our fields, without empty ones."""

    row: int
    values: dict[str, Any]
    cells: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Checked:
    """One checked row: its values unless it has to be left out, and its problems."""

    row: int
    entry: Entry | None
    problems: list[Problem]


def check_mapping(header: list[str], mapping: Mapping[str, str], options: Options) -> None:
    """Raise `InvalidInput` when a required column is missing or one column fills two fields."""
    used: dict[str, str] = {}
    for name, label in mapping.items():
        if name not in BY_NAME or label not in header:
            raise InvalidInput(
                _("The file has no column called “%(column)s”. Choose one of its columns.")
                % {"column": label},
                field=name if name in BY_NAME else None,
            )
        if label in used:
            raise InvalidInput(
                _(
                    "The column “%(column)s” is used twice: for “%(first)s” and “%(second)s”. "
                    "Choose it only once."
                )
                % {
                    "column": label,
                    "first": BY_NAME[used[label]].label,
                    "second": BY_NAME[name].label,
                },
                field=name,
            )
        used[label] = name
    if "name" not in mapping:
        raise InvalidInput(
            _(
                "No column contains the members’ names. Choose the right column, or add a “Name” "
                "column to the file and upload it again."
            ),
            field="name",
        )
    if "country" not in mapping and not options.country:
        raise InvalidInput(
            _(
                "No column contains the members’ countries. Choose the right column, or choose "
                "one country for all rows below."
            ),
            field="country",
        )


def check_rows(table: Table, mapping: Mapping[str, str], options: Options) -> Iterator[Checked]:
    """Read every row of a table; no row stops the reading of the next. In constant memory."""
    positions = {name: table.header.index(label) for name, label in mapping.items()}
    wanted = frozenset(options.only.split())
    for row in table.rows():
        yield _check_row(row, table, positions, options, wanted)


def _check_row(
    row: Row, table: Table, positions: dict[str, int], options: Options, wanted: frozenset[str]
) -> Checked:
    texts = {name: row.cells[at] for name, at in positions.items() if at < len(row.cells)}
    formulas = {name for name, text in texts.items() if is_formula(text)}
    texts = {name: clean(text) for name, text in texts.items()}
    texts = {name: text for name, text in texts.items() if text}
    if "name" not in texts:
        return Checked(row.number, None, [_nameless(row, table.header[positions["name"]], options)])
    problems = [*_too_long(row, table), *_countryless(row, texts, positions, table, options)]
    values: dict[str, Any] = {}
    for name, text in texts.items():
        column = table.header[positions[name]]
        try:
            values[name] = _formula() if name in formulas else _read(name, text, options)
        except TooLong as error:
            if name in _SHORTENED and options.unreadable != "refuse":
                values[name] = shorten(text, error.limit)
                problems.append(_shortened(row, column, text, values[name]))
            else:
                problems.append(_unreadable(row, column, name, error, texts, options))
        except ValueError as error:
            problems.append(_unreadable(row, column, name, error, texts, options))
    _finish(row, table, positions, options, values, problems)
    if wanted and values.get("country", options.country) not in wanted:
        return Checked(row.number, None, [])
    is_whole = not any(problem.stops for problem in problems)
    return Checked(row.number, Entry(row.number, values, row.cells) if is_whole else None, problems)


def _read(name: str, text: str, options: Options) -> Any:
    if name in LIST_READERS:
        return LIST_READERS[name](text, options.separators.get(name, ""))
    return READERS[name](text)


def _shortened(row: Row, column: str, text: str, kept: str) -> Problem:
    reason = _("This text has %(length)s characters. Only the first %(kept)s are kept.") % {
        "length": len(text),
        "kept": len(kept),
    }
    return Problem(row.number, column, text[:_SHOWN], reason, False, "long")


def _formula() -> Any:
    raise ValueError(
        _(
            "This cell contains a formula without a value. Save the list as values only, or put "
            "an apostrophe in front of the sign."
        )
    )


def _unreadable(
    row: Row, column: str, name: str, error: ValueError, texts: dict[str, str], options: Options
) -> Problem:
    stops = options.unreadable == "refuse" or name in REQUIRED
    return Problem(row.number, column, texts[name][:_SHOWN], str(error), stops)


def _finish(
    row: Row,
    table: Table,
    positions: dict[str, int],
    options: Options,
    values: dict[str, Any],
    problems: list[Problem],
) -> None:
    """Parse values that depend on the rest of the row: register numbers, and coordinates."""
    country = values.get("country", options.country)
    keys: list[str] = []
    for scheme in SCHEMES:
        text = values.pop(scheme, "")
        try:
            numbers = read_several(scheme, text, country=country) if text else []
            keys += [write_key(scheme, number) for number in numbers]
        except ValueError as error:
            column = table.header[positions[scheme]]
            problems.append(_unreadable(row, column, scheme, error, {scheme: text}, options))
    if keys:
        values["identifiers"] = sorted(keys)
    if place := values.pop("coordinates", None):
        values["latitude"], values["longitude"] = place
    if ("latitude" in values) != ("longitude" in values):
        values.pop("latitude", None)
        values.pop("longitude", None)


def _nameless(row: Row, column: str, options: Options) -> Problem:
    reason = _("This row has no name. Fill it in or delete the row.")
    stops = options.nameless == "refuse"
    return Problem(row.number, column, "", reason, stops, "name")


def _too_long(row: Row, table: Table) -> list[Problem]:
    beyond = [cell for cell in row.cells[len(table.header) :] if cell.strip()]
    if not beyond:
        return []
    reason = _(
        "This row has %(cells)s cells but the header has %(columns)s. Put quotation marks around "
        "any text that contains “%(delimiter)s”."
    ) % {
        "cells": len(row.cells),
        "columns": len(table.header),
        "delimiter": table.delimiter.replace("\t", "TAB"),
    }
    return [Problem(row.number, "", clean(beyond[0][:_SHOWN]), reason, True, "cells")]


def _countryless(
    row: Row, texts: dict[str, str], positions: dict[str, int], table: Table, options: Options
) -> list[Problem]:
    if "country" in texts or options.country:
        return []
    reason = _("This row has no country. Fill it in, or choose a country for rows without one.")
    return [Problem(row.number, table.header[positions["country"]], "", reason, True, "country")]
