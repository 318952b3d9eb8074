"""Tables as files: CSV and XLSX, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import HttpResponse

#: A cell that begins with one of these would be run as a formula.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


def make_safe(cell: object) -> str:
    """Return a cell's text; one that a spreadsheet would run gets an apostrophe before it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_ACTIVE) else text


def answer_table(
    name: str, *, file_format: str, head: Sequence[object], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """Return a table as a download, `file_format` being `csv` or `xlsx`."""
    cells = [[make_safe(cell) for cell in row] for row in (head, *rows)]
    if file_format == "xlsx":
        kind, content = "openxmlformats-officedocument.spreadsheetml.sheet", _write_xlsx(cells)
        response = HttpResponse(content, content_type=f"application/vnd.{kind}")
    else:
        file_format = "csv"
        response = HttpResponse(_write_csv(cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    return response


def _write_csv(cells: list[list[str]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(cells)
    # The mark at the beginning makes Excel read UTF-8.
    return "\ufeff" + file.getvalue()


def _write_xlsx(cells: list[list[str]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    for number, row in enumerate(cells):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()
    return file.getvalue()
