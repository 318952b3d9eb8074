"""The history of a directory entry, and of an imported member list."""

from django.db.models import QuerySet
from ninja import Query

from proxeny.accounts import trail_shapes
from proxeny.accounts.trail_shapes import TrailEntryOut, TrailFilters
from proxeny.directory.api._router import router
from proxeny.kernel.api import Id, in_pages
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.requests import Request


@router.get(
    "/organisations/{organisation_id}/history",
    response=list[TrailEntryOut],
    summary="List an organisation's history",
)
@in_pages("-id", tell=trail_shapes.telling("organisation"))
def list_organisation_history(
    request: Request, organisation_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """Returns the history of its entry, memberships, offers and needs as far as you may read it,
    newest first.
    """
    return trail_shapes.find_trail(request, "organisation", organisation_id, filters)


@router.get(
    "/listings/{listing_id}/history",
    response=list[TrailEntryOut],
    summary="List the history of an offer or need",
)
@in_pages("-id", tell=trail_shapes.telling("listing"))
def list_listing_history(
    request: Request, listing_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """Returns its history from draft to archive as far as you may read it, newest first."""
    return trail_shapes.find_trail(request, "listing", listing_id, filters)


@router.get(
    "/interests/{interest_id}/history",
    response=list[TrailEntryOut],
    summary="List the history of interest in an offer or need",
)
@in_pages("-id", tell=trail_shapes.telling("interest"))
def list_interest_history(
    request: Request, interest_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """Returns the actions of your own side, newest first.

    Who acted on the other side isn't shown.
    """
    return trail_shapes.find_trail(request, "interest", interest_id, filters)


@router.get(
    "/imports/{import_id}/history",
    response=list[TrailEntryOut],
    summary="List an import's history",
)
@in_pages("-id", tell=trail_shapes.telling("import"))
def list_import_history(
    request: Request, import_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """Returns its history from the upload to the import, newest first."""
    return trail_shapes.find_trail(request, "import", import_id, filters)
