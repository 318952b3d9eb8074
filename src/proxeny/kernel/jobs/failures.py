"""Work and mail that failed for good: seen, tried again under the same key, or put aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Case, CharField, Count, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.jobs import try_again
from proxeny.kernel.jobs.watching import get_job, list_jobs
from proxeny.kernel.mail import send_again
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.queue import count_left
from proxeny.kernel.tenancy import SERVICE, STRANGER, Reader, acting_as, as_service

_STATE_OF_MAIL = Case(
    When(sent_at__isnull=False, then=Value("sent")),
    When(error="", then=Value("waiting")),
    default=Value("failed"),
    output_field=CharField(),
)


def list_failed(reader: Reader) -> QuerySet[Job]:
    """Return the failed work that waits for a decision of the reader or their colleagues."""
    failed = list_jobs(reader, state=Job.State.FAILED)
    return failed.filter(dismissed_at=None).order_by("-finished_at", "-pk")


def can_decide(reader: Reader, job: Job) -> bool:
    """Return whether the reader may retry or dismiss a job.

    That is its starter, a manager of the organisation, or somebody who steers the partnership.
    """
    return (
        job.person_id == reader.person
        or job.organisation_id in reader.managed
        or job.partnership_id in reader.steered
    )


@transaction.atomic
def retry_job(*, actor: Reader, job_id: int) -> Job:
    """Queue a failed job again under its key, so that completed work is not repeated.

    Side effects: a queued job; an audit row.

    Raises
    ------
    NotFound, NotAllowed
        The actor may not see it, or may not decide on it.
    Conflict
        It is no longer waiting for a decision.
    """
    job = _get_failed(actor, job_id)
    with as_service("The right to decide was checked, but only the product may write jobs."):
        done = try_again(job.pk)
    _record(actor, "retry_job", job, done)
    return job


@transaction.atomic
def dismiss_job(*, actor: Reader, job_id: int, now: datetime) -> Job:
    """Put failed work aside: it stays in the records, and waits for nobody.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed
        The actor may not watch it, or not decide on it.
    Conflict
        It does not wait for a decision any more.
    """
    job = _get_failed(actor, job_id)
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.FAILED, dismissed_at=None)
    with as_service("The right to decide was checked, but only the product may write jobs."):
        done = bool(waiting.update(dismissed_at=now))
    _record(actor, "dismiss_job", job, done)
    return job


def _get_failed(actor: Reader, job_id: int) -> Job:
    job = get_job(actor, job_id)
    if not can_decide(actor, job):
        raise NotAllowed(
            _("Only the person who started this task, or a manager, can decide about it.")
        )
    return job


def _record(actor: Reader, verb: str, job: Job, done: bool) -> None:
    if not done:
        raise Conflict(_("Someone else has already retried this task or set it aside."))
    audit.record(
        actor, verb, job, organisation_id=job.organisation_id, partnership_id=job.partnership_id
    )


def list_all_failed() -> tuple[list[Job], list[Mail]]:
    """Return all failed work and all mails given up, for the operator."""
    with acting_as(SERVICE):
        failed = Job.objects.filter(state=Job.State.FAILED, dismissed_at=None)
        given_up = Mail.objects.filter(sent_at=None).exclude(error="")
        return list(failed.order_by("pk")), list(given_up.order_by("pk"))


def list_all_waiting() -> tuple[list[Job], list[Mail]]:
    """Return all work that waits or runs and all mails not sent yet, for the operator."""
    with acting_as(SERVICE):
        jobs = Job.objects.filter(state__in=(Job.State.QUEUED, Job.State.RUNNING))
        mails = Mail.objects.filter(sent_at=None, error="")
        return list(jobs.order_by("pk")), list(mails.order_by("pk"))


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of jobs or mails in each state, and of those without a queue entry.

    Each is in one state only, so the states add up to `written`. `left` should be zero: it counts
    waiting items without an entry, and these get one within a minute.
    """

    states: Mapping[str, int]
    left: int

    @property
    def written(self) -> int:
        """All of them."""
        return sum(self.states.values())


def count_jobs_and_mails() -> tuple[Counts, Counts]:
    """Count all work and all mails that the database keeps, for the operator."""
    with acting_as(SERVICE):
        left_jobs, left_mails = count_left()
        jobs = Job.objects.values_list("state").annotate(Count("pk"))
        mails = Mail.objects.values_list(_STATE_OF_MAIL).annotate(Count("pk"))
        return (
            Counts({state.value: 0 for state in Job.State} | dict(jobs), left_jobs),
            Counts(dict.fromkeys(("sent", "waiting", "failed"), 0) | dict(mails), left_mails),
        )


def mails_to_hurry(now: datetime) -> list[int]:
    """Return the numbers of the mails that could go out now and have not, for the operator."""
    with acting_as(SERVICE):
        unsent = Mail.objects.filter(sent_at=None).exclude(recipient="").exclude(not_before__gt=now)
        return list(unsent.order_by("pk").values_list("pk", flat=True))


def retry_for_operator(*, job_id: int | None = None, mail_id: int | None = None) -> None:
    """Queue a failed job again, or a mail that is not sent, whether given up or waiting.

    Raises
    ------
    NotFound
        It is none, has not failed, or is sent.
    """
    with acting_as(SERVICE):
        if job_id is not None:
            _retry_job_for_operator(job_id)
        if mail_id is not None and not send_again(mail_id):
            raise NotFound(f"There is no unsent mail {mail_id}.")


def _retry_job_for_operator(job_id: int) -> None:
    if not try_again(job_id):
        raise NotFound(f"There is no failed job {job_id}.")
    job = Job.objects.get(pk=job_id)
    audit.record(
        STRANGER,
        "retry_job",
        job,
        organisation_id=job.organisation_id,
        partnership_id=job.partnership_id,
    )
