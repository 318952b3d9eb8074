"""Fixtures that all tests share: the server, the roles, and a world of two sides."""

import gc
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
from django.test import Client
from django.test.signals import template_rendered
from django.utils import timezone, translation

from proxeny.accounts.models import Person
from proxeny.accounts.queries import get_reader_of_person
from proxeny.config.postgres import OWNER, EmbeddedServer
from proxeny.kernel.tenancy import GATE, SERVICE, WEB, Reader, acting_as, enter
from tests import template
from tests.callers import Caller
from tests.factories.accounts import ApiTokenFactory
from tests.factories.world import World, make_world
from tests.smtp import Inbox, receiving

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell the figures that tests measured (`record_property`) below all else."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            if report.when == "call":
                for name, figure in report.user_properties:
                    terminalreporter.write_line(f"{name}: {figure}")


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


@pytest.fixture(scope="session", autouse=True)
def _whole_pages_tell(django_test_environment: None) -> None:
    """A test reads the context of the page as a whole: Django copies one for each part of it, which
    takes a quarter of the time of a page."""

    def render(self: Template, context: Context) -> str:
        if context.template is self:
            template_rendered.send(sender=self, template=self, context=context)
        return self.nodelist.render(context)

    Template._render = render


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


@pytest.fixture(autouse=True)
def _empty_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that commits leaves an empty queue behind: its tables are not among those that are
    emptied after it, and the next test counts its own jobs."""
    mark = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or (
        mark and mark.kwargs.get("transaction")
    )
    if commits:
        request.getfixturevalue("transactional_db")
    yield
    if commits:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers,"
                           " procrastinate_periodic_defers CASCADE")  # fmt: skip


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


@pytest.fixture
def world(db: None) -> World:
    """Two clusters with an active partnership and members, and others who must see nothing."""
    return make_world()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """A real SMTP server that Django's mail goes to."""
    with receiving() as received:
        yield received
