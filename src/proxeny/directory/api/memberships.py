"""Memberships: who is a member of which cluster, an end, and taking it back."""

from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from proxeny.directory import operations, queries
from proxeny.directory.api._router import router
from proxeny.directory.models import Membership
from proxeny.kernel.api import Id, In, Named, Out, in_pages
from proxeny.kernel.api.times import Day


class MembershipOut(Out):
    """An organisation's membership in a cluster, from a day to a day."""

    id: int
    cluster: Named
    organisation: Named
    starts_on: date
    ends_on: date | None


class MembershipFilters(In):
    """Which memberships to list."""

    organisation: Id | None = None
    cluster: Id | None = None


class EndIn(In):
    """The last day as a member, and why; the managers of the cluster can read it."""

    on: Day
    why: str = Field("", max_length=500)


@router.get("/memberships", response=list[MembershipOut], summary="Memberships")
@in_pages("-id")
def list_memberships(
    request: HttpRequest, filters: Query[MembershipFilters]
) -> QuerySet[Membership]:
    """Memberships that the caller may see, ended ones included."""
    return queries.list_memberships(
        organisation_id=filters.organisation, cluster_id=filters.cluster
    )


@router.get("/memberships/{membership_id}", response=MembershipOut, summary="A membership")
def show_membership(request: HttpRequest, membership_id: Id) -> Membership:
    """From when to when an organisation is a member of a cluster."""
    return queries.get_membership(membership_id)


@router.post("/memberships/{membership_id}/end", response=MembershipOut, summary="End a membership")
def end_membership(request: HttpRequest, membership_id: Id, end: EndIn) -> Membership:
    """After a day; until then all stays as it is."""
    operations.end_membership(
        actor=request.reader, membership_id=membership_id, on=end.on, why=end.why
    )
    return queries.get_membership(membership_id)


@router.post(
    "/memberships/{membership_id}/restore",
    response=MembershipOut,
    summary="Take the end of a membership back",
)
def restore_membership(request: HttpRequest, membership_id: Id) -> Membership:
    """It goes on as if it had not been ended."""
    operations.restore_membership(actor=request.reader, membership_id=membership_id)
    return queries.get_membership(membership_id)
