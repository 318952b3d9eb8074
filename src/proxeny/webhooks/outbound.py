"""One request to an external server: on the public internet, and nowhere else.

A name is resolved once; the address it gave is checked and then connected to, so that a name which
answers differently the second time leads nowhere. Redirects are not followed, proxies of the
environment not used, an answer is read up to one kilobyte, and all of it takes ten seconds at most.
"""

import ipaddress
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
import urllib3
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from proxeny.kernel.errors import InvalidInput
from proxeny.webhooks.models import URL_LENGTH, WebhookDelivery

Outcome = WebhookDelivery.Outcome

#: Seconds for all of it: finding the way, sending, and the answer.
DEADLINE_S = 10.0
ANSWER_BYTES = 1024
#: 8443 is where a receiver listens that may not take 443; all other ports serve something else.
PORTS = {443, 8443}
USER_AGENT = "Proxeny-Webhooks/1"

_URL = re.compile(r"[A-Za-z0-9\-._~:/?\[\]!$&'()*+,;=%]+")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# A last part that begins with a digit would be read as an address in one of its many spellings.
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]){_LABEL}")
_LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}


def check_address(url: str) -> str:
    """Return an address that a webhook may have, as it will be called.

    Only its spelling is looked at; where its name leads is checked with each request.

    Raises
    ------
    InvalidInput
        Not `https`, not a host by name, a port, name or password where none belongs.
    """
    url = url.strip()
    if not url or len(url) > URL_LENGTH or not _URL.fullmatch(url):
        raise _refusal(
            _(
                "Enter the address in Latin letters without accents or spaces, such as "
                "https://example.org/hook."
            )
        )
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        raise _refusal(_("This isn’t an address.")) from None
    if settings.WEBHOOKS_TO_LOOPBACK and parts.hostname in _LOOPBACK_HOSTS:
        return url
    if parts.scheme != "https":
        raise _refusal(_("The address must begin with https://."))
    if port not in {None, *PORTS}:
        raise _refusal(_("Use port 443 or 8443."))
    if not _is_plain_host(parts, port):
        raise _refusal(
            _(
                "Use the server’s name, such as hooks.example.org. Don’t use an IP address, and "
                "don’t put a user name or password before it."
            )
        )
    return url


def _refusal(sentence: Any) -> InvalidInput:
    return InvalidInput(sentence, field="url")


def _is_plain_host(parts: SplitResult, port: int | None) -> bool:
    host = parts.hostname or ""
    written = host if port is None else f"{host}:{port}"
    return parts.netloc.lower() == written and len(host) <= 253 and bool(_HOST.fullmatch(host))


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of one request: the outcome, and the beginning of the response, if any."""

    outcome: str
    status_code: int | None = None
    text: str = ""


def send(url: str, *, body: bytes, headers: dict[str, str]) -> Answer:
    """Post a body. Never raises for errors of the other side."""
    try:
        check_address(url)
    except InvalidInput:
        return Answer(Outcome.ADDRESS)
    with _deadline(DEADLINE_S) as deadline:
        try:
            answer = _post(url, body, headers)
            # A head that was cut off reads like one that has ended.
            return Answer(Outcome.TIMEOUT) if deadline.is_over else answer
        except InvalidIPAddress:
            return Answer(Outcome.ADDRESS)
        except requests.exceptions.SSLError:
            return Answer(Outcome.TIMEOUT if deadline.is_over else Outcome.CERTIFICATE)
        except requests.Timeout:
            return Answer(Outcome.TIMEOUT)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
            return Answer(Outcome.TIMEOUT if deadline.is_over else Outcome.CONNECTION)


def _post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    own = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
    }
    with (
        _session() as session,
        session.post(url, data=body, headers=own | headers, stream=True) as response,
    ):
        begun = response.raw.read(ANSWER_BYTES, decode_content=False)
        return Answer(_outcome(response.status_code), response.status_code, _readable(begun))


def _outcome(status: int) -> str:
    if 200 <= status < 300:
        return Outcome.DELIVERED
    return Outcome.REDIRECT if 300 <= status < 400 else Outcome.STATUS


def _readable(begun: bytes) -> str:
    text = begun.decode(errors="replace")
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()[:500]


def _session() -> HTTPSession:
    loopback = settings.WEBHOOKS_TO_LOOPBACK
    session = HTTPSession(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=loopback,
            never_redirect=True,
            default_timeout=(DEADLINE_S / 2, DEADLINE_S),
        )
    )
    # Neither proxies nor passwords nor certificates from the environment.
    session.trust_env = False
    session.mount("https://", _PublicOnly(is_https_proto=True, allow_loopback=loopback))
    session.mount("http://", _PublicOnly(is_https_proto=False, allow_loopback=loopback))
    return session


#: The part of IPv6 that is given out; what lies outside belongs to nobody on the internet.
_GIVEN_OUT = ipaddress.ip_network("2000::/3")


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if address.version == 6 and address not in _GIVEN_OUT:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


class _PublicOnly(IPFilterAdapter):
    """Resolves, checks and pins the address; stricter than its base in what counts as public."""

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def build_connection_pool_key_attributes(self, *args: Any, **more: Any) -> Any:
        host, options = super().build_connection_pool_key_attributes(*args, **more)
        address = ipaddress.ip_address(host["host"].strip("[]"))
        if not (_is_public(address) or (self._allow_loopback and address.is_loopback)):
            raise InvalidIPAddress(address)
        return host, options


class _Deadline:
    """Cuts the connections of one thread when time is up, wherever it waits.

    The timeouts of the libraries count from byte to byte: a server that sends one every few seconds
    would hold its caller for hours.
    """

    def __init__(self) -> None:
        self.is_over = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []

    def watch(self, connection: socket.socket) -> None:
        with self._lock:
            # A handle of its own: TLS takes the connection's over.
            self._sockets.append(connection.dup())
        if self.is_over:
            self.cut()

    def cut(self) -> None:
        self.is_over = True
        with self._lock:
            for one in self._sockets:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._lock:
            for one in self._sockets:
                one.close()
            self._sockets.clear()


_at_work = threading.local()


@contextmanager
def _deadline(seconds: float) -> Iterator[_Deadline]:
    deadline = _at_work.deadline = _Deadline()
    timer = threading.Timer(seconds, deadline.cut)
    timer.daemon = True
    timer.start()
    try:
        yield deadline
    finally:
        timer.cancel()
        del _at_work.deadline
        deadline.close()


def _watched(connection: socket.socket) -> socket.socket:
    _at_work.deadline.watch(connection)
    return connection


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _watched(super()._new_conn())


class _TlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _watched(super()._new_conn())


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection
