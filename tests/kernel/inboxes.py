"""Real places that mail comes in at: a Maildir and an IMAP server over TLS, filled by real SMTP."""

import asyncio
import imaplib
import ipaddress
import mailbox
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.smtp import free_port

USER, PASSWORD = "proxeny", "pass word/with:all@of&it"
MAILBOX = "calendar@proxeny.example"


@dataclass
class Box:
    """A place that mail is delivered to, as its operator sees it."""

    url: str
    deliver: Callable[[bytes], None]
    folder: Callable[[str], list[bytes]]

    def names(self) -> dict[str, int]:
        """Return how many mails lie in each folder that has some."""
        found = {name: len(self.folder(name)) for name in ("INBOX", "Processed", "Not-understood")}
        return {name: count for name, count in found.items() if count}


class _Handler:
    """Hands what SMTP brings on to a place."""

    def __init__(self, deliver: Callable[[bytes], None]) -> None:
        self.deliver = deliver

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.deliver(envelope.original_content or envelope.content)
        return "250 kept"


@contextmanager
def smtp_into(box: Box) -> Iterator[Callable[..., None]]:
    """Start an SMTP server that delivers into a place; give what sends a mail to it."""
    port = free_port()
    controller = Controller(
        _Handler(box.deliver), hostname="127.0.0.1", port=port, data_size_limit=64 * 1024 * 1024
    )
    controller.start()

    def post(raw: bytes, sender: str = "sender@example.org") -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
            client.sendmail(sender, [MAILBOX], raw)

    try:
        yield post
    finally:
        controller.stop()


def make_maildir(path: Path) -> Box:
    """Make a Maildir as a mail server of this machine would."""
    box = mailbox.Maildir(path, create=True)

    def folder(name: str) -> list[bytes]:
        files = Path(path) if name == "INBOX" else Path(path) / f".{name}"
        return [
            one.read_bytes() for part in ("new", "cur") for one in sorted((files / part).glob("*"))
        ]

    return Box(f"maildir://{path}", lambda raw: box.add(raw) and None, folder)


@contextmanager
def imap_server(tmp_path: Path) -> Iterator[tuple[Box, Path]]:
    """Start an IMAP server with one user behind TLS; give the place, and whom to trust."""
    plain, secure = free_port(), free_port()
    command = [
        str(Path(sys.executable).parent / "pymap"),
        "--host",
        "127.0.0.1",
        "--port",
        str(plain),
        "--no-tls",
        "dict",
        "--demo-user",
        USER,
        "--demo-password",
        PASSWORD,
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(plain)
        with _tls_before(plain, secure, tmp_path) as trusted:
            yield _box(plain, secure), trusted
    finally:
        process.kill()
        process.wait()


def _box(plain: int, secure: int) -> Box:
    def session() -> imaplib.IMAP4:
        found = imaplib.IMAP4("127.0.0.1", plain)
        found.login(USER, PASSWORD)
        return found

    def deliver(raw: bytes) -> None:
        with session() as imap:
            assert imap.append("INBOX", None, None, raw)[0] == "OK"

    def folder(name: str) -> list[bytes]:
        with session() as imap:
            if imap.select(name, readonly=True)[0] != "OK":
                return []
            numbers = imap.search(None, "ALL")[1][0].split()
            return [imap.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in numbers]

    url = f"imaps://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{secure}/INBOX"
    return Box(url, deliver, folder)


def _wait_for(port: int) -> None:
    for _ in range(150):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("the IMAP server did not start")


@contextmanager
def _tls_before(plain: int, secure: int, tmp_path: Path) -> Iterator[Path]:
    """Speak TLS for a server that does not."""
    trusted = _make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, tmp_path / "key.pem")

    async def carry(client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            behind, commands = await asyncio.open_connection("127.0.0.1", plain)
            await asyncio.gather(_pass_on(client, commands), _pass_on(behind, answers))

    loop = asyncio.new_event_loop()
    loop.run_until_complete(asyncio.start_server(carry, "127.0.0.1", secure, ssl=context))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield trusted
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=5)


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while found := await source.read(65536):
            target.write(found)
            await target.drain()
    target.close()


def _make_certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    path = folder / "certificate.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path
