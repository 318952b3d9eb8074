"""PostgreSQL's own `pg_dump` and `pg_restore`: finding a suitable version, and running it."""

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import connection

from proxeny.config.backup.archive import CHUNK, BackupProblem
from proxeny.config.postgres import wheel_binaries

#: Of a tool's messages, the one that names the table at hand.
_TABLE = re.compile(r'(?:dumping contents of|processing data for) table "(?:public\.)?([^"]+)"')
#: pg_restore 17 and newer says this to every server; older servers do not know it.
_FIRST_WITH_TRANSACTION_TIMEOUT = 17


@dataclass(frozen=True, slots=True)
class Tool:
    """A program and its major version."""

    path: Path
    major: int


def connect() -> psycopg.Connection[tuple[Any, ...]]:
    """Connect to Proxeny's database apart from Django's own connection."""
    at = _place()
    try:
        return psycopg.connect(
            host=at["PGHOST"],
            port=at["PGPORT"],
            user=at["PGUSER"],
            password=at["PGPASSWORD"],
            dbname=at["PGDATABASE"],
        )
    except psycopg.OperationalError as error:
        raise BackupProblem(f"Can't connect to the database: {error}") from None


def find_dump_tool(server: int) -> Tool:
    """Return a `pg_dump` for a server of that major version: the same version, else a newer one."""
    return _choose("pg_dump", server, lambda major: major >= server)


def find_restore_tool(server: int, dumped_by: int) -> Tool:
    """Return a `pg_restore` that reads a dump and that the server understands."""
    speaks_to_old = server >= _FIRST_WITH_TRANSACTION_TIMEOUT

    def fits(major: int) -> bool:
        understood = speaks_to_old or major < _FIRST_WITH_TRANSACTION_TIMEOUT
        return major >= max(dumped_by, server) and understood

    return _choose("pg_restore", server, fits)


def _choose(name: str, server: int, fits: Callable[[int], bool]) -> Tool:
    found = [tool for tool in map(_version_of, _places(name, server)) if tool is not None]
    fitting = sorted((tool for tool in found if fits(tool.major)), key=lambda tool: tool.major)
    if fitting:
        return fitting[0]
    seen = ", ".join(f"{tool.path} is version {tool.major}" for tool in found) or "none found"
    raise BackupProblem(
        f"No {name} found that works with PostgreSQL {server} ({seen}). Install the client "
        f"programs of PostgreSQL {server} and add their folder to the PATH."
    )


def _places(name: str, server: int) -> Iterator[Path]:
    yield Path(f"/usr/lib/postgresql/{server}/bin/{name}")
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    yield wheel_binaries() / name


def _version_of(path: Path) -> Tool | None:
    try:
        said = subprocess.run(  # noqa: S603
            [path, "--version"], capture_output=True, text=True, check=True, env=_environment()
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return Tool(path, int(version[1])) if version else None


def _place() -> dict[str, str]:
    at = connection.settings_dict
    return {
        "PGHOST": at["HOST"],
        "PGPORT": str(at["PORT"] or 5432),
        "PGUSER": at["USER"],
        # By the environment, never by the command line, which others can read.
        "PGPASSWORD": at["PASSWORD"],
        "PGDATABASE": at["NAME"],
    }


def _environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME", "TZ", "TMPDIR"} or name.startswith("PGSSL")
    }
    return {**kept, **_place(), "LC_ALL": "C"}


@contextmanager
def reading_from(command: list[str], on_table: Callable[[str], None]) -> Iterator[Iterator[bytes]]:
    """Run a tool, and yield its output; `on_table` is called for each table it reaches."""
    with _running(command, on_table, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        out = process.stdout
        assert out is not None  # noqa: S101
        yield iter(lambda: out.read(CHUNK), b"")


def feed(
    command: list[str], chunks: Iterable[bytes], on_table: Callable[[str], None] = lambda _: None
) -> str:
    """Run a tool with a dump as its input, and return its output."""
    with tempfile.TemporaryFile() as printed:
        with _running(command, on_table, stdin=subprocess.PIPE, stdout=printed) as process:
            assert process.stdin is not None  # noqa: S101
            # A tool that has read enough, or failed, closes its end.
            with suppress(BrokenPipeError):
                for chunk in chunks:
                    process.stdin.write(chunk)
            with suppress(BrokenPipeError):
                process.stdin.close()
        printed.seek(0)
        return printed.read().decode()


@contextmanager
def _running(
    command: list[str], on_table: Callable[[str], None], *, stdin: Any, stdout: Any
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(  # noqa: S603
        command, env=_environment(), stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
    )
    said: list[str] = []
    listener = threading.Thread(target=_listen, args=(process.stderr, said, on_table), daemon=True)
    listener.start()
    try:
        yield process
        process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        listener.join()
    if process.returncode:
        tail = "\n".join(said[-5:])
        raise BackupProblem(f"{Path(command[0]).name} failed.\n{tail}")


def _listen(stream: IO[bytes], said: list[str], on_table: Callable[[str], None]) -> None:
    for line in stream:
        text = line.decode(errors="replace").strip()
        found = _TABLE.search(text)
        if found:
            on_table(found[1])
        elif "error" in text or "detail" in text.lower():
            said.append(text)
