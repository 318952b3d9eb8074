"""Starting the process that readings come from, once for each process, and again should it end."""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading

from django.conf import settings

from proxeny.kernel.sandbox import wire

#: Of our own environment, what it may know.
_KNOWN = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV")
_SETTINGS = ("LANGUAGE_CODE", "TIME_ZONE", "USE_TZ", "FORMAT_MODULE_PATH")

_lock = threading.Lock()
_process: subprocess.Popen[bytes] | None = None
_control: socket.socket | None = None


def start() -> socket.socket:
    """Return the socket to the process, which is started where there is none."""
    with _lock:
        return _start()


def ask(descriptors: list[int]) -> None:
    """Ask for a reading, by its descriptors."""
    with _lock:
        try:
            socket.send_fds(_start(), [b"r"], descriptors)
        except OSError:
            # It ended since it was last asked.
            _stop()
            socket.send_fds(_start(), [b"r"], descriptors)


def _start() -> socket.socket:
    global _process, _control
    if _process is not None and _control is not None and _process.poll() is None:
        return _control
    _stop()
    _control, far = socket.socketpair()
    environment = {name: os.environ[name] for name in _KNOWN if name in os.environ}
    # Our own module and interpreter, nothing of anybody's.
    _process = subprocess.Popen(
        [sys.executable, "-m", "proxeny.kernel.sandbox.server"],
        stdin=far.fileno(),
        stdout=subprocess.DEVNULL,
        env=environment | {"OPENBLAS_NUM_THREADS": "1"},
    )
    far.close()
    wire.send(_control, json.dumps(_what_it_knows()).encode())
    return _control


def _what_it_knows() -> dict[str, object]:
    known = {name: getattr(settings, name) for name in _SETTINGS}
    known["LANGUAGES"] = [[code, str(name)] for code, name in settings.LANGUAGES]
    known["LOCALE_PATHS"] = [str(path) for path in settings.LOCALE_PATHS]
    return {"path": sys.path, "settings": known, "preload": settings.READ_APART}


def _stop() -> None:
    global _process, _control
    process, control, _process, _control = _process, _control, None, None
    if control is not None:
        control.close()
    if process is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=2)


def _forget() -> None:
    # A fork has the descriptors of a process that is not its own.
    global _process, _control, _lock
    if _control is not None:
        _control.close()
    _process, _control, _lock = None, None, threading.Lock()


atexit.register(_stop)
os.register_at_fork(after_in_child=_forget)
