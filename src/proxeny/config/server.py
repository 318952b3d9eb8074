"""`proxeny run`: the whole product as one command; and `proxeny web`, its web server alone.

Starts the embedded PostgreSQL (unless DATABASE_URL names a server), migrates, loads the demo
world into an empty database, collects static files, then runs the web server and a worker as
child processes and watches all of them until Ctrl-C. Should it be killed itself, `orphans` ends them.
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

from proxeny.config import ordinary, orphans
from proxeny.config.environment import find_checkout, find_home, read_environment
from proxeny.config.postgres import EmbeddedServer, app_settings, as_user, find_place
from proxeny.kernel.database_urls import read_database_url, write_database_url
from proxeny.kernel.seal import APP

Say = Callable[[str], None]


class CannotRun(Exception):
    """A product that cannot start; the message says why and what to do."""


@contextlib.contextmanager
def running_database() -> Iterator[EmbeddedServer | None]:
    """Have a database for the block: the server of DATABASE_URL, or the embedded one, which it gives."""
    environment = read_environment()
    if environment["DATABASE_URL"]:
        yield None
        return
    server = EmbeddedServer(find_home(environment["PROXENY_HOME"]))
    server.start()
    try:
        yield server
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
    if environment["PROXENY_RUN_DATABASE_URL"] and not environment["DATABASE_URL"]:
        raise CannotRun(
            "PROXENY_RUN_DATABASE_URL is set, but DATABASE_URL isn't. Set both, or neither to use "
            "the embedded server."
        )
    warn_of_owner(say=say)
    stop = _StopRequest()
    with orphans.heir() as heir, running_database() as server:
        database = _Database(server, heir, say)
        stop.run_until_asked(lambda: prepare(say=say, with_demo=environment["PROXENY_DEMO"]))
        stop.listen()
        if stop.asked:
            return
        commands = {
            "web server": _web_command(host, port, environment["PROXENY_WEB_WORKERS"]),
            "worker": [sys.executable, "-m", "proxeny", "worker"],
        }
        given, user = _find_serving(say)
        with _children(commands, given, user, heir, say) as children:
            _wait_until_ready(host, port, [database, *children], stop)
            _greet(say)
            _watch([database, *children], stop)
    say("Stopped.")


def serving_environment() -> dict[str, str]:
    """Return the environment of a process that serves: one login to the database, and not the owner's."""
    environment = read_environment()
    url = environment["PROXENY_RUN_DATABASE_URL"] or environment["DATABASE_URL"]
    if not url:
        url = write_database_url(app_settings(find_place(find_home(environment["PROXENY_HOME"]))))
    kept = {name: os.environ[name] for name in os.environ if name != "PROXENY_RUN_DATABASE_URL"}
    return kept | {"DATABASE_URL": url}


def _find_serving(say: Say) -> tuple[dict[str, str], str | None]:
    from django.conf import settings

    return ordinary.find_serving_user(
        Path(settings.HOME), settings.SECRET_KEY, serving_environment(), say=say
    )


def serve_as_app() -> None:
    """Make sure that this process serves by the login for that, and knows no other one.

    It begins again where it has to: what a process was given can be read for as long as it runs.
    """
    wanted = serving_environment()
    if wanted != dict(os.environ):
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], wanted)  # noqa: S606


def warn_of_owner(*, say: Say) -> None:
    """Say so where the web server and the worker would sign in as the owner of the tables."""
    environment = read_environment()
    url = environment["PROXENY_RUN_DATABASE_URL"] or environment["DATABASE_URL"]
    if url and read_database_url(url)["USER"] != APP:
        say(
            "Warning: the web server and the worker sign in to the database as the owner of its "
            f"tables. Set PROXENY_RUN_DATABASE_URL to the login {APP}, which owns nothing."
        )


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
    """Update the database and the static files; load the demo into an empty database."""
    prepare_database(say=say, with_demo=with_demo)
    _collect_static_files(clear=True)


def prepare_database(*, say: Say, with_demo: bool = False) -> None:
    """Migrate the database unless it is up to date; load the demo into an empty one.

    Any number of processes may do so at once, on any host: the first one prepares the database, the
    others wait and find it done.
    """
    _setup_django()
    from django.core.management import call_command
    from django.db import connection

    from proxeny.kernel.login import let_in
    from proxeny.kernel.setup_lock import preparing_alone

    with preparing_alone(say=say):
        if _has_unapplied_migrations() or not _policies_stand():
            say("Preparing the database …")
            call_command("migrate", verbosity=0, interactive=False)
        if problem := let_in():
            say(f"Warning: the web server and the worker can't use the database: {problem}")
        if with_demo:
            from proxeny.demo import load_demo

            load_demo(say=say)
    connection.close()


def _setup_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proxeny.config.settings")
    django.setup()


def _refuse_taken_port(host: str, port: int) -> None:
    # Processes left by a killed `proxeny run` are being ended at this moment.
    deadline = time.monotonic() + 3
    while (problem := _try_port(host, port)) is not None:
        if time.monotonic() > deadline:
            other = "make run PORT={}" if find_checkout() else "PORT={} proxeny run"
            raise CannotRun(
                f"Port {port} on {host} is taken or not allowed ({problem}). "
                f"Choose another one, for example: {other.format(port + 1)}"
            )
        time.sleep(0.2)


def _try_port(host: str, port: int) -> str | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror
    return None


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
    _static_mark().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
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


class _Asked(KeyboardInterrupt):
    """A stop that was asked for; psycopg cancels the query that runs, as on Ctrl-C."""


class _StopRequest:
    """Set by SIGINT, SIGTERM or SIGHUP; a second signal changes nothing."""

    def __init__(self) -> None:
        self.asked = False
        self._is_running = False
        self.listen()

    def run_until_asked(self, work: Callable[[], object]) -> None:
        """Do work that takes long, and leave it at once when a signal comes.

        Its transactions are rolled back, and the next start does what is left.
        """
        try:
            self._is_running = True
            try:
                if not self.asked:
                    work()
            finally:
                self._is_running = False
        except _Asked:
            pass

    def listen(self) -> None:
        """Hear the signals; once more after foreign code that may have put itself in between."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        first, self.asked = not self.asked, True
        if first and self._is_running:
            raise _Asked


class _Deaths:
    """A counter of recent crashes of a part; one that keeps crashing is not started again."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._moments: list[float] = []

    def count(self, how: str = "") -> None:
        """Note one; raises `CannotRun` after three in 30 seconds."""
        now = time.monotonic()
        self._moments = [death for death in self._moments if now - death < 30] + [now]
        if len(self._moments) > 3:
            raise CannotRun(f"The {self.name} keeps stopping unexpectedly{how}.")


class _Database:
    """The embedded server while we watch it; none where DATABASE_URL names one."""

    def __init__(self, server: EmbeddedServer | None, heir: orphans.Heir, say: Say) -> None:
        self.server, self.heir, self.say = server, heir, say
        self._deaths = _Deaths("database")
        self._looked = 0.0
        self._bequeath()

    def revive(self) -> None:
        """Start it again if it has died; one that we joined is asked once a second."""
        if self.server is None or (
            self.server.process_id is None and time.monotonic() - self._looked < 1
        ):
            return
        self._looked, before = time.monotonic(), self.server.process_id
        if self.server.revive():
            self._deaths.count()
            self.say("The database stopped unexpectedly. It has been restarted.")
            if before is not None:
                self.heir.forget(before)
            self._bequeath()

    def _bequeath(self) -> None:
        if self.server is not None and self.server.process_id is not None:
            # Fast shutdown: open transactions roll back, and the next start has nothing to mend.
            self.heir.end_later(self.server.process_id, signal.SIGINT)


class _Child:
    """A process of ours that is started again when it dies, unless it dies at once each time."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str],
        user: str | None,
        heir: orphans.Heir,
        say: Say,
    ) -> None:
        self.name, self.command, self.environment, self.user = name, command, environment, user
        self.heir, self.say = heir, say
        self._deaths = _Deaths(name)
        self._start()

    def _start(self) -> None:
        # A session of its own: Ctrl-C reaches only this process, which ends its children in order.
        # Errors are logged to standard error; start-up messages are not for our reader.
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            umask=-1 if self.user is None else 0o077,
            **as_user(self.user),
        )
        self.heir.end_later(self.process.pid, signal.SIGKILL)

    def revive(self) -> None:
        """Start it again if it has died; raises `CannotRun` after three deaths in 30 seconds."""
        if self.process.poll() is None:
            return
        self._deaths.count(f" (exit code {self.process.returncode})")
        self._kill_group()
        self.heir.forget(self.process.pid)
        self.say(f"The {self.name} stopped unexpectedly. Restarting it.")
        self._start()

    def stop(self) -> None:
        """Ask it to end, wait, and kill the rest of its group."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        self._kill_group()
        self.process.wait()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def _web_command(host: str, port: int, web_workers: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(web_workers),
        "--blocking-threads",
        "4",
        "--log-level",
        "error",
        "--respawn-failed-workers",
        "proxeny.config.wsgi:application",
    ]


@contextlib.contextmanager
def _children(
    commands: dict[str, list[str]],
    environment: dict[str, str],
    user: str | None,
    heir: orphans.Heir,
    say: Say,
) -> Iterator[list[_Child]]:
    children = [
        _Child(name, command, environment, user, heir, say) for name, command in commands.items()
    ]
    try:
        yield children
    finally:
        for child in children:
            child.process.terminate()
        for child in children:
            child.stop()


def _wait_until_ready(
    host: str, port: int, parts: list[_Database | _Child], stop: _StopRequest
) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and not stop.asked:
        for part in parts:
            part.revive()
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/health/live", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)


def _watch(parts: list[_Database | _Child], stop: _StopRequest) -> None:
    while not stop.asked:
        for part in parts:
            part.revive()
        time.sleep(0.3)


def _greet(say: Say) -> None:
    from django.conf import settings
    from django.db import connection

    from proxeny.demo import demo_sign_ins
    from proxeny.directory.command import setup_lines
    from proxeny.kernel.pdf import can_make_pdf

    say(f"\nProxeny is ready: {settings.BASE_URL}")
    lines, unset = demo_sign_ins(), setup_lines()
    # We watch from here on; the owner of the tables need not stay signed in for that.
    connection.close()
    if lines:
        say("\nDemo accounts (fictional people):")
        for line in lines:
            say(f"  {line}")
    if unset:
        say("\n" + "\n".join(unset))
    if not can_make_pdf():
        say(
            "\nReports can be printed, but not downloaded as PDF, because Pango is missing. On "
            "Debian and Ubuntu, install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0."
        )
    say("\nCtrl-C stops everything.")
