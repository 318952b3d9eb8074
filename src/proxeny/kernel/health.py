"""The readiness of this installation: its database, its migrations, a worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.db import Error, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

#: A worker says every three seconds that it lives; one of which nothing was heard so long is gone.
LATELY_S = 30

OK = "ok"


@dataclass(frozen=True, slots=True)
class Readiness:
    """The state of each part: `ok`, or a short description of the problem without private data."""

    database: str
    migrations: str
    worker: str

    @property
    def is_ready(self) -> bool:
        """Whether all parts do well."""
        return {self.database, self.migrations, self.worker} == {OK}


@contextmanager
def as_login() -> Iterator[CursorWrapper]:
    """Ask as the role that signs in: it sees no row of a tenant, but the tables of the machinery.

    In a transaction or savepoint of its own, after which the role is what it was.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), set_config('role', 'none', true)")
        before = cursor.fetchone()[0]
        yield cursor
        cursor.execute("SELECT set_config('role', %s, true)", [before])


def check_readiness() -> Readiness:
    """Ask each part how it does; never raises."""
    try:
        with as_login() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return Readiness("does not answer", "unknown", "unknown")
    return Readiness(OK, _check_migrations(), _check_worker())


def _check_migrations() -> str:
    try:
        with as_login() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    except Error:
        return "not applied"
    return OK if _latest_migrations() <= applied else "not applied"


@cache
def _latest_migrations() -> frozenset[tuple[str, str]]:
    # An app's last migration is applied after all its dependencies.
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _check_worker() -> str:
    try:
        with as_login() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM procrastinate_workers"
                " WHERE last_heartbeat > now() - make_interval(secs => %s))",
                [LATELY_S],
            )
            return OK if cursor.fetchone()[0] else f"not heard of for {LATELY_S} s"
    except Error:
        return "unknown"
