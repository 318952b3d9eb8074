"""Lists as files: CSV and XLSX, with cells that no spreadsheet program executes."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any, cast

from django.http import FileResponse, HttpResponse
from django.utils import timezone

from proxeny.kernel.downloads import disposition

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DAY = re.compile(r"[12]\d{3}-[01]\d-[0-3]\d")
#: A workbook counts days from 1900 on.
_FIRST_YEAR = 1900
#: Maximum length of a cell in a workbook.
_LONGEST = 32_767
#: A file up to so many bytes is made in memory; a larger one on the disk, and sent piece by piece.
IN_MEMORY = 2_000_000

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
    if isinstance(cell, date):
        return _text_of_moment(cell)
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def _text_of_moment(cell: date) -> str:
    if isinstance(cell, datetime):
        return (timezone.localtime(cell) if timezone.is_aware(cell) else cell).strftime(
            "%Y-%m-%d %H:%M"
        )
    return cell.isoformat()


def write_csv(header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as CSV in UTF-8 with a byte order mark, which Excel needs to read accents."""
    target = io.BytesIO()
    _write_csv(target, header, rows)
    return target.getvalue()


def _write_csv(
    target: IO[bytes], header: Sequence[object], rows: Iterable[Sequence[object]]
) -> None:
    # Detached, not closed, so that the file can still be read.
    lines = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(lines)
    writer.writerow([escape_formula(cell) for cell in header])
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    lines.flush()
    lines.detach()


def write_xlsx(header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as a workbook of one sheet.

    Numbers stay numbers, and days stay days, also those that come as text (2026-11-27): a program
    then sorts and counts them. All else is text.
    """
    target = io.BytesIO()
    _write_xlsx(target, header, rows)
    return target.getvalue()


def _write_xlsx(
    target: IO[bytes], header: Sequence[object], rows: Iterable[Sequence[object]]
) -> None:
    # Here, not above: it takes a tenth of a second to load, at each start of the product.
    import xlsxwriter

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
        forms = {
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        for column, cell in enumerate(header):
            sheet.write_string(0, column, escape_formula(cell), bold)
            sheet.set_column(column, column, 24)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write_cell(sheet, (number, column), cell, forms)


def _write_cell(sheet: Any, place: tuple[int, int], cell: object, forms: dict[str, Any]) -> None:
    if isinstance(cell, int | float):
        sheet.write_number(*place, cell)
        return
    moment = _moment_of(cell)
    if moment is not None:
        form = forms["moment" if isinstance(moment, datetime) else "day"]
        sheet.write_datetime(*place, moment, form)
    elif cell:
        sheet.write_string(*place, escape_formula(cell)[:_LONGEST])


def _moment_of(cell: object) -> date | None:
    """Return the day or moment that a cell is, as workbooks know it: without a zone."""
    if isinstance(cell, str) and _DAY.fullmatch(cell):
        try:
            cell = date.fromisoformat(cell)
        except ValueError:
            return None
    if not isinstance(cell, date) or cell.year < _FIRST_YEAR:
        return None
    if isinstance(cell, datetime) and timezone.is_aware(cell):
        return timezone.localtime(cell).replace(tzinfo=None)
    return cell


def write_table(form: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table in a form of `MEDIA_TYPES`."""
    return (write_xlsx if form == "xlsx" else write_csv)(header, rows)


def answer_table(
    name: str, *, form: str, header: Sequence[object], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """Return a table as a download with today's date in its name; any `form` but `xlsx` is CSV.

    All rows are read here, as the reader who asks; a file larger than `IN_MEMORY` is kept on disk
    until it is sent.
    """
    form = form if form in MEDIA_TYPES else "csv"
    # Not closed here: the response that streams it closes it.
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    (_write_xlsx if form == "xlsx" else _write_csv)(target, header, rows)
    size = target.tell()
    target.seek(0)
    if size > IN_MEMORY:
        # Not one of Django's `HttpResponse`s by name; callers only set headers.
        response = cast("HttpResponse", FileResponse(target, content_type=MEDIA_TYPES[form]))
        response["Content-Length"] = str(size)
    else:
        with target:
            response = HttpResponse(target.read(), content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = disposition(f"{name}-{timezone.localdate():%Y-%m-%d}.{form}")
    return response
