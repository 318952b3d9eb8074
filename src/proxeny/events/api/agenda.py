"""Making the agenda: runs of the engine, what they prove, and meetings without a place."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.events.api._router import router
from proxeny.events.models import AgendaRun
from proxeny.events.operations.agenda import discard_agenda as discard
from proxeny.events.operations.agenda import start_agenda_run as start
from proxeny.events.operations.agenda import stop_agenda_run as stop
from proxeny.events.operations.agenda.run import MAX_TIME_S
from proxeny.events.queries.agenda.board import (
    certificate_words,
    get_board,
    get_event_for_staff,
)
from proxeny.events.queries.agenda.runs import get_job_of, list_runs
from proxeny.kernel.api import Id, In, Out, in_pages
from proxeny.kernel.api.jobs import JobOut
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request


class RunIn(In):
    """How long to search. The same seed and requests repeat the same search."""

    time_limit_s: Annotated[int, Field(ge=1, le=MAX_TIME_S)] = 60
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


class RunOut(Out):
    """A run with its certificate: the result, and the bounds that were proved."""

    number: int
    job_id: int | None
    seed: int
    time_limit_s: int
    status: str
    certificate: str
    value: int | None
    value_bound: int | None
    breaks: int | None
    bound: int | None
    seconds: float | None
    verdict: dict[str, Any]
    clashes: list[str]
    created_at: datetime
    finished_at: datetime | None

    @staticmethod
    def resolve_certificate(run: AgendaRun) -> str:
        """Return what was proved, in a sentence; empty while the run is under way."""
        return ": ".join(certificate_words(run)) if run.status else ""


class UnplacedOut(Out):
    """A requested meeting that has no place, and why.

    `may_change` means that a manual change may find one.
    """

    first_id: int
    first: str
    second_id: int
    second: str
    why: str
    may_change: bool


class BoardOut(Out):
    """The state of the agenda. `by_hand` counts meetings that differ from those of the last run."""

    state: str
    can_edit: bool
    is_running: bool
    meetings: int
    locked: int
    people: int
    breaks: int
    by_hand: int
    revision: int
    published_at: datetime | None
    run: RunOut | None
    job: JobOut | None
    unplaced: list[UnplacedOut]


class DiscardedOut(Out):
    """The number of meetings that were discarded."""

    meetings: int


@router.get("/{event_id}/agenda", response=BoardOut, summary="Get the agenda's state")
def show_agenda(request: Request, event_id: Id) -> BoardOut:
    """Returns figures, the last run, and requested meetings without a place.

    Available to people of the two clusters.
    """
    board = get_board(request.reader, event_id)
    names = (
        "can_edit",
        "is_running",
        "meetings",
        "locked",
        "people",
        "breaks",
        "by_hand",
        "run",
        "job",
        "unplaced",
    )
    return BoardOut(
        state=board.event.state,
        revision=board.event.revision,
        published_at=board.event.published_at,
        **{name: getattr(board, name) for name in names},
    )


@router.get("/{event_id}/agenda/runs", response=list[RunOut], summary="List agenda runs")
@in_pages("-number")
def list_agenda_runs(request: Request, event_id: Id) -> QuerySet[AgendaRun]:
    """Returns the runs of the engine, latest first. Available to people of the two clusters."""
    return list_runs(get_event_for_staff(request.reader, event_id))


@router.post("/{event_id}/agenda/runs", response={202: JobOut}, summary="Start an agenda run")
def start_agenda_run(
    request: Request, response: HttpResponse, event_id: Id, search: RunIn | None = None
) -> Status[Job]:
    """Starts a search for the best agenda and returns the job.

    Requests that are still open are closed.
    """
    search = search or RunIn()
    run = start(
        actor=request.reader,
        event_id=event_id,
        time_limit_s=search.time_limit_s,
        seed=search.seed,
        now=timezone.now(),
    )
    response["Location"] = f"/api/v1/work/jobs/{run.job_id}"
    return Status(202, get_job_of(run))


@router.post("/{event_id}/agenda/stop", response={202: JobOut}, summary="Stop the agenda run")
def stop_agenda_run(request: Request, response: HttpResponse, event_id: Id) -> Status[Job]:
    """Asks the current run to end and returns the job. The best agenda found so far is kept."""
    run = stop(actor=request.reader, event_id=event_id)
    response["Location"] = f"/api/v1/work/jobs/{run.job_id}"
    return Status(202, get_job_of(run))


@router.post("/{event_id}/agenda/discard", response=DiscardedOut, summary="Discard the agenda")
def discard_agenda(request: Request, event_id: Id) -> DiscardedOut:
    """Discards an agenda that was never published. All requests are kept."""
    return DiscardedOut(meetings=discard(actor=request.reader, event_id=event_id))
