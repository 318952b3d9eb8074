"""Rows of a table in a package, for its preview and for the evidence that rests on them."""

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from proxeny.engine.package import Excerpt
from proxeny.research.rules import Place
from proxeny.research.sandboxed import load_written, take_excerpt
from proxeny.research.store import open_bytes

#: So many rows at once, and no more: a page is to be read.
MOST_ROWS = 200
#: So many rows stand before and after those that are cited, and so many once more are asked for.
AROUND, MORE_AROUND = 3, 25
#: So many rows of a file are shown to choose from, where none is chosen yet.
FIRST_ROWS = 20


def read_rows(
    sha256: str,
    dialect: dict[str, Any] | None,
    schema: dict[str, Any] | None,
    first: int,
    last: int,
) -> Excerpt:
    """Return rows of a table of the store, at most 200, reading no further than they go.

    Without a header its columns are called as the schema calls them.

    Parameters
    ----------
    dialect, schema : dict
        As `PackageFile.dialect` and `PackageFile.table` keep them.
    first, last : int
        As counted in the file, both included; the header, row 1, is never among them.

    Raises
    ------
    NotFound
        The bytes are gone from the store.
    ReadingFailed
        They cannot be read within the limits.
    """
    first = max(1, first)
    last = min(max(first, last), first + MOST_ROWS - 1)
    with open_bytes(sha256) as stream:
        found = take_excerpt(stream, dialect, first, last)
    return found if found.header else replace(found, header=columns_in(schema))


def first_row(dialect: dict[str, Any] | None) -> int:
    """Return the number of the first row that is none of names: 2, or 1 in a table without header."""
    return 2 if load_written(dialect).header else 1


def columns_in(schema: dict[str, Any] | None) -> tuple[str, ...]:
    """Return the names of a table's columns, as its schema has them."""
    return tuple(str(one.get("name", "")) for one in (schema or {}).get("fields", []))


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: whose column it is, whether that column is pointed at, and whether the value is."""

    text: str
    column: str
    in_cited: bool
    is_cited: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row as counted in its file, what it is about, and whether it is pointed at."""

    number: int
    name: str
    cells: tuple[Cell, ...]
    is_cited: bool


@dataclass(frozen=True, slots=True)
class ShownRows:
    """Rows of a table with those around them.

    Attributes
    ----------
    header : tuple of (str, bool)
        The columns, and whether they are cited: cited ones come first.
    first : int
        The number of the first row that can be cited: 2 below a header.
    is_missing : bool
        Whether a cited row or column is not in the file.
    is_cut : bool
        Whether there are more cited rows than fit on a page.
    """

    header: tuple[tuple[str, bool], ...]
    lines: tuple[Line, ...]
    first: int
    is_missing: bool
    is_cut: bool


def show_rows(
    sha256: str,
    dialect: dict[str, Any] | None,
    schema: dict[str, Any] | None,
    *,
    place: Place | None,
    around: int = AROUND,
) -> ShownRows:
    """Return the rows that a place names, marked, with some others around them.

    Without a place, or with one that no row can have, the first rows of the table, none marked.
    Parameters and errors as of `read_rows`.
    """
    if place is None or place.last < place.first:
        found, is_short = read_rows(sha256, dialect, schema, 1, FIRST_ROWS), False
    else:
        found = read_rows(sha256, dialect, schema, place.first - around, place.last + around)
        is_short = [number for number, _cells in found.rows][-1:] < [place.last]
    names, least = columns_in(schema), first_row(dialect)
    cited = _cited_columns(found.header, names, place)
    order = sorted(range(len(found.header)), key=lambda at: at not in cited)
    naming = _naming_column(found, schema)
    return ShownRows(
        header=tuple((found.header[at], at in cited) for at in order),
        lines=tuple(_line(one, found.header, order, naming, cited, place) for one in found.rows),
        first=least,
        is_missing=place is not None
        and (
            not least <= place.first <= place.last
            or (is_short and not found.more)
            or not set(place.columns) <= {*found.header, *names}
        ),
        is_cut=is_short and found.more,
    )


def _cited_columns(
    header: tuple[str, ...], names: tuple[str, ...], place: Place | None
) -> set[int]:
    """Return the cited columns: by their name in the file, or in the schema."""
    if place is None:
        return set()
    if not place.columns:
        return set(range(len(header)))
    both = enumerate(zip_longest(header, names))
    return {at for at, known in both if set(known) & set(place.columns)}


def _naming_column(found: Excerpt, schema: dict[str, Any] | None) -> int | None:
    """Return the column that says what a row is about: its key, else the first that is text.

    None where no row has a text. Without a schema the rows themselves tell.
    """
    keys = (schema or {}).get("primaryKey") or []
    keys = {keys} if isinstance(keys, str) else {str(one) for one in keys}
    fields: list[dict[str, Any]] = (schema or {}).get("fields", [])
    width = range(len(found.header))
    texts = [at for at, one in enumerate(fields) if one.get("type", "string") == "string"]
    named = [at for at in texts if fields[at].get("name") in keys]
    order: list[int] = [*named, *(texts if fields else width)]
    for at in order:
        shown = [cells[at] for _number, cells in found.rows if at < len(cells) and cells[at]]
        if any(letter.isalpha() for text in shown for letter in text):
            return at
    return None


def _line(
    row: tuple[int, tuple[str, ...]],
    header: tuple[str, ...],
    order: list[int],
    naming: int | None,
    cited: set[int],
    place: Place | None,
) -> Line:
    number, cells = row
    is_cited = place is not None and place.first <= number <= place.last
    # A row may have more cells than the header, or fewer.
    wanted = [*(at for at in order if at < len(cells)), *range(len(header), len(cells))]
    return Line(
        number,
        cells[naming] if naming is not None and naming < len(cells) else "",
        tuple(
            Cell(
                cells[at],
                header[at] if at < len(header) else "",
                at in cited,
                is_cited and at in cited,
            )
            for at in wanted
        ),
        is_cited,
    )
