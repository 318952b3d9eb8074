"""The detected contents of a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput

MAX_COLUMNS = 200
#: Letters of one line of a text file.
MAX_LINE = 8 * 1024 * 1024
#: Letters of one cell: more than any field of ours takes, less than a lost quotation mark swallows.
MAX_CELL = 2 * 1024 * 1024
SAMPLE_ROWS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it (the first row is 1), and its cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was looked at: its header, and how to read its rows, as often as it takes.

    Attributes
    ----------
    header : list of str
        One unique label a column, in the file's order.
    header_row : int
        The header's row number.
    reader : callable
        Reads the rows below it that hold anything, one after the other.
    form : str
        `csv`, `xlsx` or `vcard`.
    encoding, delimiter : str
        How a CSV file was read; empty for a workbook.
    sheet : str
        The sheet of a workbook, or the file of an archive, that was read; empty for CSV.
    sheets : list of str
        All sheets, or files, that may be read.
    sample : list of Row, optional
        The first rows, where they are known already.
    """

    header: list[str]
    header_row: int
    reader: Callable[[], Iterator[Row]]
    form: str = "csv"
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    sample: list[Row] | None = None

    def rows(self) -> Iterator[Row]:
        """Read the rows, from the first on."""
        return self.reader()

    def summary(self) -> dict[str, Any]:
        """Return the data for the page of columns, as JSON."""
        return {
            "form": self.form,
            "header": self.header,
            "header_row": self.header_row,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheets": self.sheets,
            "sample": [
                [cell[:120].replace("\0", "") for cell in row.cells[:MAX_COLUMNS]]
                for row in self._first_rows()
            ],
        }

    def _first_rows(self) -> list[Row]:
        return list(islice(self.rows(), SAMPLE_ROWS)) if self.sample is None else self.sample


def too_long_line(row: int) -> InvalidInput:
    """Return the answer to a line that no list has."""
    return InvalidInput(
        _(
            "Row %(row)s has more than %(limit)s million characters; no list has rows that long. "
            "Open the file in a text editor: its line breaks may be lost, or it may not be a "
            "list."
        )
        % {"row": row, "limit": MAX_LINE // (1024 * 1024)},
        field="file",
    )
