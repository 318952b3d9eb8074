"""Real worker processes over the test database, to be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, acting_as


def database_url() -> str:
    """Return the address of the database that the tests use now."""
    at = connection.settings_dict
    who = f"{quote(at['USER'])}:{quote(at['PASSWORD'], safe='')}"
    port = f":{at['PORT']}" if at["PORT"] else ""
    return f"postgresql://{who}@{quote(at['HOST'], safe='')}{port}/{quote(at['NAME'])}"


@contextmanager
def worker() -> Iterator["subprocess.Popen[bytes]"]:
    """A `proxeny worker` in a process group of its own; killed at the end of the block."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "proxeny.config.settings",
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
