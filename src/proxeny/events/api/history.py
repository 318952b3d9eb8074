"""What happened to an event."""

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query

from proxeny.accounts import trail_shapes
from proxeny.accounts.trail_shapes import TrailEntryOut, TrailFilters
from proxeny.events.api._router import router
from proxeny.kernel.api import Id, in_pages
from proxeny.kernel.models import AuditEntry


@router.get(
    "/{event_id}/history", response=list[TrailEntryOut], summary="What happened to an event"
)
@in_pages("-id", tell=trail_shapes.telling("event"))
def list_event_history(
    request: HttpRequest, event_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """Its set-up, participants and agenda: what the caller may read of it, newest first."""
    return trail_shapes.find_trail(request, "event", event_id, filters)
