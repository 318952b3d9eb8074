"""Long work over the API: what runs, how far it is, what came of it, and a stop."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel import failures, work
from proxeny.kernel.api.access import scoped_router
from proxeny.kernel.api.pages import in_pages
from proxeny.kernel.api.schemas import Id, In, Out
from proxeny.kernel.models import Job

router = scoped_router("work", tag="Work")

JobState = Literal["queued", "running", "done", "failed", "stopped"]


class JobOut(Out):
    """A piece of long work; ask again until `is_over`. Failed work waits until it is dismissed."""

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
    """Which work to list."""

    state: JobState | None = None
    kind: str | None = Field(None, max_length=80)


@router.get("/jobs", response=list[JobOut], summary="Long work")
@in_pages("-id")
def list_jobs(request: HttpRequest, filters: Query[JobFilters]) -> QuerySet[Job]:
    """Imports, agenda runs and the like that the caller may watch, the newest first."""
    return work.list_jobs(request.reader, state=filters.state, kind=filters.kind)  # type: ignore[attr-defined]


@router.get("/jobs/{job_id}", response=JobOut, summary="One piece of long work")
def show_job(request: HttpRequest, job_id: Id) -> Job:
    """How far it is, and what came of it."""
    return work.get_job(request.reader, job_id)  # type: ignore[attr-defined]


@router.post("/jobs/{job_id}/stop", response={202: JobOut}, summary="Stop long work")
def stop_job(request: HttpRequest, job_id: Id) -> Status[Job]:
    """It ends soon and keeps what it has; an import writes all or nothing and goes on to its end."""
    return Status(202, work.stop_job(actor=request.reader, job_id=job_id))  # type: ignore[attr-defined]


@router.get("/failed", response=list[JobOut], summary="Failed work")
@in_pages("-id")
def list_failed_jobs(request: HttpRequest) -> QuerySet[Job]:
    """What failed for good and waits for somebody to try it again or to dismiss it."""
    return failures.list_failed(request.reader)  # type: ignore[attr-defined]


@router.post("/jobs/{job_id}/retry", response={202: JobOut}, summary="Try failed work again")
def retry_job(request: HttpRequest, job_id: Id) -> Status[Job]:
    """Also dismissed work; under its own key, so that what it did already is not done twice."""
    failures.retry_job(actor=request.reader, job_id=job_id)  # type: ignore[attr-defined]
    return Status(202, work.get_job(request.reader, job_id))  # type: ignore[attr-defined]


@router.post("/jobs/{job_id}/dismiss", response=JobOut, summary="Dismiss failed work")
def dismiss_job(request: HttpRequest, job_id: Id) -> Job:
    """It stays in the records, and waits for nobody any more."""
    failures.dismiss_job(actor=request.reader, job_id=job_id, now=timezone.now())  # type: ignore[attr-defined]
    return work.get_job(request.reader, job_id)  # type: ignore[attr-defined]
