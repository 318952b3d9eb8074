"""Databases of their own on the tests' server, for what copies, empties or migrates a whole one."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from proxeny.config.backup.tools import connect
from proxeny.config.postgres import OWNER


@contextmanager
def database(name: str, *, migrated: bool = False) -> Iterator[None]:
    """Make a database, and put it in the place of Django's connection for the block.

    A `migrated` one is copied from the one that `tests.template` keeps, where there is one.
    """
    before = connections["default"]
    _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    copied = migrated and not settings.ENV["DATABASE_URL"]
    _administer("CREATE DATABASE {}" + (f" TEMPLATE {OWNER}" if copied else ""), name)
    here = type(before)({**before.settings_dict, "NAME": name}, alias="default")
    connections["default"] = here
    ContentType.objects.clear_cache()
    try:
        if migrated:
            call_command("migrate", verbosity=0)
        yield
    finally:
        here.close()
        connections["default"] = before
        ContentType.objects.clear_cache()
        _administer("DROP DATABASE {} WITH (FORCE)", name)


def _administer(statement: str, name: str) -> None:
    with connect() as asking:
        at = asking.info.get_parameters()
        password = asking.info.password
    with psycopg.connect(
        **{**at, "dbname": "postgres"}, password=password, autocommit=True
    ) as here:
        for _ in range(50):
            # Whoever vacuums there by itself cannot be sent away, and is done in a moment.
            with suppress(psycopg.errors.InsufficientPrivilege):
                here.execute(sql.SQL(statement).format(sql.Identifier(name)))
                return
            time.sleep(0.2)
    raise AssertionError(f"Somebody stays in {name}.")


def rows(query: str, *parameters: Any, role: str = "none") -> list[tuple[Any, ...]]:
    """Ask the current database as its owner, or in a role."""
    with connect() as asking:
        asking.execute("SELECT set_config('role', %s, false)", [role])
        return asking.execute(query, parameters).fetchall()


def tables() -> list[str]:
    """Return the names of all tables of the current database."""
    return [n for (n,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]


_DIGEST = """
SELECT count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY t::text COLLATE "C"), ''))
FROM {} t
"""


def contents() -> dict[str, tuple[int, str]]:
    """Return number and digest of the rows of each table."""
    with connect() as asking:
        asking.execute("SET ROLE proxeny_backup")
        found = {}
        for name in tables():
            query = sql.SQL(_DIGEST).format(sql.Identifier(name))
            found[name] = asking.execute(query).fetchall()[0]
        return found
