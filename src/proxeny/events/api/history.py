"""History of an event."""

from django.db.models import QuerySet
from ninja import Query

from proxeny.accounts import trail_shapes
from proxeny.accounts.trail_shapes import TrailEntryOut, TrailFilters
from proxeny.events.api._router import router
from proxeny.kernel.api import Id, in_pages
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.requests import Request


@router.get(
    "/{event_id}/history", response=list[TrailEntryOut], summary="Get the history of an event"
)
@in_pages("-id", tell=trail_shapes.telling("event"))
def list_event_history(
    request: Request, event_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """Returns what happened in the setup, participants and agenda of the event, as far as you may
    read it, newest first.
    """
    return trail_shapes.find_trail(request, "event", event_id, filters)
