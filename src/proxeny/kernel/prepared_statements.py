"""Queries that PostgreSQL plans once per connection instead of on each execution.

Meant for the few queries that run before every page: composing and planning them takes several
times as long as answering them. Django writes values into the text of a query, so PostgreSQL must
parse and plan it again; these send the values separately.
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
    """Return a cursor whose queries are prepared; use it for query texts that never change.

    A connection prepares a query when it asks it a second time (`OPTIONS` of the database).

    Errors, counted queries and the transaction are those of Django's own cursor.
    """
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        _counted(psycopg.Cursor(connection.connection)) as cursor,
    ):
        yield cursor


class _Unnamed(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **{**options, "prepare": False})


@contextmanager
def bound_cursor() -> Iterator[CursorWrapper]:
    """Return a cursor that sends values separately and prepares nothing.

    A prepared statement has a name, and SQL in the same session can put another one under it. For
    statements that carry what SQL must not see.
    """
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        _counted(_Unnamed(connection.connection)) as cursor,
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
    """Return the query, and the names of the fields that it selects."""
    quote, fields = connection.ops.quote_name, model._meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    query = f"SELECT {columns} FROM {quote(model._meta.db_table)} WHERE {where}"  # noqa: S608
    return query, [field.attname for field in fields]
