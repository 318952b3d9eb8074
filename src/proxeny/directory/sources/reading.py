"""From the bytes of a file to a table with a header."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from django.utils.translation import gettext as _

from proxeny.directory.memberlist.columns import count_known
from proxeny.directory.memberlist.encoding import decode, detect_encoding
from proxeny.directory.memberlist.table import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Row, Table
from proxeny.directory.memberlist.workbook import is_workbook, read_workbook
from proxeny.kernel.errors import InvalidInput

_KINDS = (
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7Z"),
    (b"{\\rtf", "RTF"),
    (b"PK\x03\x04", "ZIP"),
)
_DELIMITERS = (",", ";", "\t", "|")
_HEADER_WITHIN = 10


def refuse_size(size: int) -> None:
    """Raise `InvalidInput` for a file that is empty or too large, before it is read."""
    if size == 0:
        raise InvalidInput(
            _("This file is empty. Choose the file that holds your members."), field="file"
        )
    if size > MAX_BYTES:
        raise InvalidInput(
            _("This file has %(size)s MB; up to %(limit)s MB can be imported at once. Save the list "
              "without pictures, or split it into several files with the same header row and "
              "import them one after the other.")
            % {"size": -(-size // (1024 * 1024)), "limit": MAX_BYTES // (1024 * 1024)},
            field="file",
        )  # fmt: skip


def read_table(data: bytes, *, encoding: str = "", sheet: str = "") -> Table:
    """Read a CSV file or an XLSX workbook by its content, whatever its name.

    Parameters
    ----------
    data : bytes
        The file.
    encoding : str
        The encoding of a CSV file that a person chose; detected when empty.
    sheet : str
        The sheet of a workbook that a person chose; the first that holds anything when empty.

    Raises
    ------
    InvalidInput
        With a sentence that says what is wrong, where, and what to do.
    """
    refuse_size(len(data))
    if is_workbook(data):
        name, names, cells = read_workbook(data, sheet)
        return _make_table(enumerate(cells, 1), sheet=name, sheets=names)
    _refuse_other_kinds(data)
    encoding = encoding or detect_encoding(data)
    text = decode(data, encoding).removeprefix("\ufeff")
    text, delimiter = _find_delimiter(text)
    return _make_table(_records(text, delimiter), encoding=encoding, delimiter=delimiter)


def _refuse_other_kinds(data: bytes) -> None:
    head = data[:512].lstrip()
    kind = next((name for magic, name in _KINDS if data.startswith(magic)), "")
    if not kind and head[:5].lower() in (b"<html", b"<!doc", b"<?xml"):
        kind = "HTML" if b"html" in head.lower() else "XML"
    if kind:
        raise InvalidInput(
            _("This file is of the kind %(kind)s, whatever its name says. Open your list in a spreadsheet "
              "program and save it as XLSX or CSV UTF-8.") % {"kind": kind},
            field="file",
        )  # fmt: skip


def _find_delimiter(text: str) -> tuple[str, str]:
    first, _newline, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        # Row numbers stay those of the file: the line is emptied, not removed.
        return "\n" + rest, first.strip()[4]
    widths = {one: _agreed_width(text, one) for one in _DELIMITERS}
    return text, max(widths, key=lambda one: widths[one])


def _agreed_width(text: str, delimiter: str) -> tuple[float, int]:
    # Of the first rows, how many agree on a number of columns above one; and that number.
    reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
    try:
        widths = Counter(len(row) for row in islice(reader, 50) if any(row))
    except csv.Error:
        return 0.0, 0
    width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(0, 0))
    return (times / widths.total() if width > 1 else 0.0), width


def _records(text: str, delimiter: str) -> Iterable[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    previous_line = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise InvalidInput(
                _("From row %(row)s (line %(line)s of the file) on, the cells run into one another: "
                  "a quotation mark is opened there and never closed. Correct that row, or save "
                  "the list as XLSX.") % {"row": number + 1, "line": previous_line + 1}
            ) from None  # fmt: skip
        number += 1
        previous_line = reader.line_num
        yield number, cells


def _make_table(records: Iterable[tuple[int, list[str]]], **how: object) -> Table:
    rows = [Row(number, cells) for number, cells in records if any(map(str.strip, cells))]
    if not rows:
        raise InvalidInput(
            _("There is nothing in this file. Choose the file that holds your members."),
            field="file",
        )
    header = _find_header(rows)
    body = rows[header + 1 :]
    width = max(len(rows[header].cells), 1)
    if width > MAX_COLUMNS:
        raise InvalidInput(
            _("This list has %(found)s columns; up to %(limit)s can be read. Keep the columns that "
              "describe your members and delete the others.")
            % {"found": width, "limit": MAX_COLUMNS}
        )  # fmt: skip
    if not body:
        raise InvalidInput(
            _("This file has a header in row %(row)s and no member below it. Add one row for each "
              "member, or choose another file.") % {"row": rows[header].number}
        )  # fmt: skip
    if len(body) > MAX_ROWS:
        raise InvalidInput(
            _("This list has %(found)s rows; up to %(limit)s can be imported at once. Split it into "
              "several files with the same header row and import them one after the other.")
            % {"found": len(body), "limit": MAX_ROWS}
        )  # fmt: skip
    return Table(
        header=_unique(rows[header].cells),
        header_row=rows[header].number,
        rows=body,
        **how,  # type: ignore[arg-type]
    )


def _find_header(rows: list[Row]) -> int:
    # A title or a note above the header is common; the header is the row we know most words of.
    known = [count_known(row.cells) for row in rows[:_HEADER_WITHIN]]
    return known.index(max(known))


def _unique(cells: list[str]) -> list[str]:
    labels: list[str] = []
    for position, cell in enumerate(cells):
        label = " ".join(cell.split())[:120] or _("Column %(letter)s") % {
            "letter": letter(position)
        }
        again = 2
        while label in labels:
            label, again = f"{' '.join(cell.split())[:110]} ({again})", again + 1
        labels.append(label)
    return labels


def letter(position: int) -> str:
    """Return a column's letter as a spreadsheet shows it; the first position is 0."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name
