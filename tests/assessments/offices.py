"""Statistical offices on this host: they answer over HTTP what stands in `recorded/`."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parent / "recorded"
GENERIC = "application/vnd.sdmx.genericdata+xml;version=2.1"
STRUCTURED = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
JSON = "application/vnd.sdmx.data+json;version=1.0.0-wd"


@dataclass
class Offices:
    """What is answered at which path, and what was asked.

    An answer is the name of a recorded file or bytes, with a status and a media type; a path that
    nothing is said of answers as an office that knows no such data set.
    """

    address: str
    answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def say(
        self, path: str, answer: str | bytes, *, status: int = 200, media_type: str = GENERIC
    ) -> None:
        """Answer so from now on; the query of an address does not count."""
        body = (RECORDED / answer).read_bytes() if isinstance(answer, str) else answer
        self.answers[path] = (status, media_type, body)

    def places(self) -> dict[str, str]:
        """Return the settings' `STATISTICS_AT`."""
        return {code: f"{self.address}/{code.lower()}" for code in ("ESTAT", "OECD", "ECB")}


@contextlib.contextmanager
def answering() -> Iterator[Offices]:
    """Open the offices for as long as the block runs."""
    made: list[Offices] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            offices = made[0]
            offices.asked.append(self.path)
            offices.headers.append(dict(self.headers))
            path = self.path.partition("?")[0]
            fault = (404, "text/xml", (RECORDED / "estat_fault_unknown.xml").read_bytes())
            status, media_type, body = offices.answers.get(path, fault)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            if 300 <= status < 400:
                self.send_header("Location", body.decode())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.append(Offices(f"http://127.0.0.1:{server.server_port}"))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
