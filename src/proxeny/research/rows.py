"""Rows of a table in a package, for its preview and for the evidence that rests on them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from proxeny.engine.package import Dialect, dump_dialect, load_dialect, take_rows
from proxeny.kernel.errors import NotFound
from proxeny.research.store import get_store

#: So many rows at once, and no more: a page is to be read.
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table.

    Attributes
    ----------
    header : tuple of str
        The names of the columns.
    rows : tuple
        Each as its number in the file (the header is row 1) and its cells.
    more : bool
        Whether others follow.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    more: bool


def read_rows(
    sha256: str, dialect: dict[str, Any] | None, schema: dict[str, Any] | None, first: int,
    last: int,
) -> Rows:  # fmt: skip
    """Return rows of a table of the store, at most 200, reading no further than they go.

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
    """
    first = max(1, first)
    last = min(max(first, last), first + MOST_ROWS - 1)
    try:
        stream = get_store().open(sha256)
    except KeyError:
        raise NotFound(
            _("This file cannot be found in the store. Tell whoever runs this site.")
        ) from None
    with stream:
        found = take_rows(stream, load_written(dialect), first, last)
    names = tuple(str(one.get("name", "")) for one in (schema or {}).get("fields", []))
    return Rows(found.header or names, found.rows, found.more)


def dump_written(dialect: Dialect) -> dict[str, Any]:
    """Return how a table is written as a row keeps it: its dialect, and its encoding."""
    return {**dump_dialect(dialect), "encoding": dialect.encoding}


def load_written(said: dict[str, Any] | None) -> Dialect:
    """Return how a table is written, of what `dump_written` gave."""
    said = said or {}
    return load_dialect(said, encoding=said.get("encoding", "utf-8"))
