"""Queries that PostgreSQL plans once for a connection, not each time they are asked.

For the few that stand before every page: putting them together and planning them takes several
times as long as answering them. Django writes values into the text of a query, which PostgreSQL must
then read and plan anew; these send the values apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

import psycopg
from django.db import connection, models
from django.db.backends.utils import CursorWrapper


def _counted(cursor: Any) -> CursorWrapper:
    # Django's own wrapper: it turns errors into Django's, and tests count what is asked.
    return connection._prepare_cursor(cursor)  # type: ignore[attr-defined,no-any-return]


@contextmanager
def prepared_cursor() -> Iterator[CursorWrapper]:
    """Give a cursor whose queries are prepared; use it for texts that never change.

    A connection prepares a query when it asks it a second time (`OPTIONS` of the database).

    Errors, counted queries and the transaction are those of Django's own cursor.
    """
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        _counted(psycopg.Cursor(connection.connection)) as cursor,
    ):
        yield cursor


def find_prepared[M: models.Model](
    model: type[M], where: str, *values: str | int | datetime
) -> M | None:
    """Return the one row of a model for which `where` holds, or None.

    `where` is a condition that never changes, a `%s` for each value.
    """
    query, names = _select(model, where)
    with prepared_cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    return None if row is None else model.from_db(connection.alias, names, row)


@cache
def _select(model: type[models.Model], where: str) -> tuple[str, list[str]]:
    """Return the query, and the names of the fields that it brings."""
    quote, fields = connection.ops.quote_name, model._meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    query = f"SELECT {columns} FROM {quote(model._meta.db_table)} WHERE {where}"  # noqa: S608
    return query, [field.attname for field in fields]
