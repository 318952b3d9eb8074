"""Rows of several kinds and of any tables, read in one query.

For lists to which each capability contributes its own rows, such as what waits for a reader: they
take one query, however many contribute.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

#: So many of a kind are told, unless it says otherwise.
MOST = 50


@dataclass(frozen=True, slots=True)
class Kind[T]:
    """Rows that are told in the same way.

    Attributes
    ----------
    rows : QuerySet
        In the order in which they are told, without the columns below.
    tell : callable
        Takes a row's columns by their names, dates as text, and returns what it tells; None if
        that is nothing after all.
    columns : mapping
        What `tell` takes: the name, and a column or expression. `pk` comes by itself.
    in_room : str or None
        The column of the room; None for what belongs to none.
    most : int or None
        How many of them.
    """

    rows: QuerySet[Any]
    tell: Callable[..., Any]
    columns: Mapping[str, Any] = field(default_factory=dict)
    in_room: str | None = "partnership_id"
    most: int | None = MOST

    def tell_all(self, rows: Sequence[dict[str, Any]]) -> Iterable[T]:
        """Return what the rows tell."""
        return filter(None, (self.tell(**one) for one in rows))


@dataclass(frozen=True, slots=True)
class Batch[T](Kind[T]):
    """Rows of which more has to be read: `tell` takes the list of them, unless it is empty."""

    def tell_all(self, rows: Sequence[dict[str, Any]]) -> Iterable[T]:
        """Return what the rows tell."""
        return self.tell(rows) if rows else ()


def read_kinds[T](parts: Iterable[T | Kind[T]], *, room: int | None = None) -> Iterator[T]:
    """Yield what several kinds tell, in their order, and what stands between them as it is.

    One query, and those of batches. `room` leaves out the kinds that belong to none, and the rows
    of others.
    """
    asked = [
        one for one in parts if room is None or not isinstance(one, Kind) or one.in_room is not None
    ]
    kinds = [one for one in asked if isinstance(one, Kind)]
    found = iter(fetch_rows([(_rows_of(one, room), one.columns) for one in kinds]))
    for one in asked:
        if isinstance(one, Kind):
            yield from one.tell_all(next(found))
        else:
            yield one


def _rows_of(kind: Kind[Any], room: int | None) -> QuerySet[Any]:
    rows = kind.rows if room is None else kind.rows.filter(**{str(kind.in_room): room})
    return rows if kind.most is None else rows[: kind.most]


def fetch_rows(
    asked: Sequence[tuple[QuerySet[Any], Mapping[str, Any]]],
) -> list[list[dict[str, Any]]]:
    """Return the rows of several queries, each with its columns by their names. One query.

    `pk` comes along; dates, moments and decimal numbers come as JSON has them.
    """
    parts: list[str] = []
    params: list[Any] = []
    for rows, columns in asked:
        try:
            sql, values = rows.values_list("pk", *columns.values()).query.sql_with_params()
        except EmptyResultSet:
            parts.append("NULL")
            continue
        names = ", ".join(map(connection.ops.quote_name, ("pk", *columns)))
        # Both are composed by Django; values come as parameters.
        parts.append(f"ARRAY(SELECT to_json(one) FROM ({sql}) AS one ({names}))")  # noqa: S608
        params += values
    if not any(part != "NULL" for part in parts):
        return [[] for _part in parts]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        found = cursor.fetchone() or ()
    return [rows or [] for rows in found]


def day_of(text: str | None) -> date | None:
    """Return the day of a column that came as text; of a moment its own day in UTC."""
    return date.fromisoformat(text[:10]) if text else None
