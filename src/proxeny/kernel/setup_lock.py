"""One process at a time prepares a database: its tables, its policies, its first content."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_LOCK = 7011800
_ASK_EVERY_S = 0.2


@contextmanager
def preparing_alone(*, say: Callable[[str], None], using: str = "default") -> Iterator[None]:
    """Hold the database's lock for the block; while another process holds it, say so and wait.

    The lock belongs to the connection, so a process that dies releases it. Blocks may be nested.
    """
    connection = connections[using]
    if not _take(connection):
        say("Another process is preparing this database; waiting for it …")
        while not _take(connection):
            time.sleep(_ASK_EVERY_S)
    try:
        yield
    finally:
        # A connection that broke has let go of it already.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _take(connection: BaseDatabaseWrapper) -> bool:
    # Asked again and again: a statement that waits holds a snapshot, and an index that the other
    # process builds concurrently would wait for that snapshot in turn.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
