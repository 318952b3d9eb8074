"""Work and mail that failed for good: seen, tried again under the same key, or put aside."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.jobs import try_again
from proxeny.kernel.mail import send_again
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.tenancy import SERVICE, STRANGER, Reader, acting_as, as_service
from proxeny.kernel.work import get_job, list_jobs


def list_failed(reader: Reader) -> QuerySet[Job]:
    """Return the failed work that waits for a decision of the reader or their colleagues."""
    failed = list_jobs(reader, state=Job.State.FAILED)
    return failed.filter(dismissed_at=None).order_by("-finished_at", "-pk")


def can_decide(reader: Reader, job: Job) -> bool:
    """Who started it may try it again or put it aside, and who manages those it was for."""
    return (
        job.person_id == reader.person
        or job.organisation_id in reader.managed
        or job.partnership_id in reader.steered
    )


@transaction.atomic
def retry_job(*, actor: Reader, job_id: int) -> Job:
    """Queue failed work anew, under its key, so that what it did already is not done twice.

    Side effects: a queued job; an audit row.

    Raises
    ------
    NotFound, NotAllowed
        The actor may not watch it, or not decide on it.
    Conflict
        It does not wait for a decision any more.
    """
    job = _get_failed(actor, job_id)
    with as_service():
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
    with as_service():
        done = bool(waiting.update(dismissed_at=now))
    _record(actor, "dismiss_job", job, done)
    return job


def _get_failed(actor: Reader, job_id: int) -> Job:
    job = get_job(actor, job_id)
    if not can_decide(actor, job):
        raise NotAllowed(
            _("Only the person who started this work, or a manager, can decide on it.")
        )
    return job


def _record(actor: Reader, verb: str, job: Job, done: bool) -> None:
    if not done:
        raise Conflict(_("Somebody has tried this again or put it aside in the meantime."))
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


def retry_for_operator(*, job_id: int | None = None, mail_id: int | None = None) -> None:
    """Queue a failed job or a mail that was given up anew.

    Raises
    ------
    NotFound
        It is none, or has not failed.
    """
    with acting_as(SERVICE):
        if job_id is not None:
            _retry_job_for_operator(job_id)
        if mail_id is not None and not send_again(mail_id):
            raise NotFound(f"There is no mail {mail_id} that was given up.")


def _retry_job_for_operator(job_id: int) -> None:
    if not try_again(job_id):
        raise NotFound(f"There is no failed job {job_id}.")
    job = Job.objects.get(pk=job_id)
    audit.record(STRANGER, "retry_job", job, organisation_id=job.organisation_id,
                 partnership_id=job.partnership_id)  # fmt: skip
