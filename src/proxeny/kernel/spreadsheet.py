"""Lists as files: CSV and XLSX, with cells that no spreadsheet program executes."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def escape_formula(cell: object) -> str:
    """Return a cell's text with an apostrophe before a sign that starts a formula.

    A number below zero is no formula.
    """
    if isinstance(cell, int | float):
        return str(cell)
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def write_csv(header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as CSV in UTF-8 with a byte order mark, which Excel needs to read accents."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([escape_formula(cell) for cell in header])
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    return lines.getvalue().encode("utf-8-sig")


def write_xlsx(header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as a workbook of one sheet; numbers stay numbers, all else is text."""
    # Here, not above: it takes a tenth of a second to load, at each start of the product.
    import xlsxwriter

    target = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for column, cell in enumerate(header):
            sheet.write_string(0, column, escape_formula(cell), bold)
            sheet.set_column(column, column, 24)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(number, column, cell)
                elif cell:
                    sheet.write_string(number, column, escape_formula(cell)[:32_767])
    return target.getvalue()


def write_table(form: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table in a form of `MEDIA_TYPES`."""
    return (write_xlsx if form == "xlsx" else write_csv)(header, rows)


def answer_table(
    name: str, *, form: str, header: Sequence[object], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """Return a table as a download; any `form` but `xlsx` is CSV."""
    form = form if form in MEDIA_TYPES else "csv"
    response = HttpResponse(write_table(form, header, rows), content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
