"""Serving as an ordinary user where `proxeny run` was started by root.

Root keeps the database's start, the secrets and the commands; the web server, the worker and all that
they start run as a system user, who owns nothing but the folders that pages and jobs write to. It gets
what it must know by its environment. Run as a module, this file tries whether a user could serve.
"""

import importlib.util
import os
import pwd
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from proxeny.config.environment import BadEnvironment, find_home, read_environment
from proxeny.config.postgres import (
    SERVING_USER,
    PostgresProblem,
    as_user,
    ensure_system_user,
)
from proxeny.kernel.database_urls import connection_arguments, read_database_url

Say = Callable[[str], None]

#: Folders of the state folder that pages and jobs write to.
WRITTEN = ("mail", "packages", "arrivals", "metrics", "cache")


def find_serving_user(
    home: Path, secret_key: str, environment: dict[str, str], *, say: Say
) -> tuple[dict[str, str], str | None]:
    """Return environment and user of the web server and the worker; no user: the current one.

    For root only, and before they are started: the state folder is laid open to the user as far as it
    must be. Where the user cannot serve, root does, with a warning that says why.
    """
    if os.geteuid() != 0:
        return environment, None
    cache = home / "cache"
    given = {
        **environment,
        "PROXENY_HOME": str(home),
        "PROXENY_SECRET_KEY": secret_key,
        "HOME": str(cache),
        "XDG_CACHE_HOME": str(cache),
        "NUMBA_CACHE_DIR": str(cache / "kernels"),
    }
    try:
        ensure_system_user(SERVING_USER)
        _lay_open(home)
        problem = _try(given)
    except (PostgresProblem, OSError) as error:
        problem = str(error)
    if not problem:
        return given, SERVING_USER
    say(
        "Warning: the web server and the worker run as root, because the system user "
        f"{SERVING_USER} can't run them: {problem}."
    )
    return environment, None


def _lay_open(home: Path) -> None:
    entry = pwd.getpwnam(SERVING_USER)
    # To pass through, not to look around: the secrets in it stay those of root.
    os.chown(home, -1, entry.pw_gid)
    home.chmod(home.stat().st_mode & 0o700 | 0o010)
    for name in WRITTEN:
        folder = home / name
        folder.mkdir(exist_ok=True, mode=0o700)
        _give_all(folder, entry)


def _give_all(folder: Path, entry: pwd.struct_passwd) -> None:
    """Give a folder and what root wrote into it to the user.

    By handles and never through a link: the user may have laid one there.
    """
    for _root, folders, files, handle in os.fwalk(folder, follow_symlinks=False):
        if os.fstat(handle).st_uid == 0:
            os.fchown(handle, entry.pw_uid, entry.pw_gid)
        for name in (*folders, *files):
            found = os.stat(name, dir_fd=handle, follow_symlinks=False)
            if found.st_uid == 0:
                os.chown(name, entry.pw_uid, entry.pw_gid, dir_fd=handle, follow_symlinks=False)


def _try(environment: dict[str, str]) -> str:
    """Return why the user cannot serve, or nothing."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "proxeny.config.ordinary"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **as_user(SERVING_USER),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if not done.returncode:
        return ""
    said = (done.stdout or done.stderr).strip().splitlines()
    return said[-1] if said else "Python doesn't start for it"


def find_problems() -> Iterator[str]:
    """Yield what keeps this process's user from serving with this environment."""
    try:
        environment = read_environment()
    except BadEnvironment as error:
        yield str(error)
        return
    for name in ("django", "granian"):
        if importlib.util.find_spec(name) is None:
            yield f"it can't read the package {name}"
    home = find_home(environment["PROXENY_HOME"])
    yield from _find_closed(home, environment)
    yield from _try_port(environment["HOST"], environment["PORT"])
    yield from _try_database(environment["DATABASE_URL"])


def _find_closed(home: Path, environment: dict[str, object]) -> Iterator[str]:
    read, write, run = os.R_OK | os.X_OK, os.R_OK | os.W_OK | os.X_OK, os.R_OK | os.X_OK
    wanted = {home / name: write for name in WRITTEN} | {home / "static": read}
    inbox = urlsplit(str(environment["PROXENY_INBOX_URL"]))
    if inbox.scheme == "maildir":
        wanted[Path(inbox.path)] = write
    key_store = str(environment["PROXENY_KEY_STORE"])
    if key_store.startswith("command:"):
        wanted[Path(key_store.removeprefix("command:"))] = run
    for path, how in wanted.items():
        if not os.access(path, how):
            yield f"it can't access {path}"


def _try_port(host: str, port: int) -> Iterator[str]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            yield f"port {port}: {error.strerror}"


def _try_database(url: str) -> Iterator[str]:
    given = connection_arguments(read_database_url(url), connect_timeout=10)
    try:
        psycopg.connect(**given).close()
    except psycopg.OperationalError as error:
        yield f"it can't sign in to the database: {str(error).strip().splitlines()[-1]}"


if __name__ == "__main__":
    problem = next(find_problems(), "")
    sys.stdout.write(f"{problem}\n")
    sys.exit(bool(problem))
