"""Every route as everybody. A route without an entry fails the test.

`ROUTES` says, for each named route, who gets the page; all others must get a refusal (sign-in,
403 or 404), by GET and by POST, and must leave nothing behind.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from proxeny.kernel.models import AuditEntry
from tests.access.crowd import Crowd, make_crowd
from tests.access.routes import PUBLIC, ROUTES, Route

#: Routes of other packages, served in the gate's role and tested by `tests/accounts`.
FOREIGN = ("account_", "mfa_", "allauth")


def _named(patterns: list, prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _named(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def our_routes() -> set[str]:
    return {
        name
        for name in _named(get_resolver().url_patterns)
        if not name.startswith(FOREIGN) and ":mfa" not in name
    }


@pytest.fixture
def crowd(world) -> Crowd:
    return make_crowd(world)


@dataclass
class Clients:
    """A signed-in client for each of the crowd's people."""

    crowd: Crowd
    made: dict[str, Client] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Client:
        if name not in self.made:
            person = self.crowd.people()[name]
            self.made[name] = Client()
            if person is not None:
                self.made[name].force_login(person.account)
        return self.made[name]


def _address(route: Route, name: str, crowd: Crowd) -> str:
    return reverse(name, kwargs=route.arguments(crowd)) + route.query


def _is_refusal(answer) -> bool:
    if answer.status_code in (403, 404):
        return True
    return answer.status_code == 302 and answer.url.startswith("/accounts/login/")


def test_every_route_has_an_entry():
    assert our_routes() == set(ROUTES) | set(PUBLIC)


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_route_is_open_to_just_these(crowd, name):
    route = ROUTES[name]
    clients = Clients(crowd)
    address = _address(route, name, crowd)
    before = AuditEntry.objects.count()
    refused = [who for who in crowd.people() if who not in route.readers]
    for who in refused:
        for method in ("get", "post"):
            answer = getattr(clients[who], method)(address)
            allowed = answer.status_code == 405 and who != "nobody"
            assert _is_refusal(answer) or allowed, (name, who, method, answer.status_code)
    assert AuditEntry.objects.count() == before
    for who in route.readers:
        answer = clients[who].get(address)
        wanted = {405} if route.posts_only else {200, 302}
        assert answer.status_code in wanted, (name, who, answer.status_code)
        assert not _is_refusal(answer), (name, who)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_public_route_answers_everybody_and_tells_nothing_private(crowd, name):
    secrets = ["Private of A", "Greek member", "French member", "Greek manager"]
    for who in ("nobody", "stranger", "c_manager"):
        answer = Clients(crowd)[who].get(_address(PUBLIC[name], name, crowd))
        assert answer.status_code in PUBLIC[name].statuses, (name, who, answer.status_code)
        if who != "c_manager":
            assert not [s for s in secrets if s in answer.content.decode()]
