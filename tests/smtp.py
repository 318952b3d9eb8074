"""A real SMTP server on loopback that keeps what it receives."""

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from django.test import override_settings


class Inbox:
    """Keeps what the server receives."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: list[EmailMessage] = []
        #: As they came, byte by byte, each with the addresses that it was for.
        self.raw: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.raw.append((list(envelope.rcpt_tos), envelope.content))
        self.messages.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 kept"


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def receiving() -> Iterator[Inbox]:
    """Point Django's mail at a server of our own for the block."""
    port = free_port()
    handler = Inbox(port)
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    mailer = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": port},
    }
    try:
        with override_settings(MAILERS={"default": mailer}):
            yield handler
    finally:
        controller.stop()
