"""Checking a whole table against its schema, row after row, in little memory."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np

from proxeny.engine.package._column import Column, Verdict
from proxeny.engine.package._rows import UnreadableRow, read_blocks, read_rows
from proxeny.engine.package.schema import Dialect, Schema

__all__ = ["CellProblem", "TableReport", "validate_table"]

_BLOCK = 2_000
_LONGEST_VALUE = 100


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Error in a table.

    Parameters
    ----------
    row : int
        As in the file: the header is row 1.
    column : str
        Its name; empty if it is about the row.
    code : str
        As in frictionless: `type-error`, `constraint-error`, `missing-cell`, `extra-cell`,
        `blank-row`, `unique-error`, `primary-key`, `encoding-error`, `missing-label`,
        `extra-label`, `incorrect-label`, `duplicate-label`, `blank-label`, `source-error`.
    value : str
        The content of the cell, truncated if long.
    params : mapping
        Values for a message about it.
    """

    row: int
    column: str
    code: str
    value: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """Findings on a table.

    Parameters
    ----------
    rows : int
        The number of rows examined, without the header.
    stopped : bool
        Whether it ended before the table did.
    counts : mapping
        The number of problems of each code.
    problems : tuple of CellProblem
        The first of each code, by row.
    """

    rows: int
    stopped: bool
    counts: Mapping[str, int]
    problems: tuple[CellProblem, ...]

    @property
    def valid(self) -> bool:
        """Whether the whole table was examined without a problem."""
        return not self.counts and not self.stopped


def validate_table(
    stream: BinaryIO,
    dialect: Dialect,
    schema: Schema,
    *,
    most: int = 100,
    go_on: Callable[[int], bool] = lambda rows: True,
) -> TableReport:
    """Check a table.

    Parameters
    ----------
    stream : binary file
        Seekable; it stays open.
    most : int
        How many problems of each code are listed; all are counted.
    go_on : callable
        Asked every 2,000 rows with their number; where it answers no, the checking stops.
    """
    check = _Check(schema, most)
    blocks = read_blocks(stream, dialect, _BLOCK)
    stopped, header = False, dialect.header
    try:
        for block in blocks:
            if header:
                check.header(block[0])
                header = False
                continue
            check.block(block)
            if not go_on(check.row - check.first):
                stopped = True
                break
    except UnreadableRow as error:
        check.note(error.row, "", ("source-error", {"reason": "row_too_long"}))
        stopped = True
    blocks.close()
    _note_doubles(check, stream, dialect)
    return TableReport(
        rows=check.row - check.first,
        stopped=stopped,
        counts=dict(check.counts),
        problems=tuple(sorted(check.problems, key=lambda one: one.row)),
    )


class _Check:
    """A check that is on its way."""

    def __init__(self, schema: Schema, most: int) -> None:
        self.columns = [Column(one, schema) for one in schema.fields]
        self.most = most
        self.counts: Counter[str] = Counter()
        self.problems: list[CellProblem] = []
        self.first = 1
        self.row = 1
        # As wide as the header says, which may have more or fewer columns than the schema.
        self.width = len(self.columns)
        names = [one.name for one in schema.fields]
        # Values that must be unique: the error code, and the places of the columns.
        self.keys: list[tuple[str, tuple[int, ...]]] = [
            ("unique-error", (at,))
            for at, one in enumerate(schema.fields)
            if one.constraints.unique
        ]
        if schema.primary_key:
            self.keys.append(("primary-key", tuple(map(names.index, schema.primary_key))))
        # Of each row a hash of its key, eight bytes; 0 is a row without one.
        self.hashes = [array("q") for _ in self.keys]

    def note(self, row: int, column: str, verdict: Verdict, value: str = "") -> None:
        """Count a problem, and list it if it is among the first of its code."""
        code, params = verdict
        self.counts[code] += 1
        if self.counts[code] <= self.most:
            value = value.encode("utf-8", "replace").decode()[:_LONGEST_VALUE]
            self.problems.append(CellProblem(row, column, code, value, params))

    def header(self, labels: Sequence[str]) -> None:
        """Compare the header with the schema."""
        self.first = self.row = 2
        self.width = len(labels)
        names = [column.field.name for column in self.columns]
        for at, label in enumerate(labels[: len(names)]):
            if label and label in labels[:at]:
                self.note(1, names[at], ("duplicate-label", {}), label)
            if not label.strip():
                self.note(1, names[at], ("blank-label", {"position": at + 1}), label)
            elif label.strip() != names[at].strip():
                self.note(1, names[at], ("incorrect-label", {"expected": names[at]}), label)
        for name in names[len(labels) :]:
            self.note(1, name, ("missing-label", {"expected": name}))
        for at, label in enumerate(labels[len(names) :], len(names) + 1):
            self.note(1, "", ("extra-label", {"position": at}), label)

    def block(self, rows: list[list[str]]) -> None:
        """Check some rows that follow each other."""
        width, count = self.width, len(self.columns)
        found: list[tuple[int, str, Verdict, str]] = []
        full: list[Sequence[str | None]] = list(rows)
        for at, row in enumerate(rows):
            if len(row) != count or width != count or not any(row):
                found += self._uneven(at, row)
                full[at] = self.padded(row)
        columns = list(zip(*full, strict=True)) or [()] * count
        for column, values in zip(self.columns, columns, strict=True):
            name = column.field.name
            for at, verdict in column.check(values):
                found.append((at, name, verdict, values[at] or ""))
        for at, name, verdict, value in sorted(found, key=lambda one: one[0]):
            self.note(self.row + at, name, verdict, value)
        if self.keys:
            self._note_keys(columns)
        self.row += len(rows)

    def _note_keys(self, columns: Sequence[Sequence[str | None]]) -> None:
        """Keep a hash of each row's keys."""
        read = {
            at: self.columns[at].keys(columns[at])
            for at in {at for _, places in self.keys for at in places}
        }
        for hashes, (_, places) in zip(self.hashes, self.keys, strict=True):
            parts = [read[at] for at in places]
            if len(parts) == 1:
                hashes.extend([0 if key is None else hash(key) or 1 for key in parts[0]])
            else:
                hashes.extend(
                    [
                        0 if all(part is None for part in key) else hash(key) or 1
                        for key in zip(*parts, strict=True)
                    ]
                )

    def _uneven(self, at: int, row: list[str]) -> Iterator[tuple[int, str, Verdict, str]]:
        figures = {"found": len(row), "expected": self.width}
        if not any(row):
            yield at, "", ("blank-row", {}), ""
        elif len(row) < self.width:
            names = [column.field.name for column in self.columns[len(row) : len(row) + 1]]
            yield at, "".join(names), ("missing-cell", figures), ""
        elif len(row) > self.width:
            yield at, "", ("extra-cell", figures), row[self.width]

    def padded(self, row: list[str]) -> list[str | None]:
        """Return the cells of a row that the schema knows; None is not looked at."""
        count = len(self.columns)
        if not any(row):
            return [None] * count
        known = row[: min(count, self.width)]
        return [*known, *[None] * (count - len(known))]

    def key(self, row: Sequence[str | None], places: tuple[int, ...]) -> tuple[Any, ...]:
        """Return what may be in no other row."""
        return tuple(self.columns[at].keys([row[at]])[0] for at in places)


def _note_doubles(check: _Check, stream: BinaryIO, dialect: Dialect) -> None:
    """Note rows whose key is in a row before.

    Their hashes are compared; only where two are the same, the rows are read once more, and what
    is in them decides.
    """
    for hashes, (code, places) in zip(check.hashes, check.keys, strict=True):
        count, pairs = _pairs(hashes, check.most)
        if not pairs:
            continue
        wanted = {at for pair in pairs for at in pair}
        texts = _read_at(stream, dialect, (check, wanted))
        names = ", ".join(check.columns[at].field.name for at in places)
        for at, before in pairs:
            if check.key(texts[at], places) == check.key(texts[before], places):
                value = ", ".join(texts[at][place] or "" for place in places)
                check.note(check.first + at, names, (code, {"first": check.first + before}), value)
        # The rest is only counted.
        check.counts[code] += count - len(pairs)
    check.counts = +check.counts


def _pairs(hashes: array[int], most: int) -> tuple[int, list[tuple[int, int]]]:
    """Return how many hashes were there before, and of some their places and the first such."""
    values = np.frombuffer(hashes, dtype=np.int64) if hashes else np.zeros(0, np.int64)
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    again = np.flatnonzero((ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)) + 1
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    firsts = starts[np.searchsorted(starts, again, side="right") - 1]
    listed = np.argsort(order[again])[:most]
    pairs = zip(order[again][listed].tolist(), order[firsts][listed].tolist(), strict=True)
    return len(again), list(pairs)


def _read_at(
    stream: BinaryIO, dialect: Dialect, how: tuple[_Check, set[int]]
) -> dict[int, Sequence[str | None]]:
    """Return the rows at some places, counted below the header."""
    check, wanted = how
    texts: dict[int, Sequence[str | None]] = {}
    last = max(wanted)
    for at, row in enumerate(read_rows(stream, dialect), 1 - check.first):
        if at in wanted:
            texts[at] = check.padded(row)
        if at >= last:
            break
    return texts
