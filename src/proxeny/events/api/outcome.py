"""What came of an event."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.responses import Status

from proxeny.events.api._router import router
from proxeny.events.operations.outcome import ask_event_outcome as ask
from proxeny.events.queries.agenda.outcome import get_event_outcome
from proxeny.kernel.api import Id, Out
from proxeny.kernel.api.work import JobOut


class RateOut(Out):
    """A rate with its limits at 95 % (Wilson), all in percent, beside ten events of the field."""

    count: int
    of: int
    percent: float
    low: float
    high: float
    reference: float


class ChainOut(Out):
    """What came of the meetings, step by step."""

    planned: int
    cancelled: int
    held: int
    missed: int
    rated: int
    possible: int
    both: int
    later: int
    cooperations: int
    agreements: int
    cooperation_rate: RateOut
    agreement_rate: RateOut


class OutcomeOut(Out):
    """The chain of an event, from registration to agreement."""

    participants: int
    checked_in: int
    requests: int
    chain: ChainOut


@router.get("/{event_id}/agenda/outcome", response=OutcomeOut, summary="Read what came of it")
def show_event_outcome(request: HttpRequest, event_id: Id):
    """Figures from registration to agreement, for people of the two clusters."""
    return get_event_outcome(request.reader, event_id)


@router.post(
    "/{event_id}/agenda/outcome/ask", response={202: JobOut}, summary="Ask what came of it"
)
def ask_event_outcome(request: HttpRequest, response: HttpResponse, event_id: Id):
    """Ask everybody who met, six months later, what came of it. Answers with the job."""
    job = ask(actor=request.reader, event_id=event_id, now=timezone.now())
    response["Location"] = f"/api/v1/work/jobs/{job.pk}"
    return Status(202, job)
