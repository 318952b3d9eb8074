"""Requests to a statistical office: to its own host, and to nothing and nobody else.

Redirects are not followed, and proxies and passwords of the environment not used; the host must
resolve to a public address. An answer is read piece by piece, up to a size and for a time.
"""

import time
from typing import Any
from urllib.parse import urlsplit

import requests
from requests_hardened import Config, HTTPSession

from proxeny.assessments.statistics.sources import Office

#: Seconds to reach an office, and between two pieces of its answer.
CONNECT_S, READ_S = 10.0, 30.0
#: Seconds for all of it.
DEADLINE_S = 90.0
MAX_BYTES = 10 * 1024 * 1024
USER_AGENT = "Proxeny-Statistics/1"
_PIECE = 64 * 1024
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class OtherHost(requests.RequestException):
    """The request goes to a host other than the office; it is not sent."""


class TooLarge(requests.RequestException):
    """The answer is larger than what is read."""


class OfficeSession(HTTPSession):
    """Asks one office, within limits of place, size and time; sdmx1 sends through it."""

    def __init__(
        self, office: Office, *, most: int = MAX_BYTES, seconds: float = DEADLINE_S
    ) -> None:
        self._origin = _origin(office.address)
        self._most, self._seconds = most, seconds
        super().__init__(
            Config(
                ip_filter_enable=True,
                # A service on this very host can only stand here by the operator's own setting.
                ip_filter_allow_loopback_ips=self._origin[1] in _LOOPBACK,
                never_redirect=True,
                default_timeout=(CONNECT_S, READ_S),
                user_agent_override=USER_AGENT,
            )
        )
        self.trust_env = False

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        """Send one request and read its whole answer.

        Raises
        ------
        OtherHost, TooLarge
            Nothing was sent; or the answer is too large.
        requests.Timeout
            It takes too long.
        """
        if _origin(request.url or "") != self._origin:
            raise OtherHost(request=request)
        started = time.monotonic()
        response: requests.Response = super().send(
            request, **more | {"stream": True, "allow_redirects": False}
        )
        with response:
            response._content = self._read(response, until=started + self._seconds)
            response._content_consumed = True
        return response

    def _read(self, response: requests.Response, *, until: float) -> bytes:
        pieces, size = [], 0
        # One piece is what one read of the network gives: a slow sender cannot hide behind a large
        # one. What is counted is unpacked: a small answer may unpack to a very large one.
        while piece := response.raw.read1(_PIECE, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > self._most:
                raise TooLarge(response=response)
            if time.monotonic() > until:
                raise requests.Timeout(response=response)
        return b"".join(pieces)


def _origin(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, (parts.hostname or "").lower(), port
