"""Inferring a table's schema from its head and a sample of the rest."""

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from proxeny.engine.package._infer import guess_field
from proxeny.engine.package._rows import Meter, UnreadableRow, read_rows
from proxeny.engine.package.problems import Problem, Refused
from proxeny.engine.package.schema import Dialect, Schema
from proxeny.engine.package.schema_json import MOST_FIELDS

__all__ = ["Inferred", "infer_schema"]

_PLACES = 40
_BYTES = 16 * 1024
_MOST_HELD = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """Inferred structure of a table.

    Parameters
    ----------
    schema : Schema
        Its columns.
    rows : int
        The number of rows examined.
    doubts : tuple of Problem
        Columns for a manual check: `where` is the name, the code the reason (`day_or_month`,
        `decimal_or_group`, `outliers`, `empty`).
    sample : tuple
        The first rows as written.
    """

    schema: Schema
    rows: int
    doubts: tuple[Problem, ...]
    sample: tuple[tuple[str, ...], ...]


def infer_schema(
    stream: BinaryIO, dialect: Dialect, *, head: int = 1_000, least: float = 0.9
) -> Inferred:
    """Return the likely schema of a table.

    Parameters
    ----------
    stream : binary file
        Seekable; it stays open.
    head : int
        How many rows at the beginning are looked at; besides them, some in forty places spread
        over the whole file.
    least : float
        The share of a column's values that have to be of a type; the rest will be reported.

    Raises
    ------
    Refused
        `no_rows`, `fields`, `row_too_long`: no table, too many columns, a row without an end.
    """
    try:
        rows = _head(stream, dialect, head + 1)
    except UnreadableRow as error:
        raise Refused(Problem("row_too_long", str(error.row))) from None
    rows = [row for row in rows if row]
    if not rows:
        raise Refused(Problem("no_rows"))
    labels, body = _split(rows, dialect)
    if len(labels) > MOST_FIELDS:
        raise Refused(Problem("fields", params={"found": len(labels), "most": MOST_FIELDS}))
    width = len(labels)
    looked_at = body[:head] + [row for row in _spread(stream, dialect) if len(row) == width]
    columns = list(itertools.zip_longest(*looked_at, fillvalue=""))[:width]
    columns += [()] * (width - len(columns))
    guesses = [
        guess_field(name, values, least=least, comma_decimal=dialect.delimiter == ";")
        for name, values in zip(labels, columns, strict=True)
    ]
    missing = sorted(frozenset().union(*(guess.missing for guess in guesses)))
    return Inferred(
        schema=Schema(
            fields=tuple(guess.field for guess in guesses), missing_values=("", *missing)
        ),
        rows=len(looked_at),
        doubts=tuple(
            Problem(guess.doubt, guess.field.name, "note", {"fits": round(guess.fits, 3)})
            for guess in guesses
            if guess.doubt
        ),
        sample=tuple(tuple(row) for row in body[:20]),
    )


def _head(stream: BinaryIO, dialect: Dialect, most: int) -> list[list[str]]:
    """Return the first rows; fewer where they are very long."""
    rows, held = [], 0
    meter = Meter()
    for row in read_rows(stream, dialect, meter):
        rows.append(row)
        held += meter.taken
        if len(rows) >= most or held > _MOST_HELD:
            break
    return rows


def _split(rows: list[list[str]], dialect: Dialect) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns, none empty or twice, and the rows below."""
    if not dialect.header:
        return [f"field{at}" for at in range(1, len(rows[0]) + 1)], rows
    labels: list[str] = []
    for at, label in enumerate(rows[0], 1):
        label = label.strip() or f"field{at}"
        copies = itertools.count(2)
        name = label
        while name in labels:
            name = f"{label}{next(copies)}"
        labels.append(name)
    return labels, rows[1:]


def _spread(stream: BinaryIO, dialect: Dialect) -> Iterator[Sequence[str]]:
    """Yield some rows in places all over a long file.

    A place may lie within a cell of several lines; then its rows have another width, mostly.
    """
    if dialect.encoding.startswith("utf-16"):
        return
    size = stream.seek(0, io.SEEK_END)
    if size < 2 * _PLACES * _BYTES:
        return
    for place in range(1, _PLACES):
        stream.seek(size * place // _PLACES)
        text = stream.read(_BYTES).decode(dialect.encoding, errors="replace")
        lines = text.splitlines(keepends=True)[1:-1]
        try:
            yield from csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote_char)
        except csv.Error:
            continue
