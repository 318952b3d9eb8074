"""States of an event: opened, closed, reopened, cancelled, finished."""

from typing import Annotated

from django.http import HttpResponse
from django.utils import timezone
from pydantic import Field

from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api.events import EventOut, show
from proxeny.kernel.api import Id, In
from proxeny.kernel.api.times import Moment
from proxeny.kernel.requests import Request


class ReopenIn(In):
    """The new deadline for requests. Null keeps the existing one."""

    deadline_at: Moment | None = None


class CancelIn(In):
    """The reason for cancelling the event. Everyone invited can read it."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


@router.post("/{event_id}/open", response=EventOut, summary="Open an event")
def open_event(request: Request, response: HttpResponse, event_id: Id) -> EventOut:
    """Shows the event to the members of its clusters and accepts requests. Members are not notified
    yet.

    All sides must agree: the first call proposes the step, and the call of the last side carries it
    out (see `proposals`).
    """
    operations.open_event(actor=request.reader, event_id=event_id, now=timezone.now())
    return show(request, response, event_id)


@router.post("/{event_id}/close", response=EventOut, summary="Close requests")
def close_requests(request: Request, response: HttpResponse, event_id: Id) -> EventOut:
    """Stops accepting requests once all sides agree, as for opening the event."""
    operations.close_requests(actor=request.reader, event_id=event_id, now=timezone.now())
    return show(request, response, event_id)


@router.post("/{event_id}/reopen", response=EventOut, summary="Reopen requests")
def reopen_requests(
    request: Request, response: HttpResponse, event_id: Id, until: ReopenIn | None = None
) -> EventOut:
    """Accepts requests again."""
    operations.reopen_requests(
        actor=request.reader,
        event_id=event_id,
        deadline_at=until.deadline_at if until else None,
        now=timezone.now(),
    )
    return show(request, response, event_id)


@router.post("/{event_id}/cancel", response=EventOut, summary="Cancel an event")
def cancel_event(request: Request, response: HttpResponse, event_id: Id, why: CancelIn) -> EventOut:
    """Cancels the event and its meetings once all sides agree, as for opening the event.

    Everyone invited gets an email with the reason.
    """
    operations.cancel_event(
        actor=request.reader, event_id=event_id, reason=why.reason, now=timezone.now()
    )
    return show(request, response, event_id)


@router.post("/{event_id}/finish", response=EventOut, summary="Mark an event as ended")
def finish_event(request: Request, response: HttpResponse, event_id: Id) -> EventOut:
    """Marks the event as ended, after its last meetings."""
    operations.finish_event(actor=request.reader, event_id=event_id, now=timezone.now())
    return show(request, response, event_id)
