"""Long work as people and programs watch it: which, how far, and a stop."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.jobs import request_stop
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader


def list_jobs(
    reader: Reader, *, state: str | None = None, kind: str | None = None
) -> QuerySet[Job]:
    """Return the jobs that the reader may watch, newest first.

    The policy shows people all their own jobs, whatever seat they were for; a token for one seat
    sees the jobs of that seat, and those of the person alone.
    """
    found = Job.objects.filter(
        Q(organisation_id=None, partnership_id=None, person_id=reader.person)
        | Q(organisation_id__in=reader.organisations)
        | Q(partnership_id__in=reader.rooms)
    ).exclude(person_id=None)
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("-pk")


def get_job(reader: Reader, job_id: int) -> Job:
    """Return one piece of work; `NotFound` if the reader may not watch it."""
    for job in list_jobs(reader).filter(pk=job_id):
        return job
    raise NotFound(_("We couldn’t find this task."))


def find_latest(reader: Reader, kind: str, *, organisation_id: int | None = None) -> Job | None:
    """Return the newest work of a kind that the reader may watch, if there is any. One query."""
    found = list_jobs(reader, kind=kind)
    if organisation_id is not None:
        found = found.filter(organisation_id=organisation_id)
    return found.first()


def can_stop(reader: Reader, job: Job) -> bool:
    """Return whether the reader may stop a job.

    That is its starter, a manager of the organisation, or somebody who steers the partnership.
    """
    return (
        job.person_id == reader.person
        or job.organisation_id in reader.managed
        or job.partnership_id in reader.steered
    )


@transaction.atomic
def stop_job(*, actor: Reader, job_id: int) -> Job:
    """Ask a job to end soon and keep its results; asking again changes nothing.

    Raises
    ------
    NotFound, NotAllowed
        The actor may not watch it, or not stop it.
    Conflict
        It is over.

    Notes
    -----
    Side effects: an audit row. Work that writes all or nothing goes on to its end.
    """
    job = get_job(actor, job_id)
    if not can_stop(actor, job):
        raise NotAllowed(_("Only the person who started this task, or a manager, can stop it."))
    if job.is_over:
        raise Conflict(_("This task has ended."))
    if not job.stop_requested:
        request_stop(job.pk)
        audit.record(
            actor,
            "stop_job",
            job,
            organisation_id=job.organisation_id,
            partnership_id=job.partnership_id,
        )
        job.stop_requested = True
    return job
