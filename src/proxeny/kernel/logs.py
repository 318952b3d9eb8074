"""Logs that an operator can read and that reveal nothing about anybody.

One line per request, job and mail, with ids and figures only: a route's name and not its path,
which can hold a secret; a person's number and not their name. The formatters write a short list of
fields and nothing else, and of an exception its kind and where it happened, not its message, in
which a database or a mail server repeats what it was given. What other packages log passes the same
formatters, and a filter that blacks out whatever looks like an address or a secret.
"""

import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from pythonjsonlogger.json import JsonFormatter

from proxeny.kernel import metrics

logger = logging.getLogger("proxeny.request")
job_logger = logging.getLogger("proxeny.job")
mail_logger = logging.getLogger("proxeny.mail")

#: All that a line may hold, beside its time, level, logger and message.
FIELDS = (
    "request_id",
    "method",
    "route",
    "status",
    "person",
    "job_id",
    "kind",
    "mail_id",
    "attempt",
    "outcome",
    "error",
    "ms",
)

#: Fields of every log record of the current request or job.
_about: ContextVar[dict[str, Any]] = ContextVar("proxeny_about", default={})  # noqa: B039

_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
#: Loggers whose messages repeat the path of a request, or its headers.
_ABOUT_REQUESTS = ("django.request", "django.security", "django.server")

_BLACKED_OUT = (
    # Each from the beginning of a word on: tried at each of its signs, a long one takes for ever.
    (
        re.compile(r"(?<![^\s@<>\"'(),;:=])[^\s@<>\"'(),;:=]++@[^\s@<>\"'(),;:]+"),
        "[address]",
    ),
    (re.compile(r"(?i)\b(bearer|basic|token)\s+[^\s\"',]+"), r"\1 [secret]"),
    (
        re.compile(
            r"(?i)(?<![\w-])([\w-]*(?:passw(?:or)?d|secret|token|authorization|cookie|sessionid|api.?key))"
            r"[\"']?\s*[:=]\s*[\"']?[^\s\"',;&]+"
        ),
        r"\1=[secret]",
    ),
    (re.compile(r"(?<=\S)\?[^\s\"']+"), "?[query]"),
    # Random text: long, and of letters and digits mixed.
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}"), "[secret]"),
)


def black_out(text: str) -> str:
    """Return the text without anything that looks like a mail address, a query, or a secret."""
    for pattern, instead in _BLACKED_OUT:
        text = pattern.sub(instead, text)
    return text


class Discreet(logging.Filter):
    """Adds what the current request or job is; blacks out what a message must not tell."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is written; changes its message and fields."""
        if record.name.startswith(_ABOUT_REQUESTS):
            # A refusal has its line already, with status and route.
            if record.levelno < logging.ERROR and not record.name.startswith("django.security"):
                return False
            if record.name.startswith("django.security"):
                record.exc_info = None
            record.msg = "request failed" if record.exc_info else "request refused"
        else:
            record.msg = black_out(_message_of(record))
        record.args = ()
        for name, value in _about.get().items():
            if not hasattr(record, name):
                setattr(record, name, value)
        return True


def _message_of(record: logging.LogRecord) -> str:
    # A message that does not fit its arguments would be printed with them by `logging` itself.
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)


def describe(record: logging.LogRecord) -> dict[str, Any]:
    """Return a record's content as logged: known fields of plain values."""
    found: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "message": record.getMessage(),
    }
    if record.exc_info and record.exc_info[1] is not None:
        found["trace"] = tell_exception(record.exc_info[1])
    for name in FIELDS:
        value = getattr(record, name, None)
        if isinstance(value, str) and name != "request_id":
            value = black_out(value)
        if isinstance(value, str | int | float):
            found[name] = value
    return found


def tell_exception(error: BaseException) -> list[str]:
    """Return an exception's kinds and places, outermost cause last, without any message."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(_kind_of(current))
        lines += _places(current.__traceback__)
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return lines


def _kind_of(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    told = getattr(error, "diag", None)
    names = ("sqlstate", "table_name", "column_name", "constraint_name")
    # PostgreSQL's names of things hold no value of any row.
    found = [str(value) for name in names if (value := getattr(told, name, None))]
    code = getattr(error, "smtp_code", None)
    if isinstance(code, int):
        found.append(str(code))
    return f"{kind} [{' '.join(found)}]" if found else kind


def _places(tb: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(tb):
        place = "/".join(Path(frame.filename).parts[-3:])
        yield f"  {place}:{frame.lineno} {frame.name}"


class JsonLines(JsonFormatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return str(self.serialize_log_record(describe(record)))


class TextLines(logging.Formatter):
    """One line for a reader at a terminal; places of an exception below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told = describe(record)
        trace = told.pop("trace", [])
        start = " ".join(str(told.pop(name)) for name in ("time", "level", "logger", "message"))
        fields = "".join(f" {name}={value}" for name, value in told.items())
        return "\n".join([start + fields, *(f"  {line}" for line in trace)])


def person_of(request: HttpRequest) -> int | None:
    """Return the number of the person behind a request."""
    person = getattr(getattr(request, "reader", None), "person", None)
    return person if isinstance(person, int) else None


def route_of(request: HttpRequest) -> str:
    """Return the name of a request's route: never its path, which can hold a secret."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or "unnamed"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


class RequestLog:
    """The outermost middleware: gives each request an id, and writes its line and its figures.

    A proxy's `X-Request-ID` is kept if it is a plain word of 8 to 64 characters; the answer
    carries the id, so that a person can tell it and an operator can find it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        started = time.perf_counter()
        with about(request_id=request_id):
            response = self.get_response(request)
            self._tell(request, response, time.perf_counter() - started)
        response["X-Request-ID"] = request_id
        return response

    def _tell(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route = route_of(request)
        method = metrics.observe_request(
            route=route, method=request.method or "", status=response.status_code, seconds=seconds
        )
        is_noise = route in ("static", "health-live", "health-ready", "metrics")
        logger.log(
            logging.DEBUG if is_noise and response.status_code < 400 else logging.INFO,
            "request",
            extra={
                "method": method,
                "route": route,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
                "person": person_of(request),
            },
        )


@contextmanager
def about(**fields: Any) -> Iterator[None]:
    """Let every record of the block carry these fields."""
    token = _about.set({**_about.get(), **fields})
    try:
        yield
    finally:
        _about.reset(token)


class Outcome:
    """The result of a piece of work and the error, if any; set by the code that does the work."""

    name = "again"
    error: BaseException | None = None


@contextmanager
def telling_work(log: logging.Logger, message: str, **fields: Any) -> Iterator[Outcome]:
    """Write one log line about a job or a mail when the block ends, with its duration."""
    outcome, started = Outcome(), time.perf_counter()
    with about(**fields):
        try:
            yield outcome
        finally:
            ms = round((time.perf_counter() - started) * 1000, 1)
            kind = type(outcome.error).__name__ if outcome.error else None
            log.info(message, extra={"outcome": outcome.name, "error": kind, "ms": ms})
