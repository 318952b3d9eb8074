"""A figure's values as a table to take along, with where they come from below them."""

import csv
import io
from collections.abc import Iterable, Sequence

from proxeny.assessments.statistics.series import Series, names_of, plain_number, rows_of
from proxeny.kernel.spreadsheet import escape_formula, write_xlsx

Cell = str | float | None


def write_values(
    form: str, series: Series, *, first: str, told: Iterable[tuple[str, str]]
) -> bytes:
    """Return values by period as CSV or XLSX, and below them where they come from.

    Parameters
    ----------
    form : str
        `xlsx`; anything else is CSV.
    first : str
        Head of the column of periods.
    told : iterable of pairs
        What is said of the values: source, licence, query, date.

    Notes
    -----
    Numbers stay numbers in both: a negative one is none of the texts that a spreadsheet would run.
    """
    header = [first, *names_of(series)]
    rows: list[Sequence[Cell]] = [[period, *values] for period, values in rows_of(series)]
    rows += [[], *[[name, text] for name, text in told]]
    return write_xlsx(header, rows) if form == "xlsx" else _write_csv(header, rows)


def _write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([escape_formula(cell) for cell in header])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return lines.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    return plain_number(cell) if isinstance(cell, float | int) else escape_formula(cell)
