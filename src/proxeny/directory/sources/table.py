"""What a file was found to hold."""

from dataclasses import dataclass, field
from typing import Any

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
SAMPLE_ROWS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it (the first row is 1), and its cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A read file.

    Attributes
    ----------
    header : list of str
        One unique label a column, in the file's order.
    header_row : int
        The header's row number.
    rows : list of Row
        The rows below it that hold anything.
    encoding, delimiter : str
        How a CSV file was read; empty for a workbook.
    sheet : str
        The sheet that was read; empty for CSV.
    sheets : list of str
        All sheets that hold anything.
    """

    header: list[str]
    header_row: int
    rows: list[Row]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Return what the page of columns shows, as JSON."""
        return {
            "header": self.header,
            "header_row": self.header_row,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheets": self.sheets,
            "sample": [[cell[:120] for cell in row.cells] for row in self.rows[:SAMPLE_ROWS]],
        }
