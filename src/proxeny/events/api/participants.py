"""Participants: the public list, and the responses that only organisers see."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from ninja import Query

from proxeny.events.api._router import router
from proxeny.events.api._shapes import GroupRef, OrganisationRef, ParticipantOut
from proxeny.events.api._values import ParticipationState, Words
from proxeny.events.models import Participation
from proxeny.events.queries.events import get_event, get_organised
from proxeny.events.queries.participants import count_arrivals, participants_of, with_listings
from proxeny.events.queries.requests import with_answers
from proxeny.kernel.api import Id, In, Out, in_pages
from proxeny.kernel.requests import Request


class ParticipantFilters(In):
    """Filters for the list of participants."""

    q: Words = ""
    group: Id | None = None
    sector: Words = ""


class AnswerFilters(ParticipantFilters):
    """Filters for the list of responses.

    `waiting` selects those who have not registered or have not requested a meeting.
    """

    state: ParticipationState | None = None
    waiting: bool | None = None


class AnswerOut(Out):
    """A participant as organisers see it, with counts of requests but never who made them."""

    id: int
    organisation: OrganisationRef
    group: GroupRef
    contact: str
    state: ParticipationState
    withdraw_reason: str
    by_video: bool
    checked_in_at: datetime | None
    is_waiting: bool
    given_must: int
    given_wish: int
    received_must: int
    received_wish: int


class ArrivalsOut(Out):
    """How many registered participants have arrived, and how many are expected."""

    here: int
    expected: int


@router.get("/{event_id}/participants", response=list[ParticipantOut], summary="List participants")
@in_pages("sort_name", "pk")
def list_participants(
    request: Request, event_id: Id, filters: Query[ParticipantFilters]
) -> QuerySet[Participation]:
    """Returns the registered participants, sorted by the name of the organisation, with their
    published offers and needs.
    """
    found = participants_of(
        get_event(event_id), search=filters.q, group_id=filters.group, sector=filters.sector
    )
    return with_listings(found)


@router.get("/{event_id}/answers", response=list[AnswerOut], summary="List responses")
@in_pages("sort_name", "pk")
def list_event_answers(
    request: Request, event_id: Id, filters: Query[AnswerFilters]
) -> QuerySet[Participation]:
    """Returns invited, registered and withdrawn participants with counts of requests.

    Available to organisers.
    """
    found = participants_of(
        get_organised(request.reader, event_id),
        state=filters.state or "",
        search=filters.q,
        group_id=filters.group,
        sector=filters.sector,
    )
    answered: QuerySet[Any] = with_answers(found)
    if filters.waiting is None:
        return answered
    return answered.filter(is_waiting=filters.waiting)


@router.get("/{event_id}/arrivals", response=ArrivalsOut, summary="Count arrivals")
def show_event_arrivals(request: Request, event_id: Id) -> ArrivalsOut:
    """Returns how many registered participants have arrived, and how many are expected.

    Available to organisers.
    """
    here, expected = count_arrivals(get_organised(request.reader, event_id))
    return ArrivalsOut(here=here, expected=expected)
