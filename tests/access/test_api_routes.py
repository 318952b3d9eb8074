"""Every route of the API as everybody. A route of its description without an entry fails the test.

The access matrix says who gets an answer; each of the others calls with a token for all scopes, sends
valid data, gets 403 or 404, and leaves no row of any table behind.
"""

from dataclasses import dataclass, field

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from psycopg import sql

from proxeny.config.api import api
from proxeny.kernel.api.access import SCOPES
from proxeny.kernel.policies import tenant_models
from proxeny.kernel.tenancy import SERVICE, acting_as
from tests.access.api.route import ApiRoute
from tests.access.api_routes import API_ROUTES, AREAS
from tests.access.crowd import Crowd
from tests.access.records import Words
from tests.access.routes import SEATED, name_of
from tests.callers import Caller

#: Tables in which each call leaves a trace of itself, refused or not.
_TRACES = {"accounts_apitoken", "kernel_ratewindow"}
#: Routes that describe the API itself, for everybody.
_OPEN = {"/api/v1/openapi.json"}


@dataclass
class Programs:
    """A program with a token for each of the crowd's people who may have one."""

    crowd: Crowd
    call: object
    scopes: tuple[str, ...] = SCOPES
    made: dict[str, Caller] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Caller:
        if name not in self.made:
            self.made[name] = self.call(self.crowd.people()[name], *self.scopes)
        return self.made[name]


def _operations() -> dict[str, tuple[str, str, str]]:
    """Return method, path and scope of each operation id."""
    return {
        operation["operationId"]: (method.upper(), path, operation["x-scope"])
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
    }


class Sending:
    """A route on its object, to be sent by one program after the other: looked up once."""

    def __init__(self, route: ApiRoute, crowd: Crowd) -> None:
        self.route, self.crowd = route, crowd
        self.address = route.address(crowd)
        self.data = self._make_data()

    def _make_data(self) -> object:
        return self.route.data(self.crowd) if self.route.data else None

    def by(self, program: Caller) -> HttpResponse:
        route = self.route
        if route.form:
            # A file is read to its end.
            return program.upload(self.address, self._make_data(), version="*")
        version = None if route.method == "GET" else "*"
        return program.send(
            route.method, self.address, data=self.data, query=dict(route.query), version=version
        )


def tried(route: ApiRoute, crowd: Crowd, program: Caller) -> HttpResponse:
    """Look a route's object up and send it; take back all that both wrote."""
    with transaction.atomic():
        answer = Sending(route, crowd).by(program)
        transaction.set_rollback(True)
    return answer


def _fingerprint() -> dict[str, str]:
    """Return a digest of the rows of each table."""
    found = {}
    tables = {model._meta.db_table for model, _ in tenant_models()} - _TRACES
    with acting_as(SERVICE), connection.cursor() as cursor:
        for table in sorted(tables):
            rows = sql.SQL("SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {} t")
            cursor.execute(rows.format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    return found


def count_writes() -> dict[str, int]:
    """Return how many rows of each table were written in this transaction, taken back or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE relname <> ALL(%s)",
            [list(_TRACES)],
        )
        return dict(cursor.fetchall())


class Rows:
    """All rows of all tables: whether they changed since `keep`. They are read where something was
    written, which is seldom."""

    def __init__(self) -> None:
        self.writes: dict[str, int] = {}
        self.digests: dict[str, str] = {}

    def keep(self) -> None:
        if (now := count_writes()) != self.writes or not self.digests:
            self.writes, self.digests = now, _fingerprint()

    def changed(self) -> list[str]:
        if count_writes() == self.writes:
            return []
        after = _fingerprint()
        return [table for table, digest in self.digests.items() if digest != after[table]]


def test_a_row_that_is_written_is_noticed(world):
    rows = Rows()
    rows.keep()
    assert rows.changed() == []
    world.partnership.save()
    assert rows.changed() == []
    type(world.partnership).objects.filter(pk=world.partnership.pk).update(title="Another")
    assert rows.changed() == [world.partnership._meta.db_table]


def test_every_api_route_has_an_entry():
    known = {name_of(key): (one.method, one.path) for key, one in API_ROUTES.items()}
    real = {name: (method, path) for name, (method, path, _) in _operations().items()}
    missing = sorted(real.keys() - known.keys())
    assert not missing, (
        f"Nobody has said who may call {missing}. Add it to a row of docs/reference/access.md (by the"
        " product's rules, not by what the route answers), and how it is tried to tests/access/api/."
    )
    assert known == real


def test_entries_are_kept_with_their_area():
    scopes = {name: scope for name, (_, _, scope) in _operations().items()}
    wrong = [
        key
        for area, routes in AREAS.items()
        for key in routes
        if not scopes[name_of(key)].startswith(f"{area}:")
    ]
    assert wrong == []


@pytest.mark.parametrize("area", AREAS)
def test_api_route_refuses_everybody_else(crowd, call, area):
    words = Words(crowd)
    programs, wrong, rows = Programs(crowd, call), [], Rows()
    for who in SEATED:
        programs[who]
    for key, route in AREAS[area].items():
        sending = Sending(route, crowd)  # What it needs is made before.
        rows.keep()
        for who in [one for one in SEATED if one not in route.readers]:
            answer = sending.by(programs[who])
            if answer.status_code not in (403, 404):
                wrong.append(f"{who} must not {key}: answered {answer.status_code}")
            wrong += [f"A refusal of {key} {one}" for one in words.wrongly_in(_text(answer), who)]
        if tables := rows.changed():
            wrong.append(f"A refused call of {key} changed {tables}.")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("area", AREAS)
def test_api_route_that_changes_something_answers_its_readers(crowd, call, area):
    """What can be read is asked for, and read, by `test_matrix`."""
    programs, wrong = Programs(crowd, call), []
    for who in SEATED:
        programs[who]
    for key, route in AREAS[area].items():
        if route.method == "GET":
            continue
        for who in route.readers:
            answer = tried(route, crowd, programs[who])
            if answer.status_code not in route.statuses:
                wrong.append(
                    f"{who} may {key}: answered {answer.status_code} {_text(answer)[:300]}"
                )
    assert not wrong, "\n".join(wrong)


def _text(answer: HttpResponse) -> str:
    return "" if answer.streaming else answer.content.decode(errors="replace")


def leaks(answer: HttpResponse) -> list[str]:
    """Return names of what no answer ever holds."""
    return [one for one in ("token_hash", "digest", "password") if f'"{one}"' in _text(answer)]


@pytest.mark.parametrize("area", AREAS)
def test_api_route_needs_a_token_with_its_scope(crowd, call, area):
    scopes, wrong, stranger, rows = _operations(), [], Caller(), Rows()
    sendings = {key: Sending(route, crowd) for key, route in AREAS[area].items()}
    lacking = {
        scope: call(crowd.world.a.manager, *(one for one in SCOPES if one != scope))
        for scope in {scopes[name_of(key)][2] for key in sendings}
    }
    rows.keep()
    for key, sending in sendings.items():
        route, scope = sending.route, scopes[name_of(key)][2]
        if (code := sending.by(stranger).status_code) != 401:
            wrong.append(f"{key} answered {code} without a token.")
        answer = sending.by(lacking[scope])
        # An answer to HEAD has no body.
        told = route.method == "HEAD" or "scope-missing" in _text(answer)
        if answer.status_code != 403 or not told:
            wrong.append(f"{key} answered {answer.status_code} without {scope}.")
    if tables := rows.changed():
        wrong.append(f"Refused calls changed {tables}.")
    assert not wrong, "\n".join(wrong)


def test_other_addresses_and_methods_are_problems(call, world):
    program = call(world.a.manager)
    for method, path, status in (
        ("GET", "/", 404),
        ("GET", "/nothing", 404),
        ("GET", "/people/me/", 404),
        ("DELETE", "/people/me", 405),
        ("OPTIONS", "/people/me", 405),
        ("GET", "/people/%00", 400),
    ):
        for caller in (program, Caller()):
            answer = caller.send(method, path)
            assert (answer.status_code, path) == (status, path)
            assert answer["Content-Type"] == "application/problem+json"
    assert program.delete("/people/me")["Allow"]
    for address in _OPEN:
        assert Caller().get(address).status_code == 200
