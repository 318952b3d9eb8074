"""The process that forks one for each reading: small, without threads, and without secrets.

It knows no database, no key and no setting but the languages. It ends when the process that started
it does, and takes all readings with it; a reading whose caller is gone is ended at once.
"""

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from typing import Any

from proxeny.kernel.sandbox import wire

#: Descriptors of a request: the line, the data, and the one that reports the end.
_FAR = 3


def main() -> None:
    """Serve the requests that come on standard input, a socket."""
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    _prepare(json.loads(wire.receive(control, most=1 << 20) or b"{}"))
    _Server(control).serve()


def _prepare(given: dict[str, Any]) -> None:
    sys.path[:] = given["path"]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from django.conf import settings

    settings.configure(**given["settings"], INSTALLED_APPS=[], LOGGING_CONFIG=None)
    import django

    django.setup()
    for name in ("proxeny.kernel.sandbox.child", *given["preload"]):
        importlib.import_module(name)
    from django.utils import translation

    for code, _name in given["settings"]["LANGUAGES"]:
        with translation.override(code):
            translation.gettext("Name")
    # Objects created so far are shared with all forked processes.
    gc.collect()
    gc.freeze()


class _Server:
    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._ends: dict[int, socket.socket] = {}
        self._events = selectors.DefaultSelector()

    def serve(self) -> None:
        woken, wakes = self._wakes = socket.socketpair()
        for one in self._wakes:
            one.setblocking(False)
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._events.register(self._control, selectors.EVENT_READ, "request")
        self._events.register(woken, selectors.EVENT_READ, "child")
        while True:
            for key, _mask in self._events.select():
                if key.data == "request" and not self._take_request():
                    return self._end()
                if key.data == "child":
                    with contextlib.suppress(BlockingIOError):
                        woken.recv(4096)
                    self._reap()
                if isinstance(key.data, int):
                    self._kill(key.data)

    def _take_request(self) -> bool:
        message, found, _flags, _address = socket.recv_fds(self._control, 1, _FAR)
        if not message:
            return False
        line, data, end = found
        child = os.fork()
        if child == 0:
            self._become_child(line, data, end)
        os.close(line)
        os.close(data)
        self._ends[child] = socket.socket(fileno=end)
        self._events.register(self._ends[child], selectors.EVENT_READ, child)
        return True

    def _become_child(self, line: int, data: int, end: int) -> None:
        try:
            signal.set_wakeup_fd(-1)
            os.close(end)
            self._control.close()
            self._events.close()
            for other in (*self._ends.values(), *self._wakes):
                other.close()
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            from proxeny.kernel.sandbox import child  # loaded by now

            child.run(socket.socket(fileno=line), data)
        finally:
            os._exit(70)

    def _reap(self) -> None:
        while self._ends:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not child:
                return
            end = self._ends.pop(child)
            with contextlib.suppress(KeyError):
                self._events.unregister(end)
            with contextlib.suppress(OSError):
                end.send(str(os.waitstatus_to_exitcode(status)).encode())
            end.close()

    def _kill(self, child: int) -> None:
        # Its end of the line is closed: nobody waits. It is reaped like any other.
        if child in self._ends:
            self._events.unregister(self._ends[child])
            os.kill(child, signal.SIGKILL)

    def _end(self) -> None:
        for child in self._ends:
            os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
