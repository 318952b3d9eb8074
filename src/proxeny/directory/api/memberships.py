"""Memberships of organisations in clusters: list, end, and undo of an end."""

from datetime import date

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from proxeny.directory import operations, queries
from proxeny.directory.api._router import router
from proxeny.directory.models import Membership
from proxeny.kernel.api import Id, In, Named, Out, in_pages
from proxeny.kernel.api.times import Day
from proxeny.kernel.requests import Request


class MembershipOut(Out):
    """An organisation's membership in a cluster for a given period."""

    id: int
    cluster: Named
    organisation: Named
    starts_on: date
    ends_on: date | None


class MembershipFilters(In):
    """Filters for a list of memberships."""

    organisation: Id | None = None
    cluster: Id | None = None


class EndIn(In):
    """The last day as a member, and the reason, which the cluster's managers can read."""

    on: Day
    why: str = Field("", max_length=500)


@router.get("/memberships", response=list[MembershipOut], summary="List memberships")
@in_pages("-id")
def list_memberships(request: Request, filters: Query[MembershipFilters]) -> QuerySet[Membership]:
    """Returns the memberships you may see, including ended ones."""
    return queries.list_memberships(
        organisation_id=filters.organisation, cluster_id=filters.cluster
    )


@router.get("/memberships/{membership_id}", response=MembershipOut, summary="Get a membership")
def show_membership(request: Request, membership_id: Id) -> Membership:
    """Returns the period in which an organisation is a member of a cluster."""
    return queries.get_membership(membership_id)


@router.post("/memberships/{membership_id}/end", response=MembershipOut, summary="End a membership")
def end_membership(request: Request, membership_id: Id, end: EndIn) -> Membership:
    """Ends it after the given day. Nothing changes until then."""
    operations.end_membership(
        actor=request.reader, membership_id=membership_id, on=end.on, why=end.why
    )
    return queries.get_membership(membership_id)


@router.post(
    "/memberships/{membership_id}/restore",
    response=MembershipOut,
    summary="Undo the end of a membership",
)
def restore_membership(request: Request, membership_id: Id) -> Membership:
    """It continues as if it had never ended."""
    operations.restore_membership(actor=request.reader, membership_id=membership_id)
    return queries.get_membership(membership_id)
