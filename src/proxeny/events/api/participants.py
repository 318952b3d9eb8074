"""Who takes part: what everybody sees, and what organisers see of the answers."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Query

from proxeny.events.api._router import router
from proxeny.events.api._shapes import GroupRef, OrganisationRef, ParticipantOut
from proxeny.events.api._values import ParticipationState, Words
from proxeny.events.queries.events import get_event, get_organised
from proxeny.events.queries.participants import count_arrivals, participants_of, with_listings
from proxeny.events.queries.requests import with_answers
from proxeny.kernel.api import Id, In, Out, in_pages


class ParticipantFilters(In):
    """Which participants to list."""

    q: Words = ""
    group: Id | None = None
    sector: Words = ""


class AnswerFilters(ParticipantFilters):
    """Which participants to list; `waiting`: who has not registered, or has marked nobody."""

    state: ParticipationState | None = None
    waiting: bool | None = None


class AnswerOut(Out):
    """What organisers see of a participant: counts of marks, and never whose they are."""

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
    """How many registered participants are here, of how many."""

    here: int
    expected: int


@router.get("/{event_id}/participants", response=list[ParticipantOut], summary="List participants")
@in_pages("sort_name", "pk")
def list_participants(request: HttpRequest, event_id: Id, filters: Query[ParticipantFilters]):
    """Who has registered, by the organisations' names, with published offers and needs."""
    found = participants_of(
        get_event(event_id), search=filters.q, group_id=filters.group, sector=filters.sector
    )
    return with_listings(found)


@router.get("/{event_id}/answers", response=list[AnswerOut], summary="List answers")
@in_pages("sort_name", "pk")
def list_event_answers(request: HttpRequest, event_id: Id, filters: Query[AnswerFilters]):
    """Invited, registered and withdrawn participants with counts of marks, for organisers."""
    found = participants_of(
        get_organised(request.reader, event_id),
        state=filters.state or "",
        search=filters.q,
        group_id=filters.group,
        sector=filters.sector,
    )
    found = with_answers(found)
    return found if filters.waiting is None else found.filter(is_waiting=filters.waiting)


@router.get("/{event_id}/arrivals", response=ArrivalsOut, summary="Count arrivals")
def show_event_arrivals(request: HttpRequest, event_id: Id):
    """How many registered participants are here, of how many; for organisers."""
    here, expected = count_arrivals(get_organised(request.reader, event_id))
    return ArrivalsOut(here=here, expected=expected)
