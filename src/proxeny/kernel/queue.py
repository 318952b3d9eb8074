"""The single way to queue work: an entry commits or rolls back together with its cause.

A worker gives procrastinate's application a connection of its own, outside Django's transaction: an
entry written there may be picked up before its cause is committed, or survive a rollback. `put`
always writes through Django's connection.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

RUN_JOB = "proxeny.run_job"
SEND_MAIL = "proxeny.send_mail"
MAIL_ATTEMPTS = 10

_HURRY = """
UPDATE procrastinate_jobs SET scheduled_at = NULL
WHERE task_name = %s AND args @> %s AND status = 'todo'
"""
#: Pending work without an entry, which would wait for ever. A mail whose row is locked is being
#: sent and is skipped; a job that has just begun is left to its worker.
_LEFT_MAILS = """
SELECT m.id, m.not_before FROM kernel_mail m
WHERE m.sent_at IS NULL AND m.error = '' AND m.recipient <> '' AND NOT EXISTS (
    SELECT FROM procrastinate_jobs q
    WHERE q.task_name = 'proxeny.send_mail' AND q.status IN ('todo', 'doing')
      AND (q.args->>'mail_id')::bigint = m.id
)
ORDER BY m.id
"""
_LEFT_JOBS = """
SELECT j.id, NULL::timestamptz FROM kernel_job j
WHERE (j.state = 'queued' OR j.state = 'running' AND j.started_at < now() - interval '1 minute')
  AND NOT EXISTS (
    SELECT FROM procrastinate_jobs q
    WHERE q.task_name = 'proxeny.run_job' AND q.status IN ('todo', 'doing')
      AND (q.args->>'job_id')::bigint = j.id
)
ORDER BY j.id
"""
_TAKE = " LIMIT 1000 FOR UPDATE SKIP LOCKED"


def put(task: str, *, at: datetime | None = None, **arguments: int) -> None:
    """Write an entry in the current transaction; a worker takes it after the commit, not before `at`.

    Needs the service's role. Raises `procrastinate.exceptions.AlreadyEnqueued` for a task of which
    only one may wait, when one does.
    """
    known = app.tasks[task]
    entry = configure_task(
        name=known.name,
        job_manager=JobManager(DjangoConnector()),
        queue=known.queue,
        priority=known.priority,
        lock=known.lock,
        queueing_lock=known.queueing_lock,
        schedule_at=at,
    )
    entry.defer(**arguments)


def put_now(task: str, **arguments: int) -> None:
    """Have something done now: its entry waits no longer, or it gets one where none waits.

    Needs the service's role.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HURRY, [task, json.dumps(arguments)])
        waits = bool(cursor.rowcount)
    if not waits:
        put(task, at=None, **arguments)


def take_up_left() -> tuple[int, int]:
    """Give an entry to each job and mail that waits without one; return how many of each.

    Needs the service's role. Of two that do so at once the second waits for the first, so that
    nothing gets two entries.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7011805)")
        jobs = _fetch(cursor, _LEFT_JOBS + _TAKE)
        mails = _fetch(cursor, _LEFT_MAILS + _TAKE)
    for job_id, _ in jobs:
        put(RUN_JOB, job_id=job_id)
    for mail_id, not_before in mails:
        put(SEND_MAIL, at=not_before, mail_id=mail_id)
    return len(jobs), len(mails)


def count_left() -> tuple[int, int]:
    """Return how many jobs and mails wait without an entry. Needs the service's role."""
    with connection.cursor() as cursor:
        jobs, mails = _fetch(cursor, _LEFT_JOBS), _fetch(cursor, _LEFT_MAILS)
    return len(jobs), len(mails)


def _fetch(cursor: Any, query: str) -> Sequence[tuple[int, datetime | None]]:
    cursor.execute(query)
    found: Sequence[tuple[int, datetime | None]] = cursor.fetchall()
    return found
