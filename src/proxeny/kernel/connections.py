"""Liveness check of a thread's connection to the database."""

from time import monotonic
from typing import Any

from django.core.signals import request_started
from django.db import connection

#: So long a connection that has answered is believed to answer.
BELIEVED_S = 1.0
LISTENER = "proxeny.connections"


def note_answer() -> None:
    """Note that this thread's connection has just answered a query."""
    connection.answered_at = monotonic()  # type: ignore[attr-defined]


def believe_what_has_just_answered(**_: Any) -> None:
    """Spare a connection the question "SELECT 1" before a request if it has answered just now.

    A server that restarts cuts its connections; the question (`CONN_HEALTH_CHECKS`) spares the next
    request an error. A restart takes longer than the time in which an answer is believed.
    """
    if monotonic() - getattr(connection, "answered_at", -BELIEVED_S) < BELIEVED_S:
        connection.health_check_done = True  # type: ignore[attr-defined]


def listen() -> None:
    """Hear of each request, after Django has: it was connected first."""
    request_started.connect(believe_what_has_just_answered, dispatch_uid=LISTENER)
