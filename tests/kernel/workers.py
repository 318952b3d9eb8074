"""Real worker processes over the test database, to be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from proxeny.kernel.database_urls import write_database_url
from proxeny.kernel.login import let_in
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, acting_as
from tests.smtp import Inbox


def database_url() -> str:
    """Return the address of the database that the tests use now, as its owner."""
    return write_database_url(connection.settings_dict)


def serving_url() -> str:
    """Return its address as the web server and the worker sign in; they get in by it."""
    assert not let_in()
    here = {"NAME": connection.settings_dict["NAME"]}
    return write_database_url({**settings.SERVING_DATABASE, **here})


@contextmanager
def worker(
    inbox: Inbox | None = None, *, settings_module: str = "proxeny.config.settings"
) -> Iterator["subprocess.Popen[bytes]"]:
    """A `proxeny worker` in a process group of its own; killed at the end of the block.

    Its mails go to the server of the inbox, if one is given.
    """
    mails = {"PROXENY_EMAIL_URL": f"smtp://127.0.0.1:{inbox.port}"} if inbox else {}
    environment = {
        **os.environ,
        **mails,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": settings_module,
        "PROXENY_HOME": str(settings.HOME),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "proxeny", "worker"], env=environment, start_new_session=True
    )
    try:
        yield process
    finally:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """`kill -9` the worker and all it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(job_id: int, when: Callable[[Job], bool], *, timeout_s: float = 90) -> Job:
    """Wait until the job's row satisfies a condition, and return it."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        with acting_as(SERVICE):
            job = Job.objects.get(pk=job_id)
        if when(job):
            return job
        time.sleep(0.05)
    raise AssertionError(f"waited in vain: {job.state} {job.progress} {job.error}")


def wait_until(when: Callable[[], object], *, timeout_s: float = 90) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + timeout_s
    while not when():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
