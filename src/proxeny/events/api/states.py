"""Where an event stands: opened, closed, opened again, called off, over."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import Field

from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api.events import EventOut, show
from proxeny.kernel.api import Id, In
from proxeny.kernel.api.times import Moment


class ReopenIn(In):
    """Until when requests are taken; null keeps the deadline there was."""

    deadline_at: Moment | None = None


class CancelIn(In):
    """Why the event is called off; everybody invited reads it."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


@router.post("/{event_id}/open", response=EventOut, summary="Open an event")
def open_event(request: HttpRequest, response: HttpResponse, event_id: Id):
    """Show the event to the members of both clusters and take requests. Nobody is told yet."""
    operations.open_event(actor=request.reader, event_id=event_id, now=timezone.now())
    return show(request, response, event_id)


@router.post("/{event_id}/close", response=EventOut, summary="Close requests")
def close_requests(request: HttpRequest, response: HttpResponse, event_id: Id):
    """Take no more requests."""
    operations.close_requests(actor=request.reader, event_id=event_id, now=timezone.now())
    return show(request, response, event_id)


@router.post("/{event_id}/reopen", response=EventOut, summary="Reopen requests")
def reopen_requests(
    request: HttpRequest, response: HttpResponse, event_id: Id, until: ReopenIn | None = None
):
    """Take requests again."""
    operations.reopen_requests(
        actor=request.reader,
        event_id=event_id,
        deadline_at=until.deadline_at if until else None,
        now=timezone.now(),
    )
    return show(request, response, event_id)


@router.post("/{event_id}/cancel", response=EventOut, summary="Call an event off")
def cancel_event(request: HttpRequest, response: HttpResponse, event_id: Id, why: CancelIn):
    """Call the event and its meetings off; everybody invited gets a mail with the reason."""
    operations.cancel_event(
        actor=request.reader, event_id=event_id, reason=why.reason, now=timezone.now()
    )
    return show(request, response, event_id)


@router.post("/{event_id}/finish", response=EventOut, summary="Say that an event is over")
def finish_event(request: HttpRequest, response: HttpResponse, event_id: Id):
    """Say that an event is over, after its last meetings."""
    operations.finish_event(actor=request.reader, event_id=event_id, now=timezone.now())
    return show(request, response, event_id)
