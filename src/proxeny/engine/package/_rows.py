"""A table's rows out of a stream of bytes, with bounds for everything a file could overdo."""

import csv
import functools
import io
import re
from collections.abc import Generator, Iterator
from typing import BinaryIO

from proxeny.engine.package.schema import Dialect

__all__ = ["FOREIGN", "UnreadableRow", "read_blocks", "read_rows"]

#: A row that is longer is none of a table.
LONGEST_ROW = 1 << 20
_MOST_HELD = 1 << 21
#: Bytes that the encoding does not know are read as these.
FOREIGN = re.compile("[\udc80-\udcff\ufffd]|[\x00-\x08\x0b\x0c\x0e-\x1f]")


class UnreadableRow(Exception):
    """A row that is too long to be one, mostly because of an unclosed quotation mark.

    Parameters
    ----------
    row : int
        Its number. Nothing after it can be read.
    """

    def __init__(self, row: int) -> None:
        super().__init__(f"row {row} is too long")
        self.row = row


def read_rows(
    stream: BinaryIO, dialect: Dialect, meter: "Meter | None" = None
) -> Generator[list[str]]:
    """Yield the rows of a table from the start of a stream, header included.

    The stream stays open. A row is a row also where a cell goes over several lines.

    Raises
    ------
    UnreadableRow
        When it is come to.
    """
    stream.seek(0)
    wide = dialect.encoding.lower().startswith("utf-16")
    text = io.TextIOWrapper(
        stream,
        encoding=dialect.encoding,
        errors="replace" if wide else "surrogateescape",
        newline="",
    )
    meter = meter or Meter()
    number = 0
    try:
        lines = iter(functools.partial(text.readline, LONGEST_ROW), "")
        reader = csv.reader(
            meter.measured(lines), delimiter=dialect.delimiter, quotechar=dialect.quote_char
        )
        for row in reader:
            number += 1
            yield row
            meter.taken = 0
    except (csv.Error, _LongRow):
        # A cell that is too long is an error of the reader's own.
        raise UnreadableRow(number + 1) from None
    finally:
        text.detach()


class _LongRow(Exception):
    pass


class Meter:
    """Counts what one row takes, be it one line or many."""

    def __init__(self) -> None:
        self.taken = 0

    def measured(self, lines: Iterator[str]) -> Iterator[str]:
        for at, line in enumerate(lines):
            self.taken += len(line)
            if self.taken >= LONGEST_ROW:
                raise _LongRow
            # A mark of the byte order is no part of the first label.
            yield line if at else line.removeprefix("\ufeff")


def read_blocks(stream: BinaryIO, dialect: Dialect, size: int) -> Generator[list[list[str]]]:
    """Yield the rows of a table in lists of a size; in shorter ones where there is much in them.

    A header is a list of its own.
    """
    meter = Meter()
    block: list[list[str]] = []
    held = _MOST_HELD if dialect.header else 0
    for row in read_rows(stream, dialect, meter):
        block.append(row)
        held += meter.taken
        if len(block) >= size or held >= _MOST_HELD:
            yield block
            block, held = [], 0
    if block:
        yield block
