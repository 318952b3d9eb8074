"""What a file was found to hold."""

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
    """

    header: list[str]
    header_row: int
    reader: Callable[[], Iterator[Row]]
    form: str = "csv"
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Read the rows, from the first on."""
        return self.reader()

    def summary(self) -> dict[str, Any]:
        """Return what the page of columns shows, as JSON."""
        return {
            "form": self.form,
            "header": self.header,
            "header_row": self.header_row,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheets": self.sheets,
            "sample": [
                [cell[:120].replace("\0", "") for cell in row.cells[:MAX_COLUMNS]]
                for row in islice(self.rows(), SAMPLE_ROWS)
            ],
        }


def too_long_line(row: int) -> InvalidInput:
    """Return the answer to a line that no list has."""
    return InvalidInput(
        _("Row %(row)s is longer than %(limit)s million letters; no list has such rows. Look at "
          "the file in an editor: its line ends may be lost, or it is no list at all.")
        % {"row": row, "limit": MAX_LINE // (1024 * 1024)},
        field="file",
    )  # fmt: skip
