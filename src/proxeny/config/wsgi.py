"""The WSGI application that granian serves."""

import logging
import os
import shutil
import socket
from collections.abc import Callable, Iterable
from typing import Any

from proxeny.config.environment import find_home, read_environment


def share_metrics() -> None:
    """Let all processes of one web server count into one folder, and delete those of dead servers.

    Must run before anything imports `prometheus_client`, which reads the folder only then. The
    folder is named by host and parent process: workers that the server restarts continue the counts
    of their siblings, and a new server starts from zero.
    """
    environment = read_environment()
    if not environment["PROXENY_METRICS_TOKEN"] or "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        return
    folder = find_home(environment["PROXENY_HOME"]) / "metrics"
    own = folder / f"{socket.gethostname()}-{os.getppid()}"
    own.mkdir(parents=True, exist_ok=True)
    for other in folder.glob(f"{socket.gethostname()}-*"):
        if not _lives(int(other.name.rpartition("-")[2])):
            shutil.rmtree(other, ignore_errors=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(own)


def _lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, and alive
        return True
    return True


share_metrics()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proxeny.config.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import get_resolver  # noqa: E402

_django = get_wsgi_application()

# They know models, which Django has loaded only now.
from proxeny.kernel.sandbox import warm_up  # noqa: E402
from proxeny.kernel.time_limits import limit_statements  # noqa: E402

# It loads its code while we load ours. Two of the four threads are left for requests without a file.
warm_up(at_once=2)
limit_statements()
# All addresses with their pages, two seconds of imports: before the first visitor comes, not then.
_addresses = get_resolver().reverse_dict


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request.

    If even the error page fails, the error is logged here: the web server would write its message,
    which may repeat the input.
    """
    try:
        return _django(environ, start_response)
    except Exception:
        logging.getLogger("proxeny.request").exception("no answer")
        text = b"Something went wrong on our side. Please try again."
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))]
        start_response("500 Internal Server Error", headers)
        return [text]
