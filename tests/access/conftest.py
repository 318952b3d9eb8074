"""The crowd, for all tests of access: made once a process, and given to each test as it was made."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg import sql

from proxeny.accounts import request_limits
from proxeny.accounts.request_limits import LIMITS, Limit
from proxeny.kernel.tenancy import SERVICE, enter
from tests.access.crowd import Crowd, make_crowd
from tests.factories.world import World, make_world
from tests.stages import STAGES


@dataclass(frozen=True)
class _Kept:
    """A copy of the tests' database with the crowd in it, and the crowd as it was made there."""

    database: str
    crowd: Crowd


def _connect_to(name: str) -> None:
    STAGES.strike()
    connection.close()
    connection.settings_dict["NAME"] = name


def _copy(name: str, copied: str) -> None:
    with connection._nodb_cursor() as cursor:
        # What another thread has left open would keep it from being copied.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(copied)))
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(copied), sql.Identifier(name)
            )
        )


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """These read and send within a minute what nobody does in a day."""
    monkeypatch.setattr(
        request_limits,
        "LIMITS",
        {
            kind: Limit(limit.person and 10**9, 10**9, limit.window_s)
            for kind, limit in LIMITS.items()
        },
    )


@pytest.fixture(scope="session")
def kept_crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[_Kept]:
    """Make the crowd, where it is first asked for: making it takes as long as most tests."""
    name = connection.settings_dict["NAME"]
    own = f"{name}_crowd"
    with django_db_blocker.unblock():
        _connect_to(name)
        _copy(name, own)
        _connect_to(own)
        try:
            with transaction.atomic():
                enter(SERVICE)
                made = make_crowd(make_world())
                # As in a test, where nothing is ever committed: nor is the audit trail linked.
                connection.run_on_commit.clear()
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE kernel_auditlink")
        finally:
            _connect_to(name)
    yield _Kept(own, made)
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(own)))


@pytest.fixture
def _among_the_crowd(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """A test of the crowd asks the database in which it is; what it writes there is taken back."""
    if "crowd" not in request.fixturenames:
        yield
        return
    name = connection.settings_dict["NAME"]
    kept: _Kept = request.getfixturevalue("kept_crowd")
    with django_db_blocker.unblock():
        _connect_to(kept.database)
    yield
    with django_db_blocker.unblock():
        _connect_to(name)


@pytest.fixture
def db(_among_the_crowd: None, db: None) -> None:
    """Open the database of the crowd, or that of the other tests."""


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None) -> World:
    """The crowd's own, where a test has it."""
    if "crowd" in request.fixturenames:
        return request.getfixturevalue("crowd").world
    return make_world()


@pytest.fixture
def crowd(db: None, kept_crowd: _Kept) -> Crowd:
    """One row or more in every table, and everybody who might look at them."""
    # Rows remember what was read of them.
    return deepcopy(kept_crowd.crowd)
