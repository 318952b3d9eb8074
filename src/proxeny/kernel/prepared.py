"""Queries that PostgreSQL plans once for a connection, not each time they are asked.

For the few long ones that stand before every page: planning them takes several times as long as
answering them. Django writes values into the text of a query, which PostgreSQL must then read and
plan anew; these send the values apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
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
