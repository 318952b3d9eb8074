"""Tables of other people's files, read in a process of their own (`kernel.sandbox`)."""

from collections.abc import Iterator
from dataclasses import fields
from itertools import islice
from pathlib import Path
from typing import Any

from proxeny.directory.sources.content import COMMAND, PAGE, Content, refuse_size
from proxeny.directory.sources.content import Limits as Room
from proxeny.directory.sources.reading import open_table
from proxeny.directory.sources.table import SAMPLE_ROWS, Row, Table
from proxeny.kernel.sandbox import Limits, stream_apart

_GB = 1024**3
#: While somebody waits for the page; in a job; and for the operator, on the site's own machine.
ON_PAGE = Limits(cpu_s=20, wall_s=25, memory=_GB, output=_GB)
IN_JOB = Limits(cpu_s=600, wall_s=120, memory=_GB, output=2 * _GB)
BY_COMMAND = Limits(cpu_s=24 * 3600, wall_s=600, memory=2 * _GB, output=64 * _GB)


def open_apart(
    data: bytes | Path,
    *,
    encoding: str = "",
    sheet: str = "",
    room: Room = PAGE,
    limits: Limits = ON_PAGE,
) -> Table:
    """Examine a file and return how to read it, as `reading.open_table`.

    Each time its rows are read, a process of their own reads the file again; the first time it is
    the one that looked at it.

    Raises
    ------
    InvalidInput
        With a sentence that says what is wrong, where, and what to do.
    """
    size = data.stat().st_size if isinstance(data, Path) else len(data)
    refuse_size(size, room)
    asked = [room.size, room.unpacked, room.rows, encoding, sheet]

    def stream() -> Iterator[Any]:
        return stream_apart(read_rows, data, *asked, limits=limits)

    begun = stream()
    head = next(begun)
    waiting = [begun]

    def read() -> Iterator[Row]:
        rows = waiting.pop() if waiting else islice(stream(), 1, None)
        return (Row(number, cells) for number, cells in rows)

    sample = [Row(number, cells) for number, cells in head.pop("sample")]
    return Table(**head, reader=read, sample=sample)


def read_rows(
    data: bytes | Path, size: int, unpacked: int, rows: int, encoding: str, sheet: str
) -> Iterator[Any]:
    """Yield the properties of a table, and then its rows."""
    room = Room(size, unpacked, rows)
    content = (
        Content.of_path(data, room) if isinstance(data, Path) else Content.of_bytes(data, room)
    )
    table = open_table(content, encoding=encoding, sheet=sheet)
    told = {one.name: getattr(table, one.name) for one in fields(table) if one.name != "reader"}
    sample = islice(table.rows(), SAMPLE_ROWS)
    yield told | {"sample": [[row.number, row.cells] for row in sample]}
    for row in table.rows():
        yield [row.number, row.cells]


__all__ = ["BY_COMMAND", "COMMAND", "IN_JOB", "ON_PAGE", "PAGE", "open_apart", "read_rows"]
