"""A real OpenID Connect provider on this machine, and a browser that signs in there."""

import html
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
import werkzeug.serving
from django.test import Client
from oidc_provider_mock import app as provider_app

from proxeny.config.providers import provider_settings

Change = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class Provider:
    """A running provider.

    `changes` alters its JSON answers on their way out, by path: for a provider that lies.
    """

    url: str
    changes: dict[str, Change] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def knows(self, sub: str, **claims: Any) -> None:
        """Give a person at the provider what it says of them."""
        requests.put(f"{self.url}/users/{sub}", json=claims, timeout=5).raise_for_status()

    def configuration(self, **values: Any) -> dict[str, Any]:
        """Return it as one entry of `find_providers`."""
        plain = {
            "id": "sso",
            "name": "Harbour",
            "issuer": self.url,
            "client_id": "proxeny",
            "client_secret": "not so secret",
            "hosts": [],
        }
        return plain | values

    def configure(self, settings: Any, **values: Any) -> None:
        """Let the site offer it."""
        settings.SOCIALACCOUNT_PROVIDERS = provider_settings([self.configuration(**values)])


class _Changing:
    """Hands a provider's answers on, changed where a test says so."""

    def __init__(self, application: Any, provider: Provider) -> None:
        self.application, self.provider = application, provider

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        self.provider.asked.append(path)
        change = self.provider.changes.get(path)
        if change is None:
            return self.application(environ, start_response)
        kept: list[Any] = []
        body = b"".join(self.application(environ, lambda *given: kept.extend(given)))
        changed = json.dumps(change(json.loads(body))).encode()
        headers = [pair for pair in kept[1] if pair[0].lower() != "content-length"]
        start_response(kept[0], [*headers, ("Content-Length", str(len(changed)))])
        return [changed]


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Run a provider on a free port of this machine."""
    provider = Provider("")
    server = werkzeug.serving.make_server(
        "127.0.0.1", 0, _Changing(provider_app(), provider), threaded=True
    )
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield provider
    server.shutdown()
    thread.join(5)
    server.server_close()


def leave(client: Client, *, provider: str = "sso", **query: str) -> str:
    """Press the button; return the provider's address that the page leads to."""
    page = client.post(f"/accounts/oidc/{provider}/login/?{urlencode(query)}")
    assert page.status_code == 200, page.status_code
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return html.unescape(found[1])


def agree(address: str, sub: str) -> str:
    """Sign in at the provider's page, over HTTP; return the path it sends the browser back to."""
    assert requests.get(address, timeout=5).status_code == 200
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def with_query(path: str, **changes: str) -> str:
    """Return an address with some of its query changed."""
    head, _, query = path.partition("?")
    values = {name: found[0] for name, found in parse_qs(query).items()} | changes
    return f"{head}?{urlencode(values)}"


def sign_in_by(client: Client, sub: str, **query: str) -> Any:
    """Go the whole way; return the site's answer at the end."""
    return client.get(agree(leave(client, **query), sub))
