"""One reading, in the process that was forked for it."""

import importlib
import io
import os
import signal
import socket
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone, translation

from proxeny.kernel import errors
from proxeny.kernel.sandbox import wire
from proxeny.kernel.sandbox.codec import Codec
from proxeny.kernel.sandbox.limits import Limits, confine

#: Bytes of a request, of values that go back together, and of an answer to a question.
_REQUEST, _TOGETHER, _ANSWER = 16 * 1024 * 1024, 256 * 1024, 4 * 1024 * 1024
#: Bytes that are asked for at once of a file that lies elsewhere.
_WINDOW = 1024 * 1024
#: The others' requests come first.
_NICE = 5


def run(line: socket.socket, data: int) -> None:
    """Answer the one request that comes on a line, and end the process."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.nice(_NICE)
    request = wire.receive(line, most=_REQUEST)
    if request is not None:
        _answer(line, data, request)
    os._exit(0)


def _answer(line: socket.socket, data: int, request: bytearray) -> None:
    given = Codec("").load(request)
    codec = Codec(given["mark"])
    function = _find(given["function"])
    args = codec.load(given["args"].encode("utf-8", "surrogatepass"))
    translation.activate(given["language"])
    timezone.activate(given["zone"])
    wire.send(line, codec.dump(["begun"]))
    confine(Limits(**given["limits"]))
    ask = _Asking(line, codec)
    more = {"go_on": ask.go_on} if given["asks"] else {}
    try:
        content = _content_of(data, given["how"], ask)
        if given["is_stream"]:
            _stream(line, codec, function(content, *args, **more))
        else:
            wire.send(line, codec.dump(["value", function(content, *args, **more)]))
        wire.send(line, codec.dump(["end"]))
    except errors.ProxenyError as error:
        wire.send(line, codec.dump(["refused", type(error).__name__, str(error), error.field]))
    except MemoryError:
        wire.send(line, codec.dump(["memory"]))
    except BrokenPipeError:
        pass  # nobody waits for it any more
    except Exception as error:
        # By its name alone: a message may repeat what is in the file.
        places = traceback.extract_tb(error.__traceback__)[-6:]
        told = [f"{Path(one.filename).name}:{one.lineno}" for one in places]
        given_back = [one for one in error.args if isinstance(one, str | int)]
        name = type(error).__qualname__
        wire.send(line, codec.dump(["raised", name, given_back, " ".join(told)]))


def _find(name: str) -> Callable[..., Any]:
    module, _sign, path = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]


def _content_of(data: int, how: str, ask: "_Asking") -> Any:
    path = Path(f"/dev/fd/{data}")
    if how == "path":
        return path
    if how == "file":
        return path.open("rb")
    if how == "elsewhere":
        return io.BufferedReader(_Elsewhere(ask), _WINDOW)
    with open(data, "rb", closefd=False) as file:
        file.seek(0)
        return file.read()


class _Asking:
    """Questions to the process that asked for the reading."""

    def __init__(self, line: socket.socket, codec: Codec) -> None:
        self._line, self._codec = line, codec

    def go_on(self, *done: int) -> bool:
        """Tell how far the reading is; return whether to go on."""
        return bool(self._ask("go_on", *done))

    def size(self) -> int:
        """Return how long the file is that lies elsewhere."""
        return int(self._ask("size"))

    def read(self, at: int, length: int) -> bytes:
        """Return a part of the file that lies elsewhere."""
        return bytes(self._ask("read", at, length))

    def _ask(self, *question: Any) -> Any:
        wire.send(self._line, self._codec.dump(["ask", *question]))
        told = wire.receive(self._line, most=_ANSWER)
        if told is None:
            raise BrokenPipeError
        return self._codec.load(told)[0]


class _Elsewhere(io.RawIOBase):
    """A file that the process that asked for the reading has, to read and seek in."""

    def __init__(self, ask: _Asking) -> None:
        self._ask, self._at, self._size = ask, 0, ask.size()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        found = self._ask.read(self._at, min(len(buffer), _WINDOW))
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)


def _stream(line: socket.socket, codec: Codec, values: Iterator[Any]) -> None:
    together: list[bytes] = []
    size, room = 0, 0  # the first value goes at once

    def flush() -> None:
        wire.send(line, codec.dump(["values"])[:-1] + b",[" + b",".join(together) + b"]]")

    for value in values:
        told = codec.dump(value)
        together.append(told)
        size += len(told)
        if size > room:
            flush()
            together, size, room = [], 0, _TOGETHER
    if together:
        flush()
