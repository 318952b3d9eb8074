"""`proxeny run`: the whole product as one command; and `proxeny web`, its web server alone.

Starts the embedded PostgreSQL (unless DATABASE_URL names a server), migrates, loads the demo
world into an empty database, collects static files, then runs the web server and a worker as
child processes and watches them until Ctrl-C.
"""

import contextlib
import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from proxeny.config.environment import find_checkout, find_home, read_environment
from proxeny.config.postgres import EmbeddedServer

Say = Callable[[str], None]


class CannotRun(Exception):
    """The product cannot start; the message says why and what to do."""


@contextlib.contextmanager
def running_database() -> Iterator[None]:
    """Have a database for the block: the server of DATABASE_URL, or the embedded one."""
    environment = read_environment()
    if environment["DATABASE_URL"]:
        yield
        return
    server = EmbeddedServer(find_home(environment["PROXENY_HOME"]))
    server.start()
    try:
        yield
    finally:
        server.stop()


def run(*, say: Say) -> None:
    """Run everything until a signal asks to stop; returns when all of it has stopped.

    Raises
    ------
    CannotRun
        When the port is taken, or a part keeps ending by itself.
    """
    environment = read_environment()
    host, port = environment["HOST"], environment["PORT"]
    _refuse_taken_port(host, port)
    stop = _StopRequest()
    with running_database():
        prepare(say=say, with_demo=environment["PROXENY_DEMO"])
        stop.listen()
        if stop.asked:
            return
        with _children(host, port, environment["PROXENY_WEB_WORKERS"], say) as children:
            _wait_until_ready(host, port, children, stop)
            _greet(say)
            _watch(children, stop)
    say("Stopped.")


def serve_web() -> NoReturn:
    """Become the web server, for a service manager that looks after it; never returns.

    Static files of an earlier version stay: pages that are open still ask for them, and so do those
    that another host serves while the hosts are updated one by one.
    """
    _setup_django()
    _collect_static_files(clear=False)
    environment = read_environment()
    command = _web_command(
        environment["HOST"], environment["PORT"], environment["PROXENY_WEB_WORKERS"]
    )
    os.execv(command[0], command)  # noqa: S606


def prepare(*, say: Say, with_demo: bool) -> None:
    """Bring database and static files up to date; load the demo into an empty database."""
    prepare_database(say=say, with_demo=with_demo)
    _collect_static_files(clear=True)


def prepare_database(*, say: Say, with_demo: bool = False) -> None:
    """Bring the database up to date, and leave one alone that is; load the demo into an empty one.

    Any number of processes may do so at once, on any host: the first one prepares the database,
    the others wait and find it done.
    """
    _setup_django()
    from django.core.management import call_command
    from django.db import connection

    from proxeny.kernel.preparing import preparing_alone

    with preparing_alone(say=say):
        if _has_unapplied_migrations() or not _policies_stand():
            say("Preparing the database …")
            call_command("migrate", verbosity=0, interactive=False)
        if with_demo:
            from proxeny.demo import load_demo

            load_demo(say=say)
    connection.close()


def _setup_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proxeny.config.settings")
    django.setup()


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            other = "make run PORT={}" if find_checkout() else "PORT={} proxeny run"
            raise CannotRun(
                f"Port {port} on {host} is taken or not allowed ({error.strerror}). "
                f"Choose another one, for instance: {other.format(port + 1)}"
            ) from None


def _has_unapplied_migrations() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _policies_stand() -> bool:
    from proxeny.kernel.policies import policies_stand

    return policies_stand()


def _collect_static_files(*, clear: bool) -> None:
    from django.core.management import call_command

    # One process at a time: a service may start while somebody founds a cluster.
    with _static_mark().with_name("static-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _static_files_changed():
            call_command("collectstatic", verbosity=0, interactive=False, clear=clear)
            _mark_static_files()


def _static_digest() -> str:
    import proxeny

    digest = hashlib.sha256(proxeny.__version__.encode())
    root = Path(proxeny.__file__).parent
    for path in sorted(root.glob("*/static/**/*")):
        stat = path.stat()
        digest.update(f"{path.relative_to(root)} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()


def _static_mark() -> Path:
    from django.conf import settings

    return Path(settings.HOME) / "static-mark"


def _static_files_changed() -> bool:
    mark = _static_mark()
    return not mark.exists() or mark.read_text() != _static_digest()


def _mark_static_files() -> None:
    _static_mark().write_text(_static_digest())


class _StopRequest:
    """Set by SIGINT, SIGTERM or SIGHUP; a second signal changes nothing."""

    def __init__(self) -> None:
        self.asked = False
        self.listen()

    def listen(self) -> None:
        """Hear the signals; once more after foreign code that may have put itself in between."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


class _Child:
    """A process of ours that is started again when it dies, unless it dies at once each time."""

    def __init__(self, name: str, command: list[str], say: Say) -> None:
        self.name, self.command, self.say = name, command, say
        self.deaths: list[float] = []
        self._start()

    def _start(self) -> None:
        # A session of its own: Ctrl-C comes to us alone, and we end our children in order.
        # What goes wrong is logged to standard error; their greetings are not for our reader.
        self.process = subprocess.Popen(  # noqa: S603
            self.command, start_new_session=True, stdout=subprocess.DEVNULL
        )

    def revive(self) -> None:
        """Start it again if it has died; raises `CannotRun` after three deaths in 30 seconds."""
        if self.process.poll() is None:
            return
        now = time.monotonic()
        self.deaths = [death for death in self.deaths if now - death < 30] + [now]
        if len(self.deaths) > 3:
            raise CannotRun(
                f"The {self.name} keeps ending by itself (exit code {self.process.returncode})."
            )
        self._kill_group()
        self.say(f"The {self.name} ended by itself; starting it again.")
        self._start()

    def stop(self) -> None:
        """Ask it to end, wait, and end what is left of its group."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        self._kill_group()
        self.process.wait()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def _web_command(host: str, port: int, web_workers: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws",
        "--host", host, "--port", str(port), "--workers", str(web_workers),
        "--blocking-threads", "4", "--log-level", "error", "--respawn-failed-workers",
        "proxeny.config.wsgi:application",
    ]  # fmt: skip


@contextlib.contextmanager
def _children(host: str, port: int, web_workers: int, say: Say) -> Iterator[list[_Child]]:
    commands = {
        "web server": _web_command(host, port, web_workers),
        "worker": [sys.executable, "-m", "proxeny", "worker"],
    }
    children = [_Child(name, command, say) for name, command in commands.items()]
    try:
        yield children
    finally:
        for child in children:
            child.process.terminate()
        for child in children:
            child.stop()


def _wait_until_ready(host: str, port: int, children: list[_Child], stop: _StopRequest) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not stop.asked:
        for child in children:
            child.revive()
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/health/live", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)


def _watch(children: list[_Child], stop: _StopRequest) -> None:
    while not stop.asked:
        for child in children:
            child.revive()
        time.sleep(0.3)


def _greet(say: Say) -> None:
    from django.conf import settings

    from proxeny.demo import demo_sign_ins
    from proxeny.kernel.pdf import can_make_pdf

    say(f"\nProxeny is ready: {settings.BASE_URL}")
    lines = demo_sign_ins()
    if lines:
        say("\nDemo sign-ins (invented people):")
        for line in lines:
            say(f"  {line}")
    if not can_make_pdf():
        say(
            "\nReports can be printed, but not taken as PDF: Pango is missing (on Debian and Ubuntu "
            "libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0)."
        )
    say("\nCtrl-C stops everything.")
