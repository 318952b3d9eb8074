"""Reading an XLSX workbook without letting a small file fill the memory.

A workbook is a ZIP archive: 20 MB of it may unpack to gigabytes, and one cell in the last corner
of a sheet makes a reader allocate all cells before it. Both are looked for before anything is
parsed, by unpacking in small pieces and counting; declared sizes are not believed.

Workbooks of ordinary size are read at once, which takes a tenth of the time; larger ones row by row.
"""

import io
import re
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from proxeny.directory.sources.content import Content, is_archive, list_members, open_member
from proxeny.directory.sources.table import MAX_COLUMNS
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.files.unpacking import DamagedArchive, list_parts, unpack

MAX_PARTS = 2000
#: Largest workbook read at once: bytes as uploaded, and unpacked.
_AT_ONCE = 20 * 1024 * 1024
_AT_ONCE_UNPACKED = 64 * 1024 * 1024
#: Excel's own limit.
_MAX_SHEET_ROWS = 1_048_576
_EMPTY_CELL = re.compile(rb"<c\s[^<>]*/>")
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,7})(\d{1,9})[\"']")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)")

Records = Iterator[tuple[int, list[str]]]


def is_workbook(content: Content, head: bytes) -> bool:
    """Whether a file is an Office Open XML workbook, whatever it is called.

    Raises `InvalidInput` for an archive that is cut off.
    """
    if not is_archive(head):
        return False
    try:
        return "xl/workbook.xml" in list_members(content)
    except InvalidInput:
        raise InvalidInput(
            _(
                "This workbook or archive is damaged and can’t be opened. Save it again, or "
                "download it again from its source, and upload the new file."
            ),
            field="file",
        ) from None


def open_workbook(content: Content, sheet: str = "") -> dict[str, Any]:
    """Return how to read a sheet: `records`, and the `form`, `sheet` and `sheets` of the table.

    Without `sheet` the first visible one that holds anything is read.

    Raises
    ------
    InvalidInput
        The archive is damaged, locked with a password, unpacks too large, or its cells lie too
        far apart.
    """
    unpacked = _refuse_bombs(content)
    at_once = content.size <= _AT_ONCE and unpacked <= _AT_ONCE_UNPACKED
    name, names, records = (_read_at_once if at_once else _read_by_row)(content, sheet)
    return {"records": records, "form": "xlsx", "sheet": name, "sheets": names}


def _read_at_once(content: Content, sheet: str) -> tuple[str, list[str], Callable[[], Records]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content.read()))
        names = [
            one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible
        ]
        for name in [sheet] if sheet in names else names:
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(any(cell != "" for cell in row) for row in cells):
                break
        else:
            return sheet, names, lambda: iter(())
    except PasswordError:
        raise InvalidInput(
            _(
                "This workbook is password-protected. Save it without a password and upload it "
                "again."
            )
        ) from None
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable() from error

    @cache
    def texts() -> list[list[str]]:
        return [[_text(cell) for cell in row] for row in cells]

    return name, names, lambda: enumerate(texts(), 1)


def _read_by_row(content: Content, sheet: str) -> tuple[str, list[str], Callable[[], Records]]:
    def rows(name: str) -> Records:
        with content.open() as file, _opened(file) as book:
            for number, cells in enumerate(book[name].iter_rows(values_only=True), 1):
                if any(cell is not None for cell in cells):
                    yield number, ["" if cell is None else _text(cell) for cell in cells]

    with content.open() as file, _opened(file) as book:
        names = [one.title for one in book.worksheets if one.sheet_state == "visible"]
    wanted = [sheet] if sheet in names else names
    name = next((one for one in wanted if next(rows(one), None) is not None), sheet)
    return name, names, lambda: rows(name) if name in names else iter(())


class _opened:  # noqa: N801
    """A workbook that is read row by row, with damage reported as our own error."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __enter__(self) -> Any:
        # Here, not above: it takes a tenth of a second to load, and few workbooks are so large.
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and pictures, which nobody reads here
            try:
                self._book = openpyxl.load_workbook(
                    self._file, read_only=True, data_only=True, keep_links=False
                )
            except (InvalidFileException, KeyError, ValueError, OSError) as error:
                raise _unreadable() from error
        return self._book

    def __exit__(self, *_: object) -> None:
        self._book.close()


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else str(cell.total_seconds())


def _unreadable() -> InvalidInput:
    return InvalidInput(
        _(
            "This workbook is damaged and can’t be opened. Open it in your spreadsheet program, "
            "save it again as XLSX and upload the new file."
        )
    )


def _too_large(content: Content) -> InvalidInput:
    return InvalidInput(
        _(
            "This workbook unpacks to more than %(size)s MB, far more than a member list needs. Copy "
            "the rows into a new workbook, or save the sheet as CSV."
        )
        % {"size": content.limits.unpacked // (1024 * 1024)}
    )


def _refuse_bombs(content: Content) -> int:
    """Return how many bytes a workbook unpacks to; refuse one that fills the memory."""
    try:
        return sum(_look_into(content))
    except DamagedArchive:
        raise _unreadable() from None


def _look_into(content: Content) -> Iterator[int]:
    total = 0
    for name, pieces in _parts(content):
        is_sheet = "worksheets/" in name.lower() and name.lower().endswith(".xml")
        guard = _CornerGuard(content.limits.rows) if is_sheet else None
        for piece in pieces:
            total += len(piece)
            if total > content.limits.unpacked:
                raise _too_large(content)
            if _ENTITY.search(piece) and name.lower().endswith((".xml", ".rels")):
                raise DamagedArchive
            if guard is not None:
                guard.look_at(piece)
            yield len(piece)


def _parts(content: Content) -> Iterator[tuple[str, Iterator[bytes]]]:
    if content.size > _AT_ONCE:
        # Python's own reader stops where the archive says that a part ends.
        for name in list_members(content):
            yield name, open_member(content, name).pieces()
        return
    data = content.read()
    parts = list_parts(data)
    if len(parts) > MAX_PARTS or sum(one.file_size for one in parts) > content.limits.unpacked:
        raise _too_large(content)
    for part in parts:
        yield part.filename, unpack(data, part)


class _CornerGuard:
    """Refuses a sheet with a filled cell further out than a list has, or with too many rows."""

    def __init__(self, rows: int) -> None:
        self._rest = b""
        self._last_row = min(rows + 100, _MAX_SHEET_ROWS)
        self._rows = 0

    def look_at(self, piece: bytes) -> None:
        self._rows += (self._rest[-3:] + piece).count(b"<row")
        if self._rows > _MAX_SHEET_ROWS:
            raise InvalidInput(
                _(
                    "The sheet has more than %(rows)s rows, most of them empty. Copy your list "
                    "into a new workbook, or save it as CSV."
                )
                % {"rows": _MAX_SHEET_ROWS}
            )
        text = _EMPTY_CELL.sub(b"", self._rest + piece)
        for letters, digits in _REFERENCE.findall(text):
            if int(digits) > self._last_row or _column(letters) > MAX_COLUMNS:
                raise InvalidInput(
                    _(
                        "The sheet extends to cell %(cell)s; a member list can have %(columns)s "
                        "columns and %(rows)s rows. Delete anything outside your list, or copy "
                        "the list into a new workbook."
                    )
                    % {
                        "cell": (letters + digits).decode(),
                        "columns": MAX_COLUMNS,
                        "rows": self._last_row,
                    }
                )
        self._rest = text[-200:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
