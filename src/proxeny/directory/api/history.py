"""What happened to an entry of the directory, and to a brought member list."""

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query

from proxeny.accounts import trail_shapes
from proxeny.accounts.trail_shapes import TrailEntryOut, TrailFilters
from proxeny.directory.api._router import router
from proxeny.kernel.api import Id, in_pages
from proxeny.kernel.models import AuditEntry


@router.get(
    "/organisations/{organisation_id}/history",
    response=list[TrailEntryOut],
    summary="What happened to an organisation",
)
@in_pages("-id", tell=trail_shapes.telling("organisation"))
def list_organisation_history(
    request: HttpRequest, organisation_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """Its entry, memberships, offers and needs: what the caller may read of it, newest first."""
    return trail_shapes.find_trail(request, "organisation", organisation_id, filters)


@router.get(
    "/listings/{listing_id}/history",
    response=list[TrailEntryOut],
    summary="What happened to an offer or a need",
)
@in_pages("-id", tell=trail_shapes.telling("listing"))
def list_listing_history(
    request: HttpRequest, listing_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """From the draft to the archive: what the caller may read of it, newest first."""
    return trail_shapes.find_trail(request, "listing", listing_id, filters)


@router.get(
    "/interests/{interest_id}/history",
    response=list[TrailEntryOut],
    summary="What happened to interest in an offer or need",
)
@in_pages("-id", tell=trail_shapes.telling("interest"))
def list_interest_history(
    request: HttpRequest, interest_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """The deeds of the caller's own side, newest first: who acted on the other one is not told."""
    return trail_shapes.find_trail(request, "interest", interest_id, filters)


@router.get(
    "/imports/{import_id}/history",
    response=list[TrailEntryOut],
    summary="What happened to an import",
)
@in_pages("-id", tell=trail_shapes.telling("import"))
def list_import_history(
    request: HttpRequest, import_id: Id, filters: Query[TrailFilters]
) -> QuerySet[AuditEntry]:
    """From the file to the import, newest first."""
    return trail_shapes.find_trail(request, "import", import_id, filters)
