"""Clean-up of the processes of a `proxeny run` that was killed and could not end them itself.

A process of its own waits at one end of a pipe, and only `proxeny run` holds the other end. However
that one dies, the system closes the pipe; then each registered process group gets its signal. It
works on any system, including processes started by these, whichever user they run as.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import IO, cast


class Heir:
    """The waiting process, as `proxeny run` sees it."""

    def __init__(self) -> None:
        # By its path, and without what Python looks for elsewhere: it needs nothing of ours.
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._words = cast("IO[bytes]", self._process.stdin)

    def end_later(self, group: int, by: signal.Signals) -> None:
        """Have a process group ended by a signal should we be killed."""
        self._tell(f"{group} {int(by)}")

    def forget(self, group: int) -> None:
        """Leave a process group alone that has ended: its number may become another's."""
        self._tell(f"{group} 0")

    def dismiss(self) -> None:
        """Let it go: the caller ends the processes it started."""
        with contextlib.suppress(OSError):
            self._tell("0 0")
            self._words.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        with contextlib.suppress(OSError):
            self._words.write(line.encode() + b"\n")
            self._words.flush()


@contextlib.contextmanager
def heir() -> Iterator[Heir]:
    """Have an heir for the block."""
    found = Heir()
    try:
        yield found
    finally:
        found.dismiss()


def _wait() -> None:
    groups: dict[int, int] = {}
    for line in sys.stdin:
        group, number = map(int, line.split())
        if not group:
            return
        groups.pop(group, None)
        if number:
            groups[group] = number
    # The last that was started first: the database after those that use it.
    for group, number in reversed(groups.items()):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


if __name__ == "__main__":
    _wait()
