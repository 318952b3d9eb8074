"""Figures in uploaded tables: periods by lines, or one value a row.

The result is shown as it was understood, and each cell that does not fit is named by its row and
column: nothing is guessed silently, and nothing is stored before the user has looked at it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from proxeny.assessments.statistics.numerals import Numerals, is_nothing
from proxeny.assessments.statistics.periods import read_period
from proxeny.assessments.statistics.series import (
    MAX_POINTS,
    MAX_SERIES,
    NAME_LENGTH,
    Series,
    make_series,
)
from proxeny.directory.sources.content import Content
from proxeny.directory.sources.encoding import detect_encoding
from proxeny.directory.sources.text import find_delimiter, read_lines, read_records
from proxeny.folding import fold
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.sandbox import read_apart

MAX_BYTES = 1024 * 1024
#: So many cells that do not fit are told; with more, the file is another one.
MOST_PROBLEMS = 50

_PERIODS = {
    fold(name)
    for name in (
        "period",
        "year",
        "date",
        "time",
        "time_period",
        "month",
        "quarter",
        "annee",
        "periode",
        "mois",
        "trimestre",
        "ετος",
        "περιοδος",
        "ημερομηνια",
        "μηνας",
        "τριμηνο",
        "السنة",
        "الفترة",
        "التاريخ",
        "الشهر",
    )
}
_VALUES = {
    fold(name)
    for name in (
        "value",
        "obs_value",
        "amount",
        "figure",
        "valeur",
        "montant",
        "τιμη",
        "αξια",
        "ποσο",
        "القيمة",
        "المبلغ",
    )
}
#: What SDMX-CSV tells beside a value: no part of its line’s name.
_BESIDE = {
    fold(name)
    for name in (
        "dataflow",
        "last update",
        "obs_flag",
        "obs_status",
        "conf_status",
        "structure",
        "structure_id",
        "structure_name",
        "action",
        "decimals",
        "time_format",
        "unit_mult",
    )
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that does not fit: its row as a spreadsheet numbers it, its column, and why."""

    row: int
    column: str
    reason: str


@dataclass(slots=True)
class Brought:
    """A table as it was understood.

    Attributes
    ----------
    series : list
        Its lines, without the values that did not fit.
    problems : list of Problem
        The first cells that do not fit; nothing is stored while there are any.
    count : int
        The number of such cells in all.
    text : str
        The table as text, to be corrected in the form.
    is_long : bool
        Whether each row holds one value, with its line’s name and period.
    comma : bool
        Whether the comma was read as the decimal sign.
    """

    series: Series = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    count: int = 0
    text: str = ""
    is_long: bool = False
    comma: bool = False

    def object_to(self, row: int, column: str, reason: str) -> None:
        """Note a cell that does not fit."""
        self.count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(row, column, reason))


@dataclass(frozen=True, slots=True)
class _Cell:
    row: int
    column: str
    line: str
    period: str
    text: str


def decode(content: bytes) -> str:
    """Return a file’s text, whatever encoding it is in; read in a process of its own.

    Raises
    ------
    InvalidInput
        Empty, too large, or no text.
    """
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise InvalidInput(_("This file is empty. Choose the file with the figures."), field="file")
    if len(content) > MAX_BYTES:
        raise InvalidInput(
            _("This file is larger than %(most)d MB. Keep only the series you need.")
            % {"most": MAX_BYTES // 1024**2},
            field="file",
        )
    return str(read_apart(decode_apart, content))


def decode_apart(content: bytes) -> str:
    """Return a file’s text, as `decode`."""
    held = Content.of_bytes(content)
    return "".join(read_lines(held, detect_encoding(held)))


def read_table(text: str, *, decimal: str = "") -> Brought:
    """Return the lines of a table and what of it does not fit; read in a process of its own.

    Parameters
    ----------
    text : str
        Cells with a comma, semicolon, tab or bar between them. Either the first column holds
        periods and each other one a line, or each row one value with its period and name.
    decimal : str
        The decimal sign, `,` or `.`; worked out from the numbers where it is empty.

    Raises
    ------
    InvalidInput
        There is no table in it, or too large a one.
    """
    found: Brought = read_apart(
        read_table_apart, text.encode("utf-8", "replace"), decimal, returns=(Brought, Problem)
    )
    found.text = text
    return found


def read_table_apart(content: bytes, decimal: str) -> Brought:
    """Return the result of `read_table` for a text in UTF-8."""
    rows, separator = _rows_of(content.decode())
    if len(rows) < 2:
        raise InvalidInput(
            _(
                "No table was found. Add a row of column names and, below it, a row for each "
                "period."
            ),
            field="text",
        )
    (_number, header), *below = rows
    brought = Brought()
    cells = list(_cells_of(header, below, brought))
    numerals = Numerals.of([one.text for one in cells], decimal=decimal, separator=separator)
    brought.comma = numerals.comma
    _fill(brought, cells, numerals)
    _refuse_too_much(brought)
    return brought


def _rows_of(text: str) -> tuple[list[tuple[int, list[str]]], str]:
    text = text.removeprefix("﻿")
    held = Content.of_bytes(text.encode())
    separator, is_said = find_delimiter(held, "utf-8")
    records = read_records(read_lines(held, "utf-8"), separator)
    rows = [
        (number, [cell.strip() for cell in cells])
        for number, cells in records
        if any(cell.strip() for cell in cells)
    ]
    return rows[1:] if is_said else rows, separator


def _cells_of(
    header: Sequence[str], below: list[tuple[int, list[str]]], brought: Brought
) -> Iterator[_Cell]:
    """Yield the cells that hold values, each with its line and its period."""
    folded = [fold(name) for name in header]
    period = next((at for at, name in enumerate(folded) if name in _PERIODS), None)
    value = next((at for at, name in enumerate(folded) if name in _VALUES), None)
    if period is not None and value is not None:
        brought.is_long = True
        return _long(header, folded, below, brought, period, value)
    return _wide(header, below, brought)


def _fits(header: Sequence[str], row: int, cells: list[str], brought: Brought) -> bool:
    if any(cells[len(header) :]):
        brought.object_to(
            row,
            "",
            _("This row has %(found)d cells, but the first row names %(known)d columns.")
            % {"found": len(cells), "known": len(header)},
        )
        return False
    cells += [""] * (len(header) - len(cells))
    return True


def _period(row: int, column: str, text: str, brought: Brought) -> str:
    found = read_period(text)
    if not found:
        brought.object_to(
            row,
            column,
            _(
                "“%(text)s” isn’t a period. Enter a year, a quarter (2024-Q1), a month (2024-03) "
                "or a day (2024-03-31)."
            )
            % {"text": text[:40]},
        )
    return found


def _wide(
    header: Sequence[str], below: list[tuple[int, list[str]]], brought: Brought
) -> Iterator[_Cell]:
    first = header[0] or _("Period")
    names = [name[:NAME_LENGTH] for name in header]
    for place, name in enumerate(names[1:], 1):
        if not name and any(len(cells) > place and cells[place] for _n, cells in below):
            brought.object_to(1, str(place + 1), _("This column has no name. Add one above it."))
        elif name and name in names[1:place]:
            brought.object_to(1, name, _("Two columns have this name. Give each a different one."))
    for row, cells in below:
        if not _fits(header, row, cells, brought):
            continue
        period = _period(row, first, cells[0], brought)
        for name, text in zip(names[1:], cells[1:], strict=False):
            if period and name and not is_nothing(text):
                yield _Cell(row, name, name, period, text)


def _long(
    header: Sequence[str],
    folded: list[str],
    below: list[tuple[int, list[str]]],
    brought: Brought,
    period_at: int,
    value_at: int,
) -> Iterator[_Cell]:
    names = [
        at
        for at, name in enumerate(folded)
        if at not in (period_at, value_at) and name and name not in _BESIDE
    ]
    apart = [at for at in names if len({tuple(cells[at : at + 1]) for _n, cells in below}) > 1]
    for row, cells in below:
        if not _fits(header, row, cells, brought):
            continue
        period = _period(row, header[period_at], cells[period_at], brought)
        line = " · ".join(cells[at] for at in apart or names[:1]) or header[value_at]
        if period and not is_nothing(cells[value_at]):
            yield _Cell(row, header[value_at], line[:NAME_LENGTH], period, cells[value_at])


def _fill(brought: Brought, cells: list[_Cell], numerals: Numerals) -> None:
    lines: dict[str, dict[str, float]] = {}
    seen: dict[tuple[str, str], int] = {}
    for one in cells:
        number = numerals.read(one.text)
        if number is None:
            brought.object_to(one.row, one.column, numerals.objection(one.text))
        elif (one.line, one.period) in seen:
            brought.object_to(
                one.row,
                one.column,
                _("“%(line)s” already has a value for %(period)s in row %(row)d.")
                % {"line": one.line, "period": one.period, "row": seen[one.line, one.period]},
            )
        else:
            seen[one.line, one.period] = one.row
            lines.setdefault(one.line, {})[one.period] = number
    brought.series = make_series(lines)
    brought.problems.sort(key=lambda problem: problem.row)


def _refuse_too_much(brought: Brought) -> None:
    points = sum(len(line["points"]) for line in brought.series)
    if len(brought.series) > MAX_SERIES:
        raise InvalidInput(
            _(
                "This table has %(found)d series; a figure can hold up to %(most)d. Keep only "
                "the ones you need."
            )
            % {"found": len(brought.series), "most": MAX_SERIES},
            field="text",
        )
    if points > MAX_POINTS:
        raise InvalidInput(
            _(
                "This table has %(found)d values; a figure can hold up to %(most)d. Keep fewer "
                "series or fewer periods."
            )
            % {"found": points, "most": MAX_POINTS},
            field="text",
        )
    if not brought.series and not brought.problems:
        raise InvalidInput(
            _(
                "This table has no values. The first column holds the periods, each other column "
                "the values of one series."
            ),
            field="text",
        )
