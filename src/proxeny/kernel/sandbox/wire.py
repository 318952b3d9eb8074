"""Messages on a socket, each with its length before it."""

import socket
import struct
import time

_HEAD = struct.Struct("!Q")
_PIECE = 1 << 16


class TooMuch(Exception):
    """A message longer than the remaining limit."""


def send(line: socket.socket, message: bytes) -> None:
    """Send one message."""
    line.sendall(_HEAD.pack(len(message)))
    line.sendall(message)


def receive(line: socket.socket, *, most: int, until: float | None = None) -> bytearray | None:
    """Return the next message; nothing where the other side is gone.

    Parameters
    ----------
    most : int
        Bytes that it may have.
    until : float, optional
        When to give up, by the monotonic clock.

    Raises
    ------
    TooMuch, TimeoutError
        It is longer, or did not come in time.
    """
    head = _take(line, _HEAD.size, until)
    if head is None:
        return None
    (length,) = _HEAD.unpack(head)
    if length > most:
        raise TooMuch
    return _take(line, length, until)


def _take(line: socket.socket, length: int, until: float | None) -> bytearray | None:
    found = bytearray()
    while len(found) < length:
        if until is not None:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            line.settimeout(left)
        try:
            piece = line.recv(min(_PIECE, length - len(found)))
        except ConnectionError:
            return None
        if not piece:
            return None
        found += piece
    return found
