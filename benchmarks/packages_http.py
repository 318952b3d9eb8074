"""A large file through the real server, cut and gone on with; a large table through the real worker.

    python -m benchmarks.packages_http [--gigabytes 2] [--rows 1000000]

Starts the product in a folder of its own, with a small world instead of the demo. A file goes in by the
tus protocol; in its middle the web server is killed, and the upload goes on where it was. It comes out
in two parts by Range. Then a table is brought, and all its rows are checked by the worker. What came
out has the checksum of what went in, and no process of the server ever had more than 300 MB, or the
command fails. The figures go to `docs/reference/uploads.md`.
"""

import argparse
import base64
import contextlib
import hashlib
import http.client
import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.load.__main__ import _free_port, _wait_until_ready
from benchmarks.package import make_table

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "uploads.md"
BIN = Path(sys.executable).parent
MOST_MB, MOST_S = 300, 60
PIECE = 32 << 20
BLOCK = 1 << 20

WORLD = """
from django.utils import timezone
from proxeny.accounts.models import Seat
from proxeny.accounts.operations.tokens import create_token
from proxeny.accounts.queries import get_reader_of_person
from proxeny.kernel.tenancy import GATE, SERVICE, WEB, acting_as
from tests.factories.research import PackageFactory, StudyFactory
from tests.factories.world import make_world
now = timezone.now()
with acting_as(SERVICE):
    world = make_world()
    package = PackageFactory(study=StudyFactory(partnership=world.partnership))
    seat = Seat.objects.get(person=world.a.ambassador)
with acting_as(GATE):
    reader = get_reader_of_person(seat.person_id, today=now.date())
with acting_as(WEB, reader):
    made = create_token(actor=reader, seat_id=seat.pk, name="Bench", now=now,
                        scopes=["research:read", "research:write"])
print("WORLD", world.partnership.pk, package.pk, made.secret)
"""


class Api:
    """A program that speaks to the server, and connects anew where it went away."""

    def __init__(self, port: int, base: str, secret: str) -> None:
        self.port, self.base = port, base
        self.headers = {"Authorization": f"Bearer {secret}", "Tus-Resumable": "1.0.0"}

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> http.client.HTTPResponse:
        """Send a request, and return the answer, which is still to be read."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        path = path if path.startswith("/api") else f"{self.base}{path}"
        told = {**self.headers, **{name.replace("_", "-"): one for name, one in headers.items()}}
        connection.request(method, path, body=body, headers=told)
        return connection.getresponse()

    def read(self, path: str) -> dict[str, Any]:
        """Return what is at an address."""
        return dict(json.loads(self.ask("GET", path).read()))


class Bytes:
    """The bytes of a file from a place on, read as they are sent: the same ones each time."""

    def __init__(self, start: int, length: int) -> None:
        self.at, self.end = start, start + length

    def read(self, size: int = BLOCK) -> bytes:
        """Return the next ones."""
        size = min(size, self.end - self.at)
        first, last = self.at // BLOCK, (self.at + size - 1) // BLOCK
        text = b"".join(block(number) for number in range(first, last + 1)) if size else b""
        piece = text[self.at - first * BLOCK :][:size]
        self.at += size
        return piece


_seed = base64.b64encode(random.Random(7).randbytes(BLOCK))[: BLOCK - 64]


def block(number: int) -> bytes:
    """Return a megabyte of text that is like no other."""
    return _seed + f"{number:063d}\n".encode()


def main() -> None:
    """Start, bring, cut, go on, take, check, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=2)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="proxeny-packages-"))
    port = _free_port()
    environment = {
        **os.environ,
        "PROXENY_HOME": str(home),
        "PORT": str(port),
        "PROXENY_DEMO": "0",
        "PYTHONPATH": str(ROOT),
        "PROXENY_WEB_WORKERS": "2",
    }
    said = home / "said.txt"
    with said.open("w") as log:
        product = subprocess.Popen(
            [BIN / "proxeny", "run"], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_ready(product, said)
        room, package, secret = _make_world(environment)
        api = Api(port, f"/api/v1/research/{room}", secret)
        figures = {
            **_bring(api, product.pid, package, int(options.gigabytes * 1e9)),
            **_check(api, product.pid, package, options.rows, home),
        }
    finally:
        product.terminate()
        product.wait(60)
        shutil.rmtree(home, ignore_errors=True)
    print(json.dumps(figures, indent=1))
    _write(figures, options)
    assert max(figures["web_mb"], figures["worker_mb"]) < MOST_MB, "too much memory"
    assert figures["check_s"] < MOST_S, "too slow"


def _make_world(environment: dict[str, str]) -> list[str]:
    made = subprocess.run(
        [BIN / "proxeny", "manage", "shell", "-c", WORLD],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    line = next((one for one in made.stdout.splitlines() if one.startswith("WORLD")), None)
    if line is None:
        raise SystemExit(made.stderr)
    return line.split()[1:]


def _bring(api: Api, pid: int, package: str, size: int) -> dict[str, Any]:
    """Bring a file, with the server killed in its middle, and take it in two parts."""
    digest = hashlib.sha256()
    source = Bytes(0, size)
    while piece := source.read():
        digest.update(piece)
    before = peak(pid, "granian")
    started = time.monotonic()
    at = _begin(api, package, "large.txt", size, digest.hexdigest())
    killed = 0.0
    offset = 0
    while offset < size:
        if not killed and offset > size / 2:
            killed = offset
            web_mb = peak(pid, "granian")
            _break(api, at, offset, pid)
            offset = _resume(api, at)
            kept = offset - int(killed)
            continue
        length = min(PIECE, size - offset)
        answer = api.ask(
            "PATCH",
            at,
            Bytes(offset, length),
            Upload_Offset=str(offset),
            Content_Length=str(length),
            Content_Type="application/offset+octet-stream",
        )
        assert answer.status == 204, (answer.status, answer.read())
        offset = int(answer.headers["Upload-Offset"])
    up_s = time.monotonic() - started
    file = answer.headers["Content-Location"]
    started = time.monotonic()
    found = hashlib.sha256()
    for part in (f"bytes=0-{size // 2 - 1}", f"bytes={size // 2}-"):
        answer = api.ask("GET", f"{file}/bytes", Range=part, If_Range=f'"{digest.hexdigest()}"')
        assert answer.status == 206, answer.status
        while piece := answer.read(BLOCK):
            found.update(piece)
    assert found.hexdigest() == digest.hexdigest(), "it came out otherwise"
    return {
        "size": size,
        "up_s": round(up_s, 1),
        "kept_mb": round(kept / 1e6, 1),
        "down_s": round(time.monotonic() - started, 1),
        "web_before_mb": before,
        "web_mb": max(web_mb, peak(pid, "granian")),
    }


def _begin(api: Api, package: str, name: str, size: int, sha256: str) -> str:
    said = {"filename": name, "sha256": sha256}
    metadata = ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items()
    )
    answer = api.ask(
        "POST", f"/packages/{package}/uploads", Upload_Length=str(size), Upload_Metadata=metadata
    )
    assert answer.status == 201, answer.read()
    return "/api" + answer.headers["Location"].partition("/api")[2]


def _break(api: Api, at: str, offset: int, pid: int) -> None:
    """Send half a piece, and kill the web server's processes while it comes in."""
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=30)
    connection.putrequest("PATCH", at)
    told = {
        **api.headers,
        "Upload-Offset": str(offset),
        "Content-Length": str(PIECE),
        "Content-Type": "application/offset+octet-stream",
    }
    for name, value in told.items():
        connection.putheader(name, value)
    connection.endheaders()
    source = Bytes(offset, PIECE // 2)
    with contextlib.suppress(OSError):
        while piece := source.read():
            connection.send(piece)
        time.sleep(1)
        # All of them are found before the first one dies: its children would belong to others then.
        for process in list(descendants(pid)):
            if "granian" in command_of(process):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
    connection.close()


def _resume(api: Api, at: str) -> int:
    """Wait until the server is there again, and return where it wants to go on."""
    for _ in range(120):
        with contextlib.suppress(OSError, http.client.HTTPException):
            answer = api.ask("HEAD", at)
            if answer.status == 200:
                return int(answer.headers["Upload-Offset"])
        time.sleep(0.5)
    raise SystemExit("The web server did not come back.")


def _check(api: Api, pid: int, package: str, rows: int, home: Path) -> dict[str, Any]:
    """Bring a table, and wait until the worker has checked all its rows."""
    path = home / "table.csv"
    make_table(path, rows)
    size = path.stat().st_size
    with path.open("rb") as file:
        at = _begin(
            api, package, "table.csv", size, hashlib.file_digest(file, "sha256").hexdigest()
        )
    offset = 0
    with path.open("rb") as file:
        while offset < size:
            piece = file.read(PIECE)
            answer = api.ask(
                "PATCH",
                at,
                piece,
                Upload_Offset=str(offset),
                Content_Type="application/offset+octet-stream",
            )
            assert answer.status == 204, (answer.status, answer.read())
            offset += len(piece)
    started = time.monotonic()
    made = answer.headers["Content-Location"]
    while (report := api.read(f"{made}/report"))["fit"] == "waiting":
        time.sleep(0.5)
    check_s = round(time.monotonic() - started, 1)
    assert report["rows"] == rows, report["rows"]
    assert report["counts"] == {"type-error": rows // 10_000}, report["counts"]
    return {
        "rows": rows,
        "table_mb": round(size / 1e6, 1),
        "check_s": check_s,
        "worker_mb": peak(pid, "worker"),
    }


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes below one."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                child = int(path.parent.name)
                yield child
                yield from descendants(child)


def command_of(pid: int) -> str:
    """Return a process's command line."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def peak(pid: int, word: str) -> float:
    """Return the most memory that any of the processes with a word in their command ever had, in MB."""
    found = [0.0]
    for process in descendants(pid):
        if word in command_of(process):
            with contextlib.suppress(OSError):
                told = Path(f"/proc/{process}/status").read_text().partition("VmHWM:")[2]
                found.append(int(told.split()[0]) * 1024 / 1e6)
    return round(max(found), 1)


def _write(figures: dict[str, Any], options: argparse.Namespace) -> None:
    day, load = time.strftime("%Y-%m-%d"), os.getloadavg()[0]
    rows = {
        f"a file of {figures['size'] / 1e9:g} GB in, with the web server killed in its middle": (
            f"{figures['up_s']} s"
        ),
        "of the piece that was cut, kept": f"{figures['kept_mb']} MB",
        "out again, in two parts": f"{figures['down_s']} s",
        "the most memory of a web process, before and after": (
            f"{figures['web_before_mb']} and {figures['web_mb']} MB"
        ),
        f"a table of {figures['rows']:,} rows ({figures['table_mb']} MB) checked by the worker": (
            f"{figures['check_s']} s"
        ),
        "the most memory of the worker": f"{figures['worker_mb']} MB",
    }
    lines = [
        f"{day}, {os.cpu_count()} cores, load average {load:.1f} at the end, Python",
        f"{platform.python_version()}; database, web server, worker and sender on one machine.",
        "",
        "| | |",
        "|---|--:|",
        *(f"| {name} | {figure} |" for name, figure in rows.items()),
    ]
    text = PAGE.read_text(encoding="utf-8")
    start, end = "<!-- figures -->", "<!-- end of figures -->"
    head, tail = text.partition(start)[0], text.partition(end)[2]
    PAGE.write_text(f"{head}{start}\n\n" + "\n".join(lines) + f"\n\n{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
