"""pretalx as its documentation installs it: a venv of its own, PostgreSQL, Redis, gunicorn.

    python -m benchmarks.web.peer    # only install it

Everything lies in one folder outside the checkout, kept between runs.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from benchmarks.web.serving import free_port
from psycopg import sql

VERSION = "2026.2.1"
FOLDER = Path(os.environ.get("PRETALX_HOME", Path(tempfile.gettempdir()) / "proxeny-pretalx"))
PYTHON = FOLDER / "venv" / "bin" / "python"
#: Filled once for each server; what the fill said is kept as its comment.
DATABASE = "pretalx_300"


@dataclass(frozen=True)
class Peer:
    """A running pretalx: its address, one talk's address and title."""

    url: str
    talk: str
    title: str
    static: Path


def install() -> None:
    """Bring the released version into its own venv, with its files collected."""
    if not PYTHON.exists():
        print(f"Installing pretalx {VERSION} …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", FOLDER / "venv"], check=True)
        subprocess.run(
            [
                PYTHON,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                f"pretalx=={VERSION}",
                "gunicorn",
                "psycopg[binary]",
                "redis",
            ],
            check=True,
        )
    if shutil.which("redis-server") is None:
        raise SystemExit("pretalx needs Redis: apt-get install redis-server")


@contextlib.contextmanager
def running(database: dict[str, str], *, workers: int = 2) -> Iterator[Peer]:
    """Serve it on the PostgreSQL server that `database` tells (`HOST`, `PORT`, `USER`, …)."""
    install()
    port, redis_port = free_port(), free_port()
    environment = _environment(database, port, redis_port)
    redis = subprocess.Popen(
        ["redis-server", "--port", str(redis_port), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        filled = _fill(database, environment)
        gunicorn = subprocess.Popen(
            [
                PYTHON,
                "-m",
                "gunicorn",
                "pretalx.wsgi",
                "--name",
                "pretalx",
                "--workers",
                str(workers),
                "--max-requests",
                "1200",
                "--max-requests-jitter",
                "50",
                "--log-level",
                "warning",
                "--bind",
                f"127.0.0.1:{port}",
            ],
            env=environment,
            cwd=FOLDER,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url)
            yield Peer(url, filled["talk"], filled["title"], FOLDER / "static")
        finally:
            gunicorn.terminate()
            gunicorn.wait(30)
    finally:
        redis.terminate()
        redis.wait(30)


def _environment(database: dict[str, str], port: int, redis_port: int) -> dict[str, str]:
    (FOLDER / "data").mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "PRETALX_DB_TYPE": "postgresql",
        "PRETALX_DB_NAME": DATABASE,
        "PRETALX_DB_USER": database["USER"],
        "PRETALX_DB_PASS": database["PASSWORD"],
        "PRETALX_DB_HOST": database["HOST"],
        "PRETALX_DB_PORT": database["PORT"],
        "PRETALX_SITE_URL": f"http://127.0.0.1:{port}",
        "PRETALX_REDIS": f"redis://127.0.0.1:{redis_port}/1",
        "PRETALX_FILESYSTEM_STATIC": str(FOLDER / "static"),
        "PRETALX_FILESYSTEM_MEDIA": str(FOLDER / "media"),
        "PRETALX_FILESYSTEM_LOGS": str(FOLDER / "logs"),
        "PRETALX_DATA_DIR": str(FOLDER / "data"),
        "PRETALX_DEBUG": "False",
    }


def _fill(database: dict[str, str], environment: dict[str, str]) -> dict[str, str]:
    """Make the tables and the event, once for each server; return what the fill said."""
    server = psycopg.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )
    with server:
        exists = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if exists.fetchone():
            row = server.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
                [DATABASE],
            ).fetchone()
            if row and row[0]:
                return json.loads(row[0])
            server.execute(f"DROP DATABASE {DATABASE}")
        server.execute(f"CREATE DATABASE {DATABASE}")
    for command in ("migrate", "rebuild"):
        subprocess.run(
            [PYTHON, "-m", "pretalx", command],
            env=environment,
            cwd=FOLDER,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    world = Path(__file__).with_name("peer_world.py")
    made = subprocess.run(
        [PYTHON, world], env=environment, cwd=FOLDER, capture_output=True, text=True, check=False
    )
    found = [line[7:] for line in made.stdout.splitlines() if line.startswith("FILLED ")]
    if not found:
        raise SystemExit(f"pretalx was not filled:\n{made.stdout[-2000:]}\n{made.stderr[-4000:]}")
    with psycopg.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=DATABASE,
        autocommit=True,
    ) as server:
        server.execute("ANALYZE")
        # What was made is told by the database itself: the next run need not make it again.
        server.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(DATABASE), sql.Literal(found[0])
            )
        )
    return json.loads(found[0])


def _wait(url: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{url}/healthcheck/", timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("pretalx did not start.")


if __name__ == "__main__":
    install()
