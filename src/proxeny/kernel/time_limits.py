"""A limit on the duration of a request, so that none blocks one of the few threads for ever.

A query that takes too long is cancelled by the database; a request that goes on in Python is ended
by a watchdog, which raises `RequestTooLong` in its thread. Either way its transaction is rolled
back and the page reports it. Reading other people's files is limited elsewhere (`kernel.sandbox`).
"""

import ctypes
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from proxeny.kernel.api.middleware import PATHS
from proxeny.kernel.api.problems import problem

logger = logging.getLogger("proxeny.request")

#: Minimum bytes a second of an incoming body; no real connection is slower.
_SLOWEST = 50_000
_LOOK_EVERY_S = 1.0


class RequestTooLong(BaseException):
    """Raised in the thread of a request that takes too long; no `except Exception` keeps it."""


class TimeLimitMiddleware:
    """Middleware that ends a request after `REQUEST_SECONDS` with an explanatory page.

    Streaming after the response has begun is not limited, nor is the time to receive a body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in time, or say that it took too long."""
        try:
            _watch.begin(settings.REQUEST_SECONDS + _body_s(request))
            try:
                return self.get_response(request)
            finally:
                _watch.end()
        except RequestTooLong:
            return _say_too_long(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Report a query that was cancelled; the transaction is rolled back."""
        is_cancelled = isinstance(error, OperationalError) and isinstance(
            error.__cause__, psycopg.errors.QueryCanceled
        )
        return _say_too_long(request) if is_cancelled else None


def limit_statements() -> None:
    """Have the database cancel queries of this process that take longer than a request may."""
    connection_created.connect(_limit_statements, dispatch_uid="proxeny.time-limits")


def _limit_statements(*, connection: Any, **_: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = %s", [settings.REQUEST_SECONDS * 1000])


def _body_s(request: HttpRequest) -> float:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) / _SLOWEST if length.isdecimal() and len(length) < 16 else 0.0


def _say_too_long(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith(PATHS):
        detail = _(
            "This took too long and was stopped. Nothing was changed. Request less at a time."
        )
        return problem(503, "too-long", "Too long", detail)
    return HttpResponse(loader.get_template("503.html").render(), status=503)


class _Watch:
    """Knows which threads answer a request until when, and ends those that go on."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._until: dict[int, float] = {}
        self._ended: set[int] = set()
        self._thread: threading.Thread | None = None

    def begin(self, seconds: float) -> None:
        """Note that this thread answers a request."""
        with self._changed:
            self._until[threading.get_ident()] = time.monotonic() + seconds
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, name="time limits", daemon=True)
                self._thread.start()
            self._changed.notify()

    def end(self) -> None:
        """Record that this thread has answered, so that it is no longer interrupted."""
        thread = threading.get_ident()
        with self._changed:
            self._until.pop(thread, None)
            if thread in self._ended:
                self._ended.discard(thread)
                _raise_in(thread, None)

    def _look(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for thread in [one for one, until in self._until.items() if until <= now]:
                    del self._until[thread]
                    self._ended.add(thread)
                    logger.error("a request took too long at %s", _places(thread))
                    _raise_in(thread, RequestTooLong)
                self._changed.wait(_LOOK_EVERY_S if self._until else None)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    # Between two steps of its Python code; a call into C ends first.
    told = ctypes.py_object(error) if error else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), told)


def _places(thread: int) -> str:
    frame = sys._current_frames().get(thread)
    found = traceback.extract_stack(frame)[-4:] if frame else []
    return ", ".join(f"{Path(one.filename).name}:{one.lineno}" for one in found)


_watch = _Watch()
