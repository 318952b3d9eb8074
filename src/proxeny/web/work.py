"""Long work of a reader, of whatever kind: which, how far, where it belongs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from proxeny.kernel.models import Job
from proxeny.kernel.rows import Column, Rows
from proxeny.web.failed import tell_jobs

#: As the component of progress says it.
_STATES = {
    "queued": _("queued"),
    "running": _("running"),
    "stopping": _("stopping"),
    "done": _("finished"),
    "stopped": _("stopped by you"),
    "failed": _("failed"),
}


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work: `state` and `percent` as the component of progress takes them.

    `why` is the reason where it failed; `url` the page that it belongs to, or empty.
    """

    pk: int
    title: str
    partnership: str
    state: str
    percent: int | None
    why: str
    at: datetime
    url: str

    @property
    def told_state(self) -> str:
        """The state, in words."""
        return str(_STATES[self.state])

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in {Job.State.DONE, Job.State.FAILED, Job.State.STOPPED}


#: A reader's long work as a list.
WORK = Rows(
    "long-work",
    (
        Column("what", _("Tasks"), lambda row: row.title, ("kind",)),
        Column("state", _("Status"), lambda row: row.told_state, ("state",)),
        Column("when", _("When"), lambda row: row.at, ("created_at",)),
        Column("why", _("Reason"), lambda row: row.why),
    ),
    sort="-when",
    search=("error",),
)


def tell_work(jobs: Iterable[Job]) -> list[Work]:
    """Return jobs as pages show them, in their order; two queries for all of them."""
    return [
        Work(
            state=_state_of(job),
            percent=_percent_of(job),
            at=job.finished_at or job.created_at,
            **told,
        )
        for job, told in tell_jobs(jobs)
    ]


def _state_of(job: Job) -> str:
    if job.state == Job.State.RUNNING and job.stop_requested:
        return "stopping"
    return str(job.state)


def _percent_of(job: Job) -> int | None:
    told = job.progress.get("percent")
    is_known = isinstance(told, int | float) and job.state == Job.State.RUNNING
    return round(told) if is_known else None
