"""Jobs over the API: list, progress, result, and stop."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api.access import scoped_router
from proxeny.kernel.api.pages import in_pages
from proxeny.kernel.api.schemas import Id, In, Out
from proxeny.kernel.jobs import failures, watching
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request

router = scoped_router("work", tag="Work")

JobState = Literal["queued", "running", "done", "failed", "stopped"]


class JobOut(Out):
    """A long-running job. Poll it until `is_over` is true.

    A failed job waits until it is dismissed.
    """

    id: int
    kind: str
    state: JobState
    is_over: bool
    stop_requested: bool
    organisation_id: int | None
    partnership_id: int | None
    progress: dict[str, Any]
    result: dict[str, Any]
    error: str
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    dismissed_at: datetime | None


class JobFilters(In):
    """Filters for a list of jobs."""

    state: JobState | None = None
    kind: str | None = Field(None, max_length=80)


@router.get("/jobs", response=list[JobOut], summary="List jobs")
@in_pages("-id")
def list_jobs(request: Request, filters: Query[JobFilters]) -> QuerySet[Job]:
    """Returns imports, agenda runs and other jobs that you may watch, newest first."""
    return watching.list_jobs(request.reader, state=filters.state, kind=filters.kind)


@router.get("/jobs/{job_id}", response=JobOut, summary="Get a job")
def show_job(request: Request, job_id: Id) -> Job:
    """Returns its progress and its result."""
    return watching.get_job(request.reader, job_id)


@router.post("/jobs/{job_id}/stop", response={202: JobOut}, summary="Stop a job")
def stop_job(request: Request, job_id: Id) -> Status[Job]:
    """It ends soon and keeps what it has done.

    An import writes all or nothing, and continues to its end.
    """
    return Status(202, watching.stop_job(actor=request.reader, job_id=job_id))


@router.get("/failed", response=list[JobOut], summary="List failed jobs")
@in_pages("-id")
def list_failed_jobs(request: Request) -> QuerySet[Job]:
    """Returns the jobs that have failed for good and are waiting for someone to retry or dismiss
    them.
    """
    return failures.list_failed(request.reader)


@router.post("/jobs/{job_id}/retry", response={202: JobOut}, summary="Retry a failed job")
def retry_job(request: Request, job_id: Id) -> Status[Job]:
    """Also works for dismissed jobs.

    The job keeps its key, so that what it has already done isn't done twice.
    """
    failures.retry_job(actor=request.reader, job_id=job_id)
    return Status(202, watching.get_job(request.reader, job_id))


@router.post("/jobs/{job_id}/dismiss", response=JobOut, summary="Dismiss a failed job")
def dismiss_job(request: Request, job_id: Id) -> Job:
    """It stays in the records, but is no longer waiting for anyone."""
    failures.dismiss_job(actor=request.reader, job_id=job_id, now=timezone.now())
    return watching.get_job(request.reader, job_id)
