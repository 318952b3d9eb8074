"""Bringing a cluster's members to an event."""

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api._shapes import OrganisationRef, ParticipationOut
from proxeny.events.api._values import Words
from proxeny.events.operations.invite import MAX_INVITED_AT_ONCE
from proxeny.events.queries.events import get_organised
from proxeny.events.queries.participants import invitable
from proxeny.kernel.api import Id, In, Out, in_pages


class InvitableFilters(In):
    """Which members to list."""

    q: Words = ""


class InviteIn(In):
    """Members to invite; `group` is by default the first that their cluster fills."""

    organisations: Annotated[list[Id], Field(min_length=1, max_length=MAX_INVITED_AT_ONCE)]
    group: Id | None = None


class RemindIn(In):
    """Whom to remind; null: all own members who have not answered."""

    participations: Annotated[list[Id], Field(max_length=5000)] | None = None


class RemindedOut(Out):
    """How many participants were reminded now."""

    reminded: int


@router.get(
    "/{event_id}/invitable", response=list[OrganisationRef], summary="List who is not asked"
)
@in_pages("sort_name", "pk")
def list_invitable_members(request: HttpRequest, event_id: Id, filters: Query[InvitableFilters]):
    """Members of the caller's cluster, and the cluster, that are not invited yet."""
    return invitable(request.reader, get_organised(request.reader, event_id), search=filters.q)


@router.post("/{event_id}/invite", response=list[ParticipationOut], summary="Invite members")
def invite_members(request: HttpRequest, event_id: Id, whom: InviteIn):
    """Invite members of the caller's cluster by mail; answers with those invited now."""
    return operations.invite_members(
        actor=request.reader,
        event_id=event_id,
        organisation_ids=whom.organisations,
        group_id=whom.group,
        now=timezone.now(),
    )


@router.post("/{event_id}/remind", response=RemindedOut, summary="Remind members")
def remind_participants(request: HttpRequest, event_id: Id, whom: RemindIn | None = None):
    """Ask again, once a day at most, own members who have not registered or marked anybody."""
    reminded = operations.remind_participants(
        actor=request.reader,
        event_id=event_id,
        participation_ids=whom.participations if whom else None,
        now=timezone.now(),
    )
    return RemindedOut(reminded=reminded)
