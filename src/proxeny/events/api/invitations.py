"""Invitations of a cluster's members to an event."""

from typing import Annotated

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query
from pydantic import Field

from proxeny.directory.models import Organisation
from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api._shapes import OrganisationRef, ParticipationOut
from proxeny.events.api._values import Words
from proxeny.events.models import Participation
from proxeny.events.operations.invite import MAX_INVITED_AT_ONCE
from proxeny.events.queries.events import get_organised
from proxeny.events.queries.participants import invitable
from proxeny.kernel.api import Id, In, Out, in_pages
from proxeny.kernel.requests import Request


class InvitableFilters(In):
    """Filters for the list of members."""

    q: Words = ""


class InviteIn(In):
    """Members to invite. `group` defaults to the first group of their cluster."""

    organisations: Annotated[list[Id], Field(min_length=1, max_length=MAX_INVITED_AT_ONCE)]
    group: Id | None = None


class RemindIn(In):
    """Participants to remind. Null means all of your own members who have not answered."""

    participations: Annotated[list[Id], Field(max_length=5000)] | None = None


class RemindedOut(Out):
    """The number of participants who were reminded."""

    reminded: int


@router.get(
    "/{event_id}/invitable", response=list[OrganisationRef], summary="List members to invite"
)
@in_pages("sort_name", "pk")
def list_invitable_members(
    request: Request, event_id: Id, filters: Query[InvitableFilters]
) -> QuerySet[Organisation]:
    """Returns the members of your cluster, and the cluster itself, if they are not invited yet."""
    return invitable(request.reader, get_organised(request.reader, event_id), search=filters.q)


@router.post("/{event_id}/invite", response=list[ParticipationOut], summary="Invite members")
def invite_members(request: Request, event_id: Id, whom: InviteIn) -> list[Participation]:
    """Invites members of your cluster by email, and returns those who were invited."""
    return operations.invite_members(
        actor=request.reader,
        event_id=event_id,
        organisation_ids=whom.organisations,
        group_id=whom.group,
        now=timezone.now(),
    )


@router.post("/{event_id}/remind", response=RemindedOut, summary="Send reminders")
def remind_participants(
    request: Request, event_id: Id, whom: RemindIn | None = None
) -> RemindedOut:
    """Reminds your own members who have not registered or have not requested a meeting yet, at most
    once a day.
    """
    reminded = operations.remind_participants(
        actor=request.reader,
        event_id=event_id,
        participation_ids=whom.participations if whom else None,
        now=timezone.now(),
    )
    return RemindedOut(reminded=reminded)
