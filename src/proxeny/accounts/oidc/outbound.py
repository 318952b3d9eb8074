"""Outgoing requests to providers: to the configured hosts and nowhere else."""

from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings

#: Seconds to wait for a provider, while a person waits for the page.
TIMEOUT = 5.0

Origin = tuple[str, str, int]


class UnknownHost(requests.RequestException):
    """A provider's answer names a host that the configuration does not."""


def origin_of(address: str) -> Origin:
    """Return scheme, host and port of an address."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, (parts.hostname or "").lower(), port


def known_origins() -> set[Origin]:
    """Return where the configured providers answer from."""
    found = set()
    for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
        issuer = app["settings"]["server_url"]
        found.add(origin_of(issuer))
        for host in app["settings"]["hosts"]:
            found.add(origin_of(f"{urlsplit(issuer).scheme}://{host}"))
    return found


class ProviderSession(requests.Session):
    """A session that asks known hosts only and follows no redirect to another."""

    def request(self, *args: Any, **more: Any) -> requests.Response:
        """Send one request, with a limit of time."""
        more.setdefault("timeout", TIMEOUT)
        more["allow_redirects"] = False
        return super().request(*args, **more)

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        """Refuse a request to any host that is not configured.

        Raises
        ------
        UnknownHost
            Nothing has been sent.
        """
        if origin_of(request.url or "") not in known_origins():
            raise UnknownHost(f"{urlsplit(request.url or '').hostname} is not configured")
        return super().send(request, **more)
