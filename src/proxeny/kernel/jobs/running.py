"""Long work: a `Job` row that people watch, carried by procrastinate, safe to kill at any moment.

A job is queued in the transaction of its cause. Any worker on any host may take it. A worker that
dies leaves its job to the reaper, which puts it back, or gives it up when its workers die again and
again; the job's own transaction was rolled back by the database, and a job that had committed its end is not run again (`JobContext.finish` writes
that end together with the job's data).
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import procrastinate
import psycopg
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from psycopg.types.json import Jsonb

from proxeny.kernel.errors import ProxenyError
from proxeny.kernel.hooks import Hook
from proxeny.kernel.logs import Outcome, job_logger, telling_work
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.queue import MAIL_ATTEMPTS, RUN_JOB, SEND_MAIL, put, take_up_left
from proxeny.kernel.tenancy import SERVICE, Reader, acting_as, as_service, enter_on

logger = logging.getLogger(__name__)

REPORT_EVERY_S = 0.5
STALLED_AFTER_S = 15
MAX_ATTEMPTS = 4
#: So many workers may die over one entry: then it is taken to be what kills them.
MOST_DEATHS = 3
#: Work whose worker has died runs beside none like it: what only ran beside the killer then ends well.
_ALONE = "proxeny.died"

Work = Callable[["JobContext"], dict[str, Any] | None]
Ending = Callable[[Job], None]
_registry: dict[str, Work] = {}
JOB_ENDED: Hook[Ending] = Hook(
    "jobs.ended", "Runs when a job has ended, in any state; in the role of the service."
)


def job(kind: str) -> Callable[[Work], Work]:
    """Register a function as the work of a kind of job.

    The function gets a `JobContext` and runs outside any transaction and role: it enters the role
    it needs. It must be idempotent, as it may be run again after a kill.
    """

    def register_work(work: Work) -> Work:
        if kind in _registry:
            raise ValueError(f"The job kind {kind!r} is registered twice.")
        _registry[kind] = work
        return work

    return register_work


def registered_kinds() -> frozenset[str]:
    """Return the names of all kinds of job that a worker can run."""
    return frozenset(_registry)


def enqueue(
    kind: str,
    *,
    actor: Reader,
    key: str,
    arguments: dict[str, Any],
    organisation_id: int | None = None,
    partnership_id: int | None = None,
) -> Job:
    """Queue a job in the current transaction; the same `key` again returns the job that is there.

    Side effects: a `Job` row and a procrastinate job, both undone if the transaction is.
    """
    with as_service("Readers cause work, but only the product may write jobs and the queue."):
        found, made = Job.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "person_id": actor.person,
                "organisation_id": organisation_id,
                "partnership_id": partnership_id,
                "arguments": arguments,
            },
        )
        if made:
            put(RUN_JOB, job_id=found.pk)
    return found


def request_stop(job_id: int) -> None:
    """Ask a job to end and keep what it has. The caller has checked the reader's right."""
    with as_service("The caller has checked the right to stop it; only the product writes jobs."):
        Job.objects.filter(pk=job_id).update(stop_requested=True)


def try_again(job_id: int) -> bool:
    """Queue a failed job again, under its key; return False if it has not failed.

    Service role only.
    """
    failed = Job.objects.filter(pk=job_id, state=Job.State.FAILED)
    done = failed.update(
        state=Job.State.QUEUED, error="", finished_at=None, dismissed_at=None, stop_requested=False
    )
    if done:
        put(RUN_JOB, job_id=job_id)
    return bool(done)


@dataclass(slots=True)
class JobContext:
    """The context of a running job: its arguments, and ways to report, to stop and to finish."""

    job_id: int
    person_id: int | None
    organisation_id: int | None
    partnership_id: int | None
    arguments: dict[str, Any]
    _side: psycopg.Connection[Any] | None = field(default=None, repr=False)
    _reported: float = 0.0
    _asked: float = 0.0
    _stop: bool = False

    def report(self, *, force: bool = False, **progress: Any) -> None:
        """Show progress to people watching, at most twice a second, even in an open transaction."""
        now = time.monotonic()
        if not force and now - self._reported < REPORT_EVERY_S:
            return
        self._reported = now
        self._execute(
            "UPDATE kernel_job SET progress = %s WHERE id = %s", [Jsonb(progress), self.job_id]
        )

    def should_stop(self) -> bool:
        """Whether somebody asked the job to stop (asked of the database twice a second)."""
        now = time.monotonic()
        if not self._stop and now - self._asked >= REPORT_EVERY_S:
            self._asked = now
            row = self._execute(
                "SELECT stop_requested FROM kernel_job WHERE id = %s", [self.job_id]
            )
            self._stop = bool(row and row[0])
        return self._stop

    def finish(self, result: dict[str, Any]) -> None:
        """Write the job's end inside the current transaction: both commit or roll back together."""
        with as_service("Work may end in the role of its reader, who may not write jobs."):
            Job.objects.filter(pk=self.job_id).update(
                state=Job.State.DONE, result=result, finished_at=timezone.now(), error=""
            )

    def _execute(self, query: str, parameters: list[Any]) -> tuple[Any, ...] | None:
        # A connection of its own: progress must be seen while the work's transaction is open.
        # Where that transaction holds the job's row, the report is dropped, not waited for.
        with suppress(psycopg.errors.LockNotAvailable):
            side = self._connect()
            with side.transaction():
                enter_on(side, SERVICE)
                cursor = side.execute(query, parameters)
                return cursor.fetchone() if cursor.description else None
        return None

    def _connect(self) -> psycopg.Connection[Any]:
        if self._side is None or self._side.closed:
            settings = connection.get_connection_params()
            names = ("host", "port", "user", "password", "dbname")
            self._side = psycopg.connect(
                **{name: settings[name] for name in names if settings.get(name)}, autocommit=True
            )
            self._side.execute("SET lock_timeout = '100ms'")
        return self._side

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if self._side is not None:
            self._side.close()


def run(job_id: int, *, last_attempt: bool = False) -> None:
    """Run one job to its end; called by the worker, and by tests.

    Raises
    ------
    Exception
        Whatever the work raised, unless it is a refusal for people or this was the last attempt:
        then the job is marked as failed with a sentence, and nothing is raised.
    """
    claimed = _claim(job_id)
    if claimed is None:
        return
    with telling_work(
        job_logger, "job", job_id=job_id, kind=claimed.kind, attempt=claimed.attempts + 1
    ) as outcome:
        _work(claimed, outcome, last_attempt=last_attempt)
    _tell_end(job_id)


def _tell_end(job_id: int) -> None:
    # The job is done in any case: this is only the notification.
    try:
        with acting_as(SERVICE):
            ended = Job.objects.filter(pk=job_id).first()
            if ended is not None and ended.is_over:
                for ending in JOB_ENDED:
                    ending(ended)
    except Exception:
        logger.exception("telling of an ended job failed")


def _work(claimed: Job, outcome: Outcome, *, last_attempt: bool) -> None:
    job_id = claimed.pk
    with JobContext(
        job_id=claimed.pk,
        person_id=claimed.person_id,
        organisation_id=claimed.organisation_id,
        partnership_id=claimed.partnership_id,
        arguments=claimed.arguments,
    ) as context:
        try:
            result = _registry[claimed.kind](context)
        except ProxenyError as error:
            _end(job_id, Job.State.FAILED, error=str(error))
            outcome.name = "refused"
        except Exception:
            logger.exception("job failed")
            if not last_attempt:
                _requeue(job_id)
                raise
            message = translation.gettext(
                "Something went wrong on our side. Nothing was changed. Please try again."
            )
            _end(job_id, Job.State.FAILED, error=message)
            outcome.name = "failed"
        else:
            state = Job.State.STOPPED if context._stop else Job.State.DONE
            _end(job_id, state, result=result or {})
            outcome.name = state.value


def _claim(job_id: int) -> Job | None:
    with acting_as(SERVICE):
        found = Job.objects.select_for_update().filter(pk=job_id).first()
        if found is None or found.is_over:
            return None
        Job.objects.filter(pk=job_id).update(
            state=Job.State.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1
        )
        return found


def _end(job_id: int, state: str, *, result: dict[str, Any] | None = None, error: str = "") -> None:
    with acting_as(SERVICE):
        open_jobs = Job.objects.filter(pk=job_id, state=Job.State.RUNNING)
        values: dict[str, Any] = {"state": state, "finished_at": timezone.now(), "error": error}
        if result:
            values["result"] = result
        open_jobs.update(**values)


def _requeue(job_id: int) -> None:
    with acting_as(SERVICE):
        Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(state=Job.State.QUEUED)


def register(app: procrastinate.App) -> None:
    """Give procrastinate its few tasks; called once when Django is ready."""
    retry = procrastinate.RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=3)

    @app.task(name=RUN_JOB, retry=retry, pass_context=True)
    def run_job(context: procrastinate.JobContext, job_id: int) -> None:
        attempts = context.job.attempts if context.job else 0
        with fresh_connection():
            run(job_id, last_attempt=attempts >= MAX_ATTEMPTS)

    # A mail server may be away for a night: 3 s, 9 s, 27 s … 16 hours, a day in all.
    patient = procrastinate.RetryStrategy(max_attempts=MAIL_ATTEMPTS, exponential_wait=3)

    @app.task(name=SEND_MAIL, retry=patient, pass_context=True)
    def send_mail(context: procrastinate.JobContext, mail_id: int) -> None:
        from proxeny.kernel.mail import send

        attempts = context.job.attempts if context.job else 0
        with fresh_connection():
            send(mail_id, last_attempt=attempts >= MAIL_ATTEMPTS)

    @app.periodic(cron="* * * * * */10")
    @app.task(name="proxeny.reap", queueing_lock="proxeny.reap", pass_context=True)
    async def reap(context: procrastinate.JobContext, timestamp: int) -> None:
        await reap_stalled(context.app.job_manager)

    @app.periodic(cron="* * * * *")
    @app.task(name="proxeny.take-up", lock="proxeny.take-up", queueing_lock="proxeny.take-up")
    def take_up(timestamp: int) -> None:
        with fresh_connection(), acting_as(SERVICE):
            jobs, mails = take_up_left()
        if jobs or mails:
            logger.warning("%d jobs and %d mails had no entry in the queue", jobs, mails)

    @app.periodic(cron="7 * * * *")
    @app.task(name="proxeny.hourly", queueing_lock="proxeny.hourly")
    def hourly(timestamp: int) -> None:
        from proxeny.kernel.jobs.schedule import look_after

        with fresh_connection():
            look_after(timezone.now())


async def reap_stalled(manager: Any, *, after_s: float = STALLED_AFTER_S) -> int:
    """Put back the jobs of workers that died, or give them up after some deaths; return how many."""
    count = 0
    await manager.prune_stalled_workers(after_s)
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=after_s):
        if stalled.attempts + 1 >= _most_deaths(stalled.task_name):
            await asyncio.to_thread(_give_up, stalled.task_name, _arguments_of(stalled))
            await manager.finish_job(stalled, Status.FAILED, delete_job=True)
        else:
            await _put_back(manager, stalled)
        count += 1
    return count


def _most_deaths(task: str) -> int:
    # A mail is tried so often anyway, and hardly ever to blame.
    return MAIL_ATTEMPTS if task == SEND_MAIL else MOST_DEATHS


def _arguments_of(entry: procrastinate.jobs.Job) -> dict[str, Any]:
    found: Any = entry.task_kwargs
    # Django's connection gives JSON as text, a worker's own as what it says.
    return dict(json.loads(found) if isinstance(found, str) else found)


async def _put_back(manager: Any, stalled: procrastinate.jobs.Job) -> None:
    try:
        await manager.retry_job(stalled, lock=_ALONE if stalled.task_name == RUN_JOB else None)
    except UniqueViolation:
        # Of a job that waits once at most another one waits already, and does the same.
        await manager.finish_job(stalled, Status.FAILED, delete_job=True)


def _give_up(task: str, arguments: dict[str, Any]) -> None:
    """Note what an entry was for as failed; before the entry goes, lest it be queued again."""
    logger.error("given up, its workers died: %s %s", task, arguments)
    with fresh_connection():
        if task == RUN_JOB:
            _end(arguments["job_id"], Job.State.FAILED, error=_tell_death())
            _tell_end(arguments["job_id"])
        elif task == SEND_MAIL:
            with acting_as(SERVICE):
                waiting = Mail.objects.filter(pk=arguments["mail_id"], sent_at=None, error="")
                waiting.update(error="WorkerDied: the process that sent it ended each time")


def _tell_death() -> str:
    return translation.gettext(
        "This task crashed several times, so we stopped trying. Nothing was changed. Try it with "
        "less data, or ask the site administrator to check the log."
    )


class fresh_connection:  # noqa: N801
    """Django's connection of a worker thread: opened for the job, closed after it."""

    def __enter__(self) -> None:
        connection.close_if_unusable_or_obsolete()

    def __exit__(self, *_: object) -> None:
        if transaction.get_connection().in_atomic_block:  # inside a test's transaction
            return
        connection.close()
