"""Fixtures that all tests share: the server, the roles, and a world of two sides."""

import gc
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.template.base import Template
from django.template.context import Context
from django.test import Client, RequestFactory, TransactionTestCase
from django.test.client import MULTIPART_CONTENT
from django.test.signals import template_rendered
from django.utils import timezone, translation
from django.utils.http import urlencode
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import sql

from proxeny.accounts.models import Person
from proxeny.accounts.queries import get_reader_of_person
from proxeny.config import postgres
from proxeny.config.postgres import OWNER, EmbeddedServer
from proxeny.kernel.login import let_in
from proxeny.kernel.tenancy import GATE, SERVICE, WEB, Reader, acting_as, enter
from tests import quick, template
from tests.callers import Caller
from tests.factories.accounts import ApiTokenFactory
from tests.factories.world import World, make_world
from tests.smtp import Inbox, receiving
from tests.stages import (  # noqa: F401 - fixtures of all tests
    STAGES,
    _django_db_helper,
    _stages,
    _struck_at_last,
    staged,
)

# How long a machine takes is no result; nor is which examples came up, but where one looks for more.
hypothesis_settings.register_profile(
    "any-machine",
    deadline=None,
    derandomize="PROXENY_FUZZ" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("any-machine")

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell the figures that tests measured (`record_property`) below all else."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            if report.when == "call":
                for name, figure in report.user_properties:
                    terminalreporter.write_line(f"{name}: {figure}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests are not quick, before it is looked at which are asked for."""
    quick.mark(items)


def pytest_collection_finish() -> None:
    """What was loaded until here stays: nothing in it is garbage, and looking through it again and
    again takes time of every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 20)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Deal the tests out to several processes in our own way (`make test`)."""
    from tests.dealing import Dealer

    return Dealer(config, log)


@pytest.fixture(scope="session")
def database_server() -> Iterator[EmbeddedServer | None]:
    """A PostgreSQL of our own for the whole run, unless DATABASE_URL names one.

    The server, where its database is still to be made.
    """
    if settings.ENV["DATABASE_URL"]:
        yield None
        return
    # The clock of `.ci/at`.
    postgres.KEPT += ["LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC"]
    server = EmbeddedServer(settings.HOME, throwaway=True)
    prepared = template.unpack_or_begin(server.place)
    server.start()
    yield None if prepared else server
    server.stop()


@pytest.fixture(scope="session")
def django_db_keepdb(database_server: EmbeddedServer | None) -> bool:
    """A database that was unpacked is there already; only what is new is done to it."""
    return not settings.ENV["DATABASE_URL"] and database_server is None


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, database_server: EmbeddedServer | None, django_db_blocker: Any
) -> None:
    """Keep what the migrations made, so that the next run need not make it again."""
    if database_server is not None:
        with django_db_blocker.unblock():
            connections.close_all()
        made = connection.settings_dict["NAME"]
        # Where no test asks for it, it is not made.
        if made != OWNER:
            template.pack(database_server, made)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server: EmbeddedServer | None) -> None:
    """Bring the server up before pytest-django makes the test database."""


@pytest.fixture(scope="module")
def signed_in_as_app(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a module's tests sign in as the web server and the worker do, not as the tables' owner.

    For tests inside a transaction: who commits has the tables emptied, as their owner alone may.
    """
    before = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    with django_db_blocker.unblock():
        STAGES.strike()
        assert not let_in()
        connection.close()
        at = settings.SERVING_DATABASE
        connection.settings_dict.update(USER=at["USER"], PASSWORD=at["PASSWORD"])
        yield
        STAGES.strike()
        connection.close()
        connection.settings_dict.update(before)


@pytest.fixture(scope="session", autouse=True)
def _whole_pages_tell(django_test_environment: None) -> None:
    """A test reads the context of the page as a whole: Django copies one for each part of it, which
    takes a quarter of the time of a page."""

    def render(self: Template, context: Context) -> str:
        if context.template is self:
            template_rendered.send(sender=self, template=self, context=context)
        return self.nodelist.render(context)

    Template._render = render


@pytest.fixture(scope="session", autouse=True)
def _forms_are_sent_as_browsers_do(django_test_environment: None) -> None:
    """A form without a file is no upload: Django's client sends each as one."""
    sent = RequestFactory.post

    def post(
        self: RequestFactory,
        path: str,
        data: Any = None,
        content_type: str = MULTIPART_CONTENT,
        *args: Any,
        **more: Any,
    ) -> Any:
        if content_type is MULTIPART_CONTENT and not _has_file(data or {}):
            data, content_type = urlencode(data or {}, doseq=True), _FORM
        return sent(self, path, data, content_type, *args, **more)

    RequestFactory.post = post


_FORM = "application/x-www-form-urlencoded"


def _has_file(data: Any) -> bool:
    values = data.values() if isinstance(data, dict) else ()
    return any(
        hasattr(one, "read")
        for value in values
        for one in (value if isinstance(value, list | tuple) else [value])
    )


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page that a test read in another language leaves that language on; the next begins anew."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _service_role(request: pytest.FixtureRequest) -> None:
    """A test's own reads and writes are Proxeny's; what a person may do is asked with `reading`.

    Tests without a surrounding transaction (`transactional_db`) wrap theirs in
    `acting_as(SERVICE)`.
    """
    if "db" in request.fixturenames and "transactional_db" not in request.fixturenames:
        request.getfixturevalue("db")
        enter(SERVICE)


#: What Django itself keeps true; all other rows are a test's.
KEPT_TABLES = ["django_migrations", "django_content_type", "auth_permission", "django_site"]
_WRITTEN = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND pg_relation_size(oid) > 0 AND relname <> ALL(%s)
"""


def _empty_what_was_written(_case: TransactionTestCase) -> None:
    """Empty the tables that a committing test wrote to, those of the queue too.

    Django would empty all of them and make every policy anew: that takes longer than most tests.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, [KEPT_TABLES])
        names = [sql.Identifier(name) for (name,) in cursor.fetchall()]
        if names:
            cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(names)))


@pytest.fixture(scope="session", autouse=True)
def _empty_little(django_test_environment: None) -> None:
    TransactionTestCase._fixture_teardown = _empty_what_was_written


def reader_of(person: Person) -> Reader:
    """Return what the row-level policies see of a person now."""
    with acting_as(GATE):
        return get_reader_of_person(person.pk, today=timezone.now().date())


@pytest.fixture
def reading() -> Callable[[Person | None], AbstractContextManager[None]]:
    """`with reading(person):` runs a block as the web role of that person (None: a stranger)."""

    def as_person(person: Person | None) -> AbstractContextManager[None]:
        return acting_as(WEB, reader_of(person)) if person else acting_as(WEB)

    return as_person


@pytest.fixture
def sign_in() -> Callable[[Person], Client]:
    """`sign_in(person)` returns a test client signed in as that person."""

    def client_of(person: Person) -> Client:
        client = Client()
        client.force_login(person.account)
        return client

    return client_of


@pytest.fixture
def call() -> Callable[..., Caller]:
    """`call(person, "directory:read", …)` returns a program with a token; no scopes means all.

    Further values go to `ApiTokenFactory`: `call(person, seat=…)`.
    """

    def program_of(person: Person, *scopes: str, **values: object) -> Caller:
        secret = f"prx_{secrets.token_urlsafe(16)}"
        if scopes:
            values["scopes"] = list(scopes)
        ApiTokenFactory(person=person, secret=secret, **values)
        return Caller(secret)

    return program_of


@staged
def world() -> World:
    """Two clusters with an active partnership and members, and others who must see nothing."""
    return make_world()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """A real SMTP server that Django's mail goes to."""
    with receiving() as received:
        yield received
