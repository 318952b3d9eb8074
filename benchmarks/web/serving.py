"""Proxeny as `proxeny run` serves it, in a folder of its own, and people signed in to it."""

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PASSWORD = "proxeny-demo-2026"  # noqa: S105


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Answer:
    """What one request brought: status, headers by their lower-case name, body as sent."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


@dataclass
class Own:
    """A running Proxeny: its address, its state folder."""

    url: str
    home: Path
    environment: dict[str, str] = field(repr=False)

    def shell(self, code: str) -> list[str]:
        """Run code in `proxeny manage shell`; return the lines it printed."""
        made = subprocess.run(
            [BIN / "proxeny", "manage", "shell", "-c", code],
            cwd=ROOT,
            capture_output=True,
            env={**self.environment, "PYTHONPATH": str(ROOT)},
            text=True,
            check=False,
        )
        if made.returncode:
            raise SystemExit(made.stderr)
        return made.stdout.splitlines()

    def sign_in(self, address: str, password: str = PASSWORD) -> "Caller":
        """Return a caller that is signed in as this person."""
        caller = Caller(self.url)
        page = caller.get("/accounts/login/").body.decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None
        answer = caller.post(
            "/accounts/login/",
            {"login": address, "password": password, "csrfmiddlewaretoken": found[1]},
        )
        if answer.status != 302 or answer.headers["location"] != "/":
            raise SystemExit(f"{address} could not sign in: {answer.status}")
        return caller


class Caller:
    """A client with cookies and one connection that stays open; it follows no redirect."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=300)

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page; `accept_encoding="gzip"` gives a header."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form."""
        headers = {"content_type": "application/x-www-form-urlencoded", "referer": self.url + path}
        return self._ask("POST", path, urlencode(fields), headers)

    def cookie_header(self) -> str:
        """Return what a browser would send as `Cookie`."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = self.cookie_header()
        began = time.perf_counter()
        answer = self._send(method, path, body, sent)
        content = answer.read()
        seconds = time.perf_counter() - began
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, content, seconds)

    def _send(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        try:
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The server closes a connection that was idle for long; the next one is new.
            self._connection.close()
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()


@contextlib.contextmanager
def running(home: Path | None, *, demo: bool) -> Iterator[Own]:
    """Start `proxeny run` with two web workers; without a folder, in one that goes with it."""
    kept = home is not None
    home = home or Path(tempfile.mkdtemp(prefix="proxeny-web-"))
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("PROXENY_")},
        "PROXENY_HOME": str(home),
        "PORT": str(port),
        "PROXENY_DEMO": "1" if demo else "0",
        "PROXENY_WEB_WORKERS": "2",
        "PYTHONUNBUFFERED": "1",
    }
    environment.pop("DATABASE_URL", None)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    said = home / "said.txt"
    with said.open("w") as log:
        product = subprocess.Popen(
            [BIN / "proxeny", "run"], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        while "Ctrl-C stops everything" not in said.read_text(encoding="utf-8"):
            if product.poll() is not None:
                raise SystemExit(f"It did not start:\n{said.read_text(encoding='utf-8')}")
            time.sleep(0.3)
        yield Own(f"http://127.0.0.1:{port}", home, environment)
    finally:
        product.terminate()
        product.wait(60)
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


def describe_machine() -> dict[str, object]:
    """Return what the figures were taken on: processor, cores, load before the run, versions."""
    from importlib.metadata import version

    names = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "day": time.strftime("%Y-%m-%d"),
        "processor": names[0] if names else "",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": ".".join(map(str, sys.version_info[:3])),
        "django": version("django"),
        "granian": version("granian"),
    }


def keep(part: str, figures: dict[str, object]) -> None:
    """Write one benchmark's figures beside the others', and the page anew from all of them."""
    from benchmarks.web.page import write

    path = ROOT / "docs" / "reference" / "pages.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    kept[part] = {"machine": describe_machine(), **figures}
    path.write_text(json.dumps(dict(sorted(kept.items())), indent=1, ensure_ascii=False) + "\n")
    write(kept)


def set_up_routes() -> None:
    """Let this process name routes; it asks no database."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proxeny.config.settings")
    django.setup()
