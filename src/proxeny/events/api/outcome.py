"""Outcomes of an event."""

from django.http import HttpResponse
from django.utils import timezone
from ninja.responses import Status

from proxeny.events.api._router import router
from proxeny.events.operations.outcome import ask_event_outcome as ask
from proxeny.events.queries.agenda.outcome import EventOutcome, get_event_outcome
from proxeny.kernel.api import Id, Out
from proxeny.kernel.api.jobs import JobOut
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request


class RateOut(Out):
    """A rate with its 95% confidence limits (Wilson), all in percent, and the rate of ten events
    in the field for reference.

    `of` is the number of meetings whose outcome was reported after six months. While it is zero,
    `percent`, `low` and `high` are null.
    """

    count: int
    of: int
    percent: float | None
    low: float | None
    high: float | None
    reference: float


class ChainOut(Out):
    """Outcomes of the meetings, step by step.

    `held_unknown` counts meetings that are still to come, or where no one has said whether they
    took place. `outcome_unknown` counts meetings that took place but have no answer about their
    outcome yet.
    """

    planned: int
    cancelled: int
    held: int
    missed: int
    held_unknown: int
    outcome_unknown: int
    rated: int
    possible: int
    both: int
    later: int
    cooperations: int
    agreements: int
    cooperation_rate: RateOut
    agreement_rate: RateOut


class OutcomeOut(Out):
    """The outcomes of an event, from registrations to agreements."""

    participants: int
    checked_in: int
    requests: int
    chain: ChainOut


@router.get(
    "/{event_id}/agenda/outcome", response=OutcomeOut, summary="Get the outcomes of an event"
)
def show_event_outcome(request: Request, event_id: Id) -> EventOutcome:
    """Returns figures from registrations to agreements. Available to people of the two clusters."""
    return get_event_outcome(request.reader, event_id)


@router.post("/{event_id}/agenda/outcome/ask", response={202: JobOut}, summary="Ask about outcomes")
def ask_event_outcome(request: Request, response: HttpResponse, event_id: Id) -> Status[Job]:
    """Asks everyone who met for the outcomes, six months after the event, and returns the job."""
    job = ask(actor=request.reader, event_id=event_id, now=timezone.now())
    response["Location"] = f"/api/v1/work/jobs/{job.pk}"
    return Status(202, job)
