"""What a file may have a reader do; called by the tests of `kernel.sandbox`, in its processes."""

import ctypes
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext

from proxeny.kernel.errors import Conflict
from proxeny.kernel.sandbox import child
from proxeny.kernel.sandbox.codec import Codec


@dataclass(frozen=True, slots=True)
class Inner:
    days: tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True)
class Found:
    text: str
    at: datetime
    worth: Decimal
    raw: bytes
    inner: Inner | None = None


class Odd(Exception):
    pass


def tell(data: bytes, word: str) -> Found:
    day = date(2026, 5, 31)
    return Found(
        data.decode() + word,
        datetime(2026, 1, 2, tzinfo=UTC),
        Decimal("1.50"),
        b"\0\xff",
        Inner(((day, day),)),
    )


def give_back(data: bytes, value: Any) -> Any:
    return value


def count(data: bytes, most: int) -> Iterator[list[Any]]:
    for number in range(most):
        yield [number, data.decode()]


def hold(data: bytes) -> int:
    return len(bytearray(8 * 1024**3))


def ask_library_for_all(data: bytes) -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    if not libc.malloc(ctypes.c_size_t(550 * 1024**3)):
        os.abort()  # as Rust does


def spin(data: bytes) -> None:
    while True:
        pass


def sleep(data: bytes) -> None:
    time.sleep(600)


def flood(data: bytes) -> str:
    return "x" * 10_000_000


def break_down(data: bytes) -> None:
    ctypes.string_at(0)


def stumble(data: bytes) -> None:
    raise RuntimeError(data.decode())


def be_odd(data: bytes) -> None:
    raise Odd("a word", 7)


def refuse(data: bytes) -> None:
    raise Conflict(gettext("Save"), field="file")


def look_around(data: bytes) -> dict[str, Any]:
    from django.conf import settings

    found: dict[str, Any] = {"environment": sorted(os.environ)}
    for name in ("SECRET_KEY", "DATABASES", "KEY_STORE"):
        try:
            found[name] = str(getattr(settings, name))
        except Exception:  # there is none
            found[name] = ""
    folder = Path("/proc/self/fd")
    found["open"] = [str(one.readlink()) for one in folder.iterdir() if one.is_symlink()]
    try:
        Path("/tmp/proxeny-was-here").write_text("x")  # noqa: S108
        found["wrote"] = Path("/tmp/proxeny-was-here").stat().st_size  # noqa: S108
    except OSError:
        found["wrote"] = 0
    Path("/tmp/proxeny-was-here").unlink(missing_ok=True)  # noqa: S108
    return found


def read_parts(stream: BinaryIO) -> list[bytes]:
    stream.seek(-3, 2)
    end = stream.read()
    stream.seek(0)
    return [stream.read(2), end]


def ask_until(data: bytes, most: int, *, go_on: Callable[[int], bool]) -> int:
    return next(number for number in range(most) if not go_on(number))


def ask_for_more(data: bytes) -> None:
    """Ask for a file that was not given, as a reader would that a file has taken over."""
    child._Asking(_line(), Codec("")).read(0, 10)


def _line() -> socket.socket:
    for descriptor in range(3, 20):
        try:
            return socket.socket(fileno=os.dup(descriptor))
        except OSError:
            continue
    raise LookupError


def process_id(data: bytes) -> Iterator[int]:
    yield os.getpid()
    time.sleep(600)


def take_over(data: bytes) -> None:
    """Do what a reader would that a file has taken over: say what it likes."""
    for descriptor in range(3, 20):
        try:
            line = socket.socket(fileno=os.dup(descriptor))
            message = data
            line.sendall(len(message).to_bytes(8, "big") + message)
        except OSError:
            continue
    time.sleep(600)
