"""Requests that Proxeny makes to addresses people name: to the public internet, nowhere else.

Seen in the field: Indico CVE-2026-25738, pretix-oppwa CVE-2026-13603. Only the resolver is replaced
here; connections that must not be are watched for on sockets of this host.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from requests_hardened.ip_filter import InvalidIPAddress

from proxeny.kernel.errors import InvalidInput
from proxeny.webhooks import outbound
from proxeny.webhooks.models import WebhookDelivery
from proxeny.webhooks.outbound import check_address

Outcome = WebhookDelivery.Outcome
PUBLIC = "8.8.8.8"
NAME = "hooks.example.org"

GOOD = [
    "https://hooks.example.org/proxeny",
    "https://hooks.example.org",
    "https://HOOKS.Example.org/a?b=c&d=%C3%A9",
    "https://hooks.example.org:443/",
    "https://hooks.example.org:8443/x",
    "https://xn--bcher-kva.example/",
    "https://1a.example.org/",
]

ODD_SPELLINGS = [
    # Addresses of this host and of networks, in the spellings that libraries understand.
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.1/",
    "https://0.0.0.0/",
    "https://0/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://8.8.8.8/",
    "https://127.0.0.1./",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fd00::1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[::127.0.0.1]/",
    "https://[2001:4860:4860::8888]/",
    # Names that mean this host, or that a resolver completes.
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://hooks/",
    "https://hooks.example.org./",
    "https://example.org../",
    "https://.example.org/",
    "https://example..org/",
    "https://-a.example.org/",
    "https://a_b.example.org/",
    # Letters that become others on the way.
    "https://①②⑦.⓪.⓪.①/",
    "https://ⓔxample.org/",
    "https://exämple.org/",
    "https://example。org/",
    "https://127。0。0。1/",
    "https://lоcalhost.example.org/",
    # One reader's host is another's name and password.
    "https://user:pass@hooks.example.org/",
    "https://hooks.example.org@127.0.0.1/",
    "https://127.0.0.1@hooks.example.org/",
    "https://@hooks.example.org/",
    "https://hooks.example.org\\@127.0.0.1/",
    "https://hooks.example.org\\.127.0.0.1/",
    "https://hooks.example.org#@127.0.0.1/",
    "https://hooks.example.org/#a",
    "https://127.0.0.1:443:8443/",
    "https:///127.0.0.1/",
    "https:127.0.0.1/",
    "https:/127.0.0.1/",
    # Other schemes, other services.
    "http://hooks.example.org/",
    "ftp://hooks.example.org/",
    "file:///etc/passwd",
    "gopher://hooks.example.org/",
    "dict://127.0.0.1:11211/",
    "javascript:alert(1)",
    "data:text/plain,x",
    "//hooks.example.org/",
    "hooks.example.org",
    "unix:///run/x.sock",
    "https://hooks.example.org:22/",
    "https://hooks.example.org:80/",
    "https://hooks.example.org:5432/",
    "https://hooks.example.org:0/",
    "https://hooks.example.org:65536/",
    "https://hooks.example.org:4 43/",
    "https://hooks.example.org:/",
    "https://hooks.example.org:٤٤٣/",
    # What would end a line of the request.
    "https://hooks.example.org/\r\nX-A: b",
    "https://hooks.example.org/a b",
    "https://hooks.example.org/\tb",
    "https://hooks.example.org/\x00",
    "https://hooks.exa\nmple.org/",
    "",
    " ",
    "https://",
    "https:///",
    "https://?",
    "https://hooks.example.org/" + "a" * 480,
    "https://" + "a" * 64 + ".example.org/",
    "https://" + "a." * 130 + "org/",
]

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001::1",
    "2001:db8::1",
    "100::1",
    "3fff::1",
    "5f00::1",
    "4000::1",
]


@pytest.mark.parametrize("url", GOOD)
def test_addresses_as_people_write_them_are_taken(url):
    assert check_address(f" {url} ") == url


@pytest.mark.parametrize("url", ODD_SPELLINGS)
def test_odd_spellings_are_refused_and_never_called(url):
    with pytest.raises(InvalidInput):
        check_address(url)
    assert outbound.send(url, body=b"{}", headers={}).outcome == Outcome.ADDRESS


def answers(monkeypatch, *found: list[str]) -> list[str]:
    """Have the resolver give these addresses for any name, the last for good; returns who was
    asked for. Numbers resolve to themselves, as ever."""
    asked, left = [], list(found)
    real = socket.getaddrinfo

    def resolve(host, port, *args, **more):
        if _is_number(host):
            return real(host, port, *args, **more)
        asked.append(host)
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [one for address in addresses for one in real(address, port, *args, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def _is_number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_inside_is_refused(monkeypatch, address):
    asked = answers(monkeypatch, [address])
    assert outbound.send(f"https://{NAME}/", body=b"{}", headers={}).outcome == Outcome.ADDRESS
    assert asked == [NAME]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_is_refused_when_connecting_too_whatever_its_spelling_was_worth(address):
    host = f"[{address}]" if ":" in address else address
    for scheme in ("http", "https"):
        with outbound._session() as session, pytest.raises(InvalidIPAddress):
            session.post(f"{scheme}://{host}/")


@pytest.mark.parametrize("url", ["https://2130706433/", "https://0x7f.1/", "https://017700000001/"])
def test_numbers_in_other_bases_are_refused_when_connecting_too(url):
    with outbound._session() as session, pytest.raises(requests.RequestException) as refused:
        session.post(url)
    assert isinstance(refused.value, InvalidIPAddress | requests.ConnectionError)


@contextmanager
def listening() -> Iterator[tuple[int, list]]:
    """Count the connections to a port of this host."""
    came = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                came.append(connection)
                connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)


def _send_to(port: int, monkeypatch) -> outbound.Answer:
    monkeypatch.setattr(outbound, "PORTS", {443, port})
    monkeypatch.setattr(outbound, "DEADLINE_S", 0.3)
    return outbound.send(f"https://{NAME}:{port}/", body=b"{}", headers={})


def test_a_name_that_answers_differently_the_second_time_leads_nowhere(monkeypatch):
    """DNS rebinding: first a public address for the check, then a private one for the connection."""
    asked = answers(monkeypatch, [PUBLIC], ["127.0.0.1"])
    with listening() as (port, came):
        answer = _send_to(port, monkeypatch)
    assert asked == [NAME], "the address that was checked is the one that is connected to"
    assert came == []
    assert answer.outcome in (Outcome.TIMEOUT, Outcome.CONNECTION)


def test_without_the_filter_the_same_request_would_arrive(monkeypatch):
    """The test above can fail."""
    answers(monkeypatch, ["127.0.0.1"])
    monkeypatch.setattr(outbound, "_is_public", lambda address: True)
    with listening() as (port, came):
        monkeypatch.setattr(
            "requests_hardened.ip_filter_adapter.filter_host", lambda host, *_, **__: "127.0.0.1"
        )
        _send_to(port, monkeypatch)
    assert len(came) == 1


def test_of_several_addresses_the_checked_one_is_used(monkeypatch):
    answers(monkeypatch, [PUBLIC, "127.0.0.1"])
    with listening() as (port, came):
        _send_to(port, monkeypatch)
    assert came == []
    answers(monkeypatch, ["127.0.0.1", PUBLIC])
    assert _send_to(443, monkeypatch).outcome == Outcome.ADDRESS


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"])
def test_proxies_of_the_environment_are_not_used(monkeypatch, name):
    answers(monkeypatch, [PUBLIC])
    with listening() as (port, came):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        _send_to(443, monkeypatch)
    assert came == []


def test_nothing_of_the_environment_is_trusted_and_no_redirect_followed():
    with outbound._session() as session:
        assert session.trust_env is False
        assert session._config.never_redirect is True
        assert session.verify is True
        assert session._config.default_timeout == (5.0, 10.0)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://localhost:9/", "https://[::1]:9/"])
def test_this_host_is_open_only_to_who_says_so_and_never_on_a_served_site(url, settings):
    assert settings.WEBHOOKS_TO_LOOPBACK is False
    with pytest.raises(InvalidInput):
        check_address(url)
    settings.WEBHOOKS_TO_LOOPBACK = True
    assert check_address(url) == url
    for other in ("http://10.0.0.1/", "http://169.254.169.254/", "http://127.0.0.2/"):
        with pytest.raises(InvalidInput):
            check_address(other)


def test_even_then_private_networks_stay_closed(settings, monkeypatch):
    settings.WEBHOOKS_TO_LOOPBACK = True
    for address in ("10.0.0.1", "169.254.169.254", "::ffff:192.168.0.1"):
        answers(monkeypatch, [address])
        assert outbound.send(f"https://{NAME}/", body=b"", headers={}).outcome == Outcome.ADDRESS


def test_a_served_site_cannot_open_it():
    import os
    import subprocess
    import sys

    environment = {**os.environ, "PROXENY_WEBHOOKS_TO_LOOPBACK": "1", "PROXENY_SECURE": "1"}
    program = "from proxeny.config import settings; print(settings.WEBHOOKS_TO_LOOPBACK)"
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"
