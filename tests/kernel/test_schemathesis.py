"""schemathesis against the whole API: whatever is sent, no failure, and answers as described.

Each call runs in-process over WSGI on the crowd's world and is taken back, so that every one meets
the same records. Half of the calls use the real ids and valid bodies of `tests/access/api`, as
somebody who may call: random ids find nothing, and never reach what lies behind.

`PROXENY_FUZZ=n` sends n times as many; `PROXENY_FUZZ_ONLY=name` only routes whose operation id
holds it.
"""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from proxeny.config.wsgi import application
from proxeny.kernel.api import limits
from proxeny.kernel.models import RateWindow
from proxeny.kernel.tenancy import SERVICE, enter
from tests.access.api.route import ApiRoute
from tests.access.api_routes import API_ROUTES
from tests.access.crowd import Crowd, make_crowd
from tests.access.routes import SEATED, name_of

pytestmark = pytest.mark.slow

FUZZ = int(os.environ.get("PROXENY_FUZZ", "1"))
ONLY = os.environ.get("PROXENY_FUZZ_ONLY", "")
#: Examples of each route: valid by its schema, and invalid by it, each with random and with real
#: ids and bodies.
EXAMPLES = FUZZ
#: Who calls; what none of them may is also called by somebody who may.
CALLERS = ("a_manager", "b_manager", "a_member")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _entries() -> dict[str, list[ApiRoute]]:
    found: dict[str, list[ApiRoute]] = {}
    for key, route in API_ROUTES.items():
        found.setdefault(name_of(key), []).append(route)
    return found


def _known(route: ApiRoute, crowd: Crowd) -> list[dict[str, Any]]:
    """Return what to fix: the ids; and the body too, where it is JSON."""
    ids = {"path_parameters": route.arguments(crowd)}
    if route.data is None or route.form:
        return [ids]
    return [ids, {**ids, "body": route.data(crowd)}]


@st.composite
def _spoiled(draw: st.DrawFn, cases: st.SearchStrategy, valid: Any) -> Any:
    """A generated case whose body is a valid one with one of its own values put in."""
    case = draw(cases)
    if isinstance(valid, dict) and isinstance(case.body, dict) and case.body:
        name = draw(st.sampled_from(sorted(case.body, key=str)))
        case.body = {**valid, name: case.body[name]}
    return case


def _strategies(operation: Any, entries: list[ApiRoute], crowd: Crowd) -> Iterator[Any]:
    """Yield who may call, where it is sent to something real; and what is sent."""
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        try:
            yield (), operation.as_strategy(generation_mode=mode)
        except schemathesis.errors.SchemathesisError:
            continue  # Nothing about this route can be invalid.
    for entry in entries:
        for fixed in _known(entry, crowd):
            yield entry.readers, operation.as_strategy(**fixed)
        if entry.data is not None and not entry.form:
            cases = operation.as_strategy(path_parameters=entry.arguments(crowd))
            yield entry.readers, _spoiled(cases, entry.data(crowd))


def _headers(case: Any, token: str) -> dict[str, str]:
    sent = {"Authorization": f"Bearer {token}"}
    # Most changes are made from the version that is there.
    if case.headers and "If-Match" in case.headers:
        sent["If-Match"] = "*"
    return sent


def _call(case: Any, token: str, faults: list[str], counts: Counter, log: Any) -> None:
    with transaction.atomic():
        response = case.call(headers=_headers(case, token))
        transaction.set_rollback(True)
    enter(SERVICE)
    counts[response.status_code] += 1
    if hidden := [one.getMessage() for one in log.records if one.name.endswith("api.problems")]:
        faults.append(f"{case.method} {case.formatted_path} {case.body!r:.300}: {hidden}")
    log.clear()
    try:
        case.validate_response(response, checks=CHECKS)
    except (schemathesis.errors.SchemathesisError, AssertionError, BaseExceptionGroup) as error:
        told = "; ".join(str(one) for one in getattr(error, "exceptions", [error]))
        faults.append(f"{case.method} {case.formatted_path} {case.body!r:.300}: {told:.900}")


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """The end of a request would close the connection that the test's transaction is on."""
    signals = (request_started, request_finished)
    for one in signals:
        one.disconnect(close_old_connections)
    yield
    for one in signals:
        one.connect(close_old_connections)


@pytest.mark.usefixtures("_kept_connection")
def test_whatever_is_sent_the_api_answers_as_described(
    world, call, monkeypatch, caplog, record_property
):
    crowd = make_crowd(world)
    monkeypatch.setitem(limits.count_request.__kwdefaults__, "limit", 10**9)
    people = crowd.people()
    tokens = {who: call(people[who]).secret for who in SEATED}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    entries, faults, counts, routes = _entries(), [], Counter(), 0
    for result in schema.get_all_operations():
        operation = result.ok()
        name = operation.definition.raw["operationId"]
        if ONLY not in name:
            continue
        routes += 1
        for number, (readers, cases) in enumerate(_strategies(operation, entries[name], crowd)):
            # What is drawn first is drawn most.
            callers = sorted(CALLERS, key=lambda who: who not in readers)
            if not set(readers) & set(CALLERS):
                callers = [*readers[:1], *callers]
            faults += _run(cases, [tokens[who] for who in callers], counts, number, caplog)
    by_status = ", ".join(f"{status}: {number}" for status, number in sorted(counts.items()))
    record_property(
        "schemathesis", f"{routes} routes, {counts.total()} calls (by status {by_status})"
    )
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(dict.fromkeys(faults))
    assert routes == len(entries) or ONLY
    assert counts[200] > routes or ONLY
    assert RateWindow.objects.count() == 0


def _run(cases: Any, tokens: list[str], counts: Counter, number: int, log: Any) -> list[str]:
    faults: list[str] = []

    @seed(number)
    @SETTINGS
    @given(case=cases, token=st.sampled_from([tokens[0], *tokens]))
    def probe(case: Any, token: str) -> None:
        _call(case, token, faults, counts, log)

    probe()
    return faults
