"""The work that makes figures, as those watch it whose figures they are."""

from django.utils.translation import gettext as _

from proxeny.insight.models import Snapshot
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader

KIND = "insight.refresh"
_TOLD = (Job.State.QUEUED, Job.State.RUNNING, Job.State.FAILED)


def find_refresh(
    organisation_id: int, partnership_id: int | None, snapshot: Snapshot | None
) -> Job | None:
    """Return the job for some figures that is running, or failed after their last check.

    Any room's work makes the figures of a team as a whole too. One query, by an index.
    """
    jobs = Job.objects.filter(
        kind=KIND, state__in=_TOLD, organisation_id=organisation_id, dismissed_at=None
    )
    if partnership_id is not None:
        jobs = jobs.filter(partnership_id=partnership_id)
    newest = jobs.order_by("-pk").first()
    if newest is None or newest.state != Job.State.FAILED:
        return newest
    over = newest.finished_at or newest.created_at
    return newest if snapshot is None or over > snapshot.looked_at else None


def get_refresh(reader: Reader, job_id: int) -> Job:
    """Return the job behind a team's figures; raise `NotFound` for readers outside the team."""
    job = Job.objects.filter(pk=job_id, kind=KIND, organisation_id__in=reader.organisations).first()
    if job is None:
        raise NotFound(_("We couldn’t find this task."))
    return job
