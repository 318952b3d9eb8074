"""Calling a reading function in a process of its own."""

import contextlib
import io
import logging
import os
import secrets
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.sandbox import wire
from proxeny.kernel.sandbox.codec import BadValue, Codec
from proxeny.kernel.sandbox.launching import ask, start
from proxeny.kernel.sandbox.limits import USUAL, Limits

#: A file: its bytes, where it lies, or a stream of it that can be sought in. A stream without a
#: descriptor, as of a store on another host, is read through this process, part by part.
type Data = bytes | Path | BinaryIO
#: Asked how far a reading is; answers whether it goes on.
type GoOn = Callable[..., bool]

logger = logging.getLogger("proxeny.reading")

#: Seconds until a process is there to read; the first one has its code to load.
_UNTIL_BEGUN_S = 60.0
_END_S = 5.0
#: Bytes that are given at once of a file that lies elsewhere.
_WINDOW = 1024 * 1024
#: Seconds to wait for a place when all are taken: a waiting request holds a thread of the site.
_UNTIL_PLACE_S = 0.2
_places: threading.BoundedSemaphore | None = None
_REFUSALS = {one.__name__: one for one in (InvalidInput, NotAllowed, NotFound, Conflict)}


class TooManyReadings(InvalidInput):
    """A file that came while this process was reading as many as it may wait for.

    Bad input, so that a form says it beside its file like any other reason.
    """

    def __init__(self) -> None:
        super().__init__(
            _("Several other files are being read right now. Send yours again in a minute.")
        )


class ReadingFailed(InvalidInput):
    """A file that could not be read within its limits, or that a reader stumbles over.

    `cause` is `time`, `memory`, `size` or `fault`.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(_sentence_of(cause))
        self.cause = cause


def _sentence_of(cause: str) -> str:
    if cause == "time":
        return _(
            "We couldn’t read this file because it takes too long. Save it again in the program "
            "it comes from, or split it into smaller files."
        )
    if cause in ("memory", "size"):
        return _(
            "We couldn’t read this file because it takes too much memory. Save it again in the "
            "program it comes from, or split it into smaller files."
        )
    return _(
        "We couldn’t read this file: it’s damaged, or isn’t the type its name says. Save it "
        "again in the program it comes from."
    )


def read_apart(
    function: Callable[..., Any],
    data: Data,
    *args: Any,
    limits: Limits = USUAL,
    returns: tuple[type, ...] = (),
    raises: tuple[type[Exception], ...] = (),
    go_on: GoOn | None = None,
) -> Any:
    """Return a function's result for a file, called in a process of its own.

    Parameters
    ----------
    function : callable
        Of a module, with the file's bytes (or its path or a stream of it, where such is given) as
        first argument. It reads: it knows no database, no settings but the languages, and writes
        nothing.
    data : bytes, Path or binary file
        The file.
    *args
        More arguments: plain values.
    returns : tuple of type
        Dataclasses in what it returns, which is of plain values otherwise.
    raises : tuple of type
        Exceptions that it may answer with, made of texts and numbers. Refusals always pass.
    go_on : callable, optional
        Given, the function gets one of that name, which asks this one.

    Raises
    ------
    ReadingFailed
        It took too much time or memory, or stumbled; the log says which.
    """
    with _Reading(function, limits, returns, raises, go_on) as reading:
        reading.begin(data, args, is_stream=False)
        return next(reading.values(), None)


def stream_apart(
    function: Callable[..., Iterator[Any]],
    data: Data,
    *args: Any,
    limits: Limits = USUAL,
    returns: tuple[type, ...] = (),
) -> Iterator[Any]:
    """Yield what a function yields of a file, as `read_apart`, while it goes on reading."""
    with _Reading(function, limits, returns, (), None) as reading:
        reading.begin(data, args, is_stream=True)
        yield from reading.values()


def warm_up(*, at_once: int | None = None) -> None:
    """Start the process that readings come from, without waiting for it.

    Parameters
    ----------
    at_once : int, optional
        So many readings at most at one time, so that threads are left for requests without a file;
        more are refused (`TooManyReadings`). All are taken where it is left out.
    """
    global _places
    _places = threading.BoundedSemaphore(at_once) if at_once else None
    start()


class _Reading:
    def __init__(
        self,
        function: Callable[..., Any],
        limits: Limits,
        returns: tuple[type, ...],
        raises: tuple[type[Exception], ...],
        go_on: GoOn | None,
    ) -> None:
        self._name = f"{function.__module__}:{function.__qualname__}"
        self._limits = limits
        self._mark = secrets.token_hex(8)
        self._codec = Codec(self._mark, returns)
        self._raises = {one.__qualname__: one for one in raises}
        self._left = limits.output
        self._go_on = go_on
        self._elsewhere: BinaryIO | None = None

    def __enter__(self) -> "_Reading":
        self._place = _places
        if self._place is not None and not self._place.acquire(timeout=_UNTIL_PLACE_S):
            logger.warning("too many files at once for %s", self._name)
            raise TooManyReadings
        self._line, self._far_line = socket.socketpair()
        self._end, self._far_end = socket.socketpair()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing its end tells the server that the caller is gone: running readings are ended.
        for one in (self._line, self._far_line, self._end, self._far_end):
            one.close()
        if self._place is not None:
            self._place.release()

    def begin(self, data: Data, args: tuple[Any, ...], *, is_stream: bool) -> None:
        """Have a process begin with the reading."""
        how = _how_to_give(data)
        if how == "elsewhere":
            self._elsewhere, data = data, b""  # type: ignore[assignment]
        with _descriptor_of(data) as descriptor:
            ask([self._far_line.fileno(), descriptor, self._far_end.fileno()])
        self._far_line.close()
        self._far_end.close()
        request = {
            "mark": self._mark,
            "function": self._name,
            "args": self._codec.dump(list(args)).decode("utf-8", "surrogatepass"),
            "how": how,
            "asks": self._go_on is not None,
            "is_stream": is_stream,
            "language": translation.get_language() or "en",
            "zone": timezone.get_current_timezone_name(),
            "limits": asdict(self._limits),
        }
        with contextlib.suppress(OSError):  # gone already: the next call reports it
            wire.send(self._line, Codec("").dump(request))
        self._receive(_UNTIL_BEGUN_S, most=1000)

    def values(self) -> Iterator[Any]:
        """Yield the values until the end."""
        while True:
            kind, *told = self._receive(self._limits.wall_s, most=self._left)
            if kind == "end" and not told:
                return
            if kind == "ask":
                self._answer(told)
            elif kind == "value" and len(told) == 1:
                yield told[0]
            elif kind == "values" and len(told) == 1 and isinstance(told[0], list):
                yield from told[0]
            else:
                raise self._refusal(kind, told)

    def _receive(self, within_s: float, *, most: int) -> list[Any]:
        try:
            message = wire.receive(self._line, most=most, until=time.monotonic() + within_s)
            if message is None:
                raise self._failed(*self._why_ended())
            self._left -= len(message)
            found = self._codec.load(message)
            if not isinstance(found, list) or not found:
                raise BadValue
        except TimeoutError:
            raise self._failed("time", "wall clock") from None
        except wire.TooMuch:
            raise self._failed("size", "output") from None
        except BadValue:
            raise self._failed("fault", "no such value") from None
        return found

    def _answer(self, question: list[Any]) -> None:
        match question, self._elsewhere, self._go_on:
            case ["go_on", *done], _, asked if asked is not None:
                told: Any = asked(*(one for one in done if isinstance(one, int)))
            case ["size"], stream, _ if stream is not None:
                told = stream.seek(0, io.SEEK_END)
            case ["read", int(at), int(length)], stream, _ if stream is not None:
                stream.seek(max(0, at))
                told = stream.read(min(max(0, length), _WINDOW))
            case _:
                raise self._failed("fault", "no such question")
        with contextlib.suppress(OSError):  # gone already: the next call reports it
            wire.send(self._line, self._codec.dump([told]))

    def _refusal(self, kind: Any, told: list[Any]) -> Exception:
        match [kind, *told]:
            case ["refused", str(name), str(sentence), field] if name in _REFUSALS:
                return _REFUSALS[name](sentence, field=field if isinstance(field, str) else None)
            case ["raised", str(name), list(args), _] if name in self._raises:
                return self._raises[name](*args)
            case ["raised", str(name), list(), str(places)]:
                return self._failed("fault", f"{name[:60]} at {places[:300]}")
            case ["memory"]:
                return self._failed("memory", "allocation refused")
        return self._failed("fault", "no such answer")

    def _why_ended(self) -> tuple[str, str]:
        """Return why a process ended without a word."""
        self._end.settimeout(_END_S)
        try:
            code = int(self._end.recv(32) or b"70")
        except (OSError, ValueError):
            code = 70
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return "time", "processor time" if code == -signal.SIGXCPU else "killed"
        if code == -signal.SIGABRT:
            # Libraries in other languages end like this when memory is refused.
            return "memory", "aborted"
        return "fault", f"ended with {code}"

    def _failed(self, cause: str, why: str) -> ReadingFailed:
        # The output of a process is untrusted: one line of it.
        why = " ".join(why.split())
        logger.warning("a file could not be read by %s: %s", self._name, why)
        return ReadingFailed(cause)


def _how_to_give(data: Data) -> str:
    if isinstance(data, bytes):
        return "bytes"
    if isinstance(data, Path):
        return "path"
    try:
        data.fileno()
    except (OSError, AttributeError):
        return "elsewhere"
    return "file"


@contextlib.contextmanager
def _descriptor_of(data: Data) -> Iterator[int]:
    if isinstance(data, Path):
        with data.open("rb") as file:
            yield file.fileno()
    elif not isinstance(data, bytes):
        yield data.fileno()
    elif hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("reading", os.MFD_CLOEXEC)
        try:
            with open(descriptor, "wb", closefd=False) as file:
                file.write(data)
            yield descriptor
        finally:
            os.close(descriptor)
    else:
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.flush()
            yield file.fileno()
