"""Reading delimited text line by line, whatever its line ends, and saying where it breaks."""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import cast

from django.utils.translation import gettext as _

from proxeny.directory.sources.content import Content
from proxeny.directory.sources.encoding import damaged
from proxeny.directory.sources.table import MAX_CELL, MAX_LINE, too_long_line
from proxeny.kernel.errors import InvalidInput

_DELIMITERS = (",", ";", "\t", "|")
_HEAD_LINES = 200

csv.field_size_limit(MAX_CELL)


def read_lines(content: Content, encoding: str) -> Iterator[str]:
    """Yield the lines of a text with their ends.

    Raises
    ------
    InvalidInput
        A byte that the encoding does not have, or a line that no list has; names the row.
    """
    with content.open() as raw:
        unbuffered = cast("io.RawIOBase", raw)
        buffered = raw if isinstance(raw, io.BytesIO) else io.BufferedReader(unbuffered)
        text = io.TextIOWrapper(buffered, encoding, newline="")
        number = 0
        try:
            while line := text.readline(MAX_LINE):
                number += 1
                if len(line) == MAX_LINE:
                    raise too_long_line(number)
                yield line.removeprefix("\ufeff") if number == 1 else line
        except UnicodeError:
            raise damaged(content, encoding) from None


def find_delimiter(content: Content, encoding: str) -> tuple[str, bool]:
    """Return the delimiter of the cells, and whether the first line declares it (`sep=;`)."""
    lines = list(islice(read_lines(content, encoding), _HEAD_LINES))
    first = lines[0].strip() if lines else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], True
    widths = {one: _agreed_width(lines, one) for one in _DELIMITERS}
    return max(widths, key=lambda one: widths[one]), False


def _agreed_width(lines: list[str], delimiter: str) -> tuple[float, int]:
    # Of the first rows, how many agree on a number of columns above one; and that number.
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        widths = Counter(len(row) for row in islice(reader, 50) if any(row))
    except csv.Error:
        return 0.0, 0
    width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(0, 0))
    return (times / widths.total() if width > 1 else 0.0), width


def read_records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's number and its cells.

    Raises
    ------
    InvalidInput
        A cell is opened with a quotation mark that is never closed, or holds far too much.
    """
    kept = _Kept(lines)
    reader = csv.reader(kept, delimiter=delimiter)
    for number in itertools.count(1):
        before = reader.line_num
        kept.lines.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _refuse(number, before + 1, spans=reader.line_num - before > 1) from None
        if kept.is_over and _is_open(kept.lines, delimiter):
            raise _refuse(number, before + 1, spans=True)
        yield number, cells


class _Kept:
    """An iterator that passes lines on and keeps those of the current record."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._inner = iter(lines)
        self.lines: list[str] = []
        self.is_over = False

    def __iter__(self) -> "_Kept":
        return self

    def __next__(self) -> str:
        try:
            line = next(self._inner)
        except StopIteration:
            self.is_over = True
            raise
        self.lines.append(line)
        return line


def _is_open(lines: list[str], delimiter: str) -> bool:
    try:
        for _cells in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _refuse(row: int, line: int, *, spans: bool) -> InvalidInput:
    reason = (
        _(
            "From row %(row)s (line %(line)s of the file), the cells run into one another: a "
            "quotation mark opens there and never closes. Correct that row, or save the list as "
            "XLSX."
        )
        if spans
        else _(
            "A cell in row %(row)s (line %(line)s of the file) has more than %(limit)s million "
            "characters; no field can hold that much. Shorten or delete the text."
        )
    )
    values = {"row": row, "line": line, "limit": MAX_CELL // (1024 * 1024)}
    return InvalidInput(reason % values, field="file")
