"""Some rows of a table, read no further than they go."""

from dataclasses import dataclass
from typing import BinaryIO

from proxeny.engine.package._rows import UnreadableRow, read_rows
from proxeny.engine.package.schema import Dialect

__all__ = ["Excerpt", "take_rows"]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Rows of a table as they are written.

    Parameters
    ----------
    header : tuple of str
        The names of the columns; empty where the file has none.
    rows : tuple
        Each with its number in the file, where the header is row 1.
    more : bool
        Whether rows follow.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    more: bool


def take_rows(stream: BinaryIO, dialect: Dialect, first: int, last: int) -> Excerpt:
    """Return the rows of a table from one number to another, both included.

    Parameters
    ----------
    stream : binary file
        Seekable; it stays open.
    first, last : int
        As counted in the file; the header is row 1, and never among the rows.

    Notes
    -----
    Reads up to the row after `last`. What cannot be read ends the excerpt.
    """
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    reading = read_rows(stream, dialect)
    try:
        for number, row in enumerate(reading, 1):
            if number == 1 and dialect.header:
                header = _plain(row)
            elif number > last:
                return Excerpt(header, tuple(rows), more=True)
            elif number >= first:
                rows.append((number, _plain(row)))
    except UnreadableRow:
        pass
    finally:
        reading.close()
    return Excerpt(header, tuple(rows), more=False)


def _plain(row: list[str]) -> tuple[str, ...]:
    """Return cells as any program can write them: bytes that the encoding does not know are marked."""
    return tuple(text.encode("utf-8", "replace").decode() for text in row)
