"""The operator's virus scanner, which checks each uploaded file before it is stored."""

import logging
import re
import socket
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput

#: For so long the scanner may take to connect, and to look at a whole file.
PATIENCE_S = 60.0
_PIECE = 1 << 18
_LONGEST_ANSWER = 4096

logger = logging.getLogger("proxeny.scanner")


def scan_file(name: str, pieces: Iterable[bytes | memoryview]) -> None:
    """Have the scanner check a file; do nothing where none is configured.

    Parameters
    ----------
    name : str
        What people call it, for the sentence.

    Raises
    ------
    InvalidInput
        The scanner found something, did not look at all of the file, or does not answer.

    Notes
    -----
    Side effects: a line in the log for each file that is refused, without its name.
    """
    if settings.SCANNER is None:
        return
    try:
        answer = _ask(pieces)
    except OSError as error:
        logger.error("scanner away", extra={"outcome": "away", "error": type(error).__name__})
        if settings.SCANNER_MAY_BE_AWAY:
            return
        raise InvalidInput(
            _(
                "“%(name)s” wasn’t saved because the virus scanner isn’t responding. Try again "
                "in a few minutes. If that doesn’t help, contact the site administrator."
            )
            % {"name": name}
        ) from error
    if answer == "stream: OK":
        return
    if found := re.fullmatch(r"stream: (.+) FOUND", answer):
        logger.warning("file refused", extra={"outcome": "infected", "kind": found[1][:100]})
        raise InvalidInput(
            _(
                "“%(name)s” wasn’t saved because the virus scanner found “%(found)s” in it. "
                "Check the device it comes from and upload a clean copy."
            )
            % {"name": name, "found": found[1][:100]}
        )
    logger.error("file not scanned", extra={"outcome": "not scanned", "error": answer[:100]})
    raise InvalidInput(
        _(
            "“%(name)s” wasn’t saved because the virus scanner couldn’t check all of it. It may "
            "be too large for the scanner. Upload it in smaller parts, or contact the site "
            "administrator."
        )
        % {"name": name}
    )


def _ask(pieces: Iterable[bytes | memoryview]) -> str:
    """Return clamd's answer to a stream: `INSTREAM`, pieces with lengths, and an empty one."""
    with _connect(settings.SCANNER) as connection:
        try:
            connection.sendall(b"zINSTREAM\0")
            for piece in pieces:
                view = memoryview(piece)
                for at in range(0, len(view), _PIECE):
                    part = view[at : at + _PIECE]
                    connection.sendall(len(part).to_bytes(4) + part)
            connection.sendall(bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            # It stops listening at a file that is larger than it takes. What it said may be lost.
            return "cut off ERROR"
        return _read_answer(connection)


def _connect(where: str | tuple[str, int]) -> socket.socket:
    if not isinstance(where, str):
        return socket.create_connection(where, timeout=PATIENCE_S)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE_S)
    try:
        connection.connect(where)
    except OSError:
        connection.close()
        raise
    return connection


def _read_answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    if not answer:
        raise ConnectionError("no answer")
    return answer.rstrip(b"\0").decode(errors="replace").strip()
