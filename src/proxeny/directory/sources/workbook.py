"""Reading an XLSX workbook without letting a small file fill the memory.

A workbook is a ZIP archive: 20 MB of it may unpack to gigabytes, and one cell in the last corner
of a sheet makes a reader allocate all cells before it. Both are looked for before anything is
parsed, by unpacking in small pieces and counting; declared sizes are not believed.
"""

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from proxeny.directory.memberlist.table import MAX_COLUMNS, MAX_ROWS
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.files.unpacking import DamagedArchive, list_parts, unpack

MAX_UNPACKED = 200 * 1024 * 1024
MAX_PARTS = 2000
_EMPTY_CELL = re.compile(rb"<c\s[^<>]*/>")
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,7})(\d{1,9})[\"']")


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are an Office Open XML workbook, whatever the file is called.

    Raises `InvalidInput` for an archive that is cut off.
    """
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        raise _unreadable() from None


def read_workbook(data: bytes, sheet: str = "") -> tuple[str, list[str], list[list[str]]]:
    """Return the sheet's name, the names of all visible sheets, and the sheet's cells as text.

    Without `sheet` the first visible one that holds anything is read.

    Raises
    ------
    InvalidInput
        The archive is damaged, locked with a password, unpacks too large, or its cells lie too
        far apart.
    """
    _refuse_bombs(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [
            one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible
        ]
        for name in [sheet] if sheet in names else names:
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(any(cell != "" for cell in row) for row in cells):
                return name, names, [[_text(cell) for cell in row] for row in cells]
    except PasswordError:
        raise InvalidInput(
            _("This workbook is locked with a password. Save it without one and upload it again.")
        ) from None
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable() from error
    return sheet, names, []


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
        _("This workbook is damaged and cannot be opened. Open it in your spreadsheet program, "
          "save it again as XLSX, and upload the new file.")
    )  # fmt: skip


def _too_large() -> InvalidInput:
    return InvalidInput(
        _("This workbook unpacks to more than %(size)s MB, far more than a member list needs. Copy "
          "the rows into a new workbook, or save the sheet as CSV.")
        % {"size": MAX_UNPACKED // (1024 * 1024)}
    )  # fmt: skip


def _refuse_bombs(data: bytes) -> None:
    try:
        _look_into(data, list_parts(data))
    except DamagedArchive:
        raise _unreadable() from None


def _look_into(data: bytes, parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _too_large()
    total = 0
    for part in parts:
        guard = _CornerGuard() if part.filename.lower().endswith(".xml") else None
        for piece in unpack(data, part):
            total += len(piece)
            if total > MAX_UNPACKED:
                raise _too_large()
            if guard is not None and "worksheets/" in part.filename.lower():
                guard.look_at(piece)


class _CornerGuard:
    """Refuses a sheet that has a filled cell further out than a member list has."""

    def __init__(self) -> None:
        self._rest = b""

    def look_at(self, piece: bytes) -> None:
        text = _EMPTY_CELL.sub(b"", self._rest + piece)
        for letters, digits in _REFERENCE.findall(text):
            if int(digits) > MAX_ROWS + 100 or _column(letters) > MAX_COLUMNS:
                raise InvalidInput(
                    _("The sheet reaches out to cell %(cell)s; a member list may have "
                      "%(columns)s columns and %(rows)s rows. Delete what lies outside your list, "
                      "or copy the list into a new workbook.")
                    % {"cell": (letters + digits).decode(), "columns": MAX_COLUMNS,
                       "rows": MAX_ROWS}
                )  # fmt: skip
        self._rest = text[-200:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
