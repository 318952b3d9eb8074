"""Hosts: a `proxeny run` each, over the tests' database, of which any part can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from proxeny.config.server import _static_digest
from tests.kernel.workers import database_url, serving_url
from tests.smtp import Inbox, free_port


@dataclass
class Host:
    """One `proxeny run`."""

    name: str
    url: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def pids_of(self, word: str) -> list[int]:
        """The running processes of this host whose command has the word."""
        table = subprocess.run(
            ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        )
        rows = [line.split(None, 2) for line in table.stdout.splitlines()]
        family, found = {self.process.pid}, []
        for _ in range(4):
            family |= {int(pid) for pid, parent, _ in rows if int(parent) in family}
        for pid, _, command in rows:
            if int(pid) in family and word in command:
                found.append(int(pid))
        return found

    def kill(self, word: str) -> None:
        """`kill -9` the processes whose command has the word."""
        pids = self.pids_of(word)
        assert pids, f"{self.name} runs no {word}"
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    def go_down(self) -> None:
        """`kill -9` everything, as a power cut does."""
        if self.process.poll() is not None:
            return
        everything = [*self.pids_of(""), self.process.pid]
        self.process.kill()
        for pid in everything:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()


@contextmanager
def running_hosts(
    folder: Path, inbox: Inbox, *names: str, with_pages: bool = True
) -> Iterator[list[Host]]:
    """Start hosts whose mails go to the inbox; kill what is left of them at the end.

    Where nobody looks at their pages, they collect no static files, which takes a while.
    """
    with ExitStack() as ended:
        hosts = [_start(folder / name, inbox, name, with_pages) for name in names]
        for host in hosts:
            ended.callback(host.go_down)
        for host in hosts:
            wait(lambda host=host: "Ctrl-C stops" in host.log.read_text(), host.log.read_text)
        yield hosts


def _start(home: Path, inbox: Inbox, name: str, with_pages: bool) -> Host:
    home.mkdir()
    if not with_pages:
        (home / "static-mark").write_text(_static_digest())
    port = free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "PROXENY_"))},
        "DATABASE_URL": database_url(),
        "PROXENY_RUN_DATABASE_URL": serving_url(),
        "PROXENY_HOME": str(home),
        "PORT": str(port),
        "PROXENY_DEMO": "0",
        "PROXENY_SECRET_KEY": settings.SECRET_KEY,
        "PROXENY_EMAIL_URL": f"smtp://127.0.0.1:{inbox.port}",
        "PYTHONUNBUFFERED": "1",
    }
    log = home / "output.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("proxeny")), "run"],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    return Host(name, f"http://127.0.0.1:{port}", process, log)


def wait(when: Callable[[], bool], tell: Callable[[], object], *, timeout_s: float = 300) -> None:
    """Wait until something is so; tell what is so instead."""
    deadline = time.monotonic() + timeout_s
    while not when():
        assert time.monotonic() < deadline, tell()
        time.sleep(0.1)
