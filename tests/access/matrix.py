"""The access matrix, read from the page that people read: `docs/reference/access.md`.

Routes say how they are called (`routes/`, `api/`); who may call them is said there alone.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "access.md"
#: The crowd's people, by the heads of the columns.
COLUMNS = {
    "–": "nobody",
    "no seat": "stranger",
    "C·M": "c_manager",
    "C·m": "c_member",
    "A·J": "a_juror",
    "A·m": "a_member",
    "A·o": "a_other_member",
    "A·V": "a_adviser",
    "A·A": "a_ambassador",
    "A·M": "a_manager",
    "B·m": "b_member",
    "B·A": "b_ambassador",
    "B·M": "b_manager",
}
READS = "read"
YES, NO, UNTRIED = "●", "", "·"


@dataclass(frozen=True)
class Row:
    """One record and what is done to it.

    Attributes
    ----------
    readers : frozenset of str
        Who may, by the names of `Crowd.people`; everybody else may not.
    pages, programs : tuple of str
        Keys of `ROUTES` or `PUBLIC`, and of `API_ROUTES`.
    beneath : tuple of str
        Tables by their label, and kinds of job as `job:…`.
    """

    record: str
    action: str
    readers: frozenset[str]
    pages: tuple[str, ...]
    programs: tuple[str, ...]
    beneath: tuple[str, ...]

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that hold the record."""
        return tuple(one for one in self.beneath if not one.startswith("job:"))


@dataclass(frozen=True)
class Change:
    """Whether somebody still reads a record after something has changed."""

    record: str
    who: str
    state: str
    reads: bool


def _tables() -> list[list[dict[str, str]]]:
    """Return the page's tables, each row by the heads of its columns."""
    found: list[list[dict[str, str]]] = []
    heads: list[str] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            heads = []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not heads:
            heads = cells
            found.append([])
        elif set(line) - set("|:- "):
            assert len(cells) == len(heads), f"Not {len(heads)} cells: {line}"
            found[-1].append(dict(zip(heads, cells, strict=True)))
    return found


def _ways(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


def _row(cells: dict[str, str]) -> Row:
    marks = {who: cells[head] for head, who in COLUMNS.items()}
    assert set(marks.values()) <= {YES, NO}, cells
    readers = frozenset(who for who, mark in marks.items() if mark == YES)
    ways = (_ways(cells[head]) for head in ("by page", "by program", "beneath"))
    return Row(cells["record"], cells["action"], readers, *ways)


@cache
def rows() -> tuple[Row, ...]:
    """Return all rows of the matrix."""
    return tuple(_row(cells) for table in _tables() for cells in table if "by page" in cells)


@cache
def changes() -> tuple[Change, ...]:
    """Return all cells of the second matrix that are tried."""
    return tuple(
        Change(cells["record"], COLUMNS[cells["who"]], state, cells[state] == YES)
        for table in _tables()
        for cells in table
        if "own seat over" in cells
        for state in cells
        if state not in ("record", "who") and cells[state] != UNTRIED
    )


@cache
def links() -> dict[tuple[str, str], bool]:
    """Return whether each link opens in each state that is tried."""
    return {
        (_ways(cells["link"])[0], state): cells[state] == YES
        for table in _tables()
        for cells in table
        if "link" in cells
        for state in cells
        if state != "link" and cells[state] != UNTRIED
    }


@cache
def _by_way(column: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows():
        for way in getattr(row, column):
            assert way not in found, f"{way} is in two rows: {found[way].record}, {row.record}."
            found[way] = row
    return found


def pages() -> dict[str, Row]:
    """Return the row of each key of a page."""
    return _by_way("pages")


def programs() -> dict[str, Row]:
    """Return the row of each key of an operation of the API."""
    return _by_way("programs")
