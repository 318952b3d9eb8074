"""Events: the list, one, a new one, and what it is called."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api._shapes import ParticipationOut, PartnershipRef
from proxeny.events.api._values import EventState, Words
from proxeny.events.models import Event
from proxeny.events.queries.events import get_event, groups_of
from proxeny.events.queries.events import list_events as find_events
from proxeny.events.queries.next_step import next_step
from proxeny.events.queries.participants import own_participations
from proxeny.events.rules import can_organise
from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version, unsent
from proxeny.kernel.api.times import Day, Moment
from proxeny.kernel.tenancy import Reader

Title = Annotated[str, Field(min_length=1, max_length=200)]
Summary = Annotated[str, Field(max_length=4000)]
Zone = Annotated[str, Field(min_length=1, max_length=60, description="Like Europe/Athens.")]
Fairness = Annotated[
    int | None,
    Field(
        ge=0,
        le=50,
        description="How many more idle gaps one participant may have than another; null: any.",
    ),
]
Host = Annotated[
    Id | None,
    Field(description="A party that takes part in the partnership; null: together, or online."),
]


class EventRow(Out):
    """An event in a list; `participants` counts those who have registered."""

    id: int
    partnership: PartnershipRef
    title: str
    place: str
    time_zone: str
    starts_on: date
    ends_on: date
    deadline_at: datetime
    state: EventState
    participants: int


class EventGroup(Out):
    """A group with the number of its registered participants."""

    id: int
    name: str
    side: str
    organisation_id: int | None
    registered: int


class EventOut(Out):
    """An event with what the caller can do; `fairness` is null for who does not organise it.

    `host_id` is the party whose guests the others are; null: held together, or online.
    """

    id: int
    partnership: PartnershipRef
    title: str
    summary: str
    place: str
    host_id: int | None
    time_zone: str
    starts_on: date
    ends_on: date
    deadline_at: datetime
    state: EventState
    cancel_reason: str
    organises: bool
    fairness: int | None
    groups: list[EventGroup]
    own: list[ParticipationOut]
    next_step: str
    version: int


class EventFilters(In):
    """Which events to list."""

    q: Words = ""
    partnership: Id | None = None
    state: EventState | None = None


class EventIn(In):
    """A new event; times are told in its time zone."""

    partnership: Id
    title: Title
    place: Title
    host_id: Host = None
    time_zone: Zone
    starts_on: Day
    ends_on: Day
    deadline_at: Moment
    summary: Summary = ""
    fairness: Fairness = 2


class EventPatch(In):
    """What changes of an event; what is left out stays."""

    title: Title = unsent()
    place: Title = unsent()
    host_id: Host = unsent()
    time_zone: Zone = unsent()
    starts_on: Day = unsent()
    ends_on: Day = unsent()
    deadline_at: Moment = unsent()
    summary: Summary = unsent()
    fairness: Fairness = unsent()


def show(request: HttpRequest, response: HttpResponse, event_id: int) -> EventOut:
    """Return an event as it is now, its version as the ETag."""
    event = get_event(event_id)
    show_version(response, event.version)
    return _event_of(request.reader, event)


def _event_of(reader: Reader, event: Event) -> EventOut:
    organises = can_organise(reader, event)
    step = next_step(reader, event, now=timezone.now())
    kept = {
        name: getattr(event, name)
        for name in EventOut.model_fields
        if name not in ("organises", "fairness", "groups", "own", "next_step")
    }
    return EventOut(
        **kept,
        organises=organises,
        fairness=event.fairness if organises else None,
        groups=groups_of(event),
        own=own_participations(reader, event),
        next_step=step.text if step else "",
    )


@router.get("", response=list[EventRow], summary="List events")
@in_pages()
def list_events(request: HttpRequest, filters: Query[EventFilters]):
    """Events of the caller's partnerships, the newest first."""
    return find_events(
        today=timezone.now().date(),
        partnership_id=filters.partnership,
        state=filters.state or "",
        search=filters.q,
    )


@router.post("", response={201: EventOut}, summary="Begin an event")
def create_event(request: HttpRequest, response: HttpResponse, facts: EventIn):
    """Begin an event of a signed partnership, as a draft that members do not see."""
    values = facts.model_dump(exclude={"partnership"})
    event = operations.create_event(
        actor=request.reader,
        partnership_id=facts.partnership,
        facts=operations.EventFacts(**values),
    )
    response["Location"] = f"{request.path}/{event.pk}"
    return Status(201, show(request, response, event.pk))


@router.get("/{event_id}", response=EventOut, summary="Read an event")
def show_event(request: HttpRequest, response: HttpResponse, event_id: Id):
    """One event, and what the caller can do next."""
    return show(request, response, event_id)


@router.patch("/{event_id}", response=EventOut, summary="Change an event")
def update_event(
    request: HttpRequest,
    response: HttpResponse,
    event_id: Id,
    changes: EventPatch,
    if_match: IfMatch = None,
):
    """Change the event's name, place, host and days, and until when requests are taken."""
    event = get_event(event_id)
    operations.update_event(
        actor=request.reader,
        event_id=event_id,
        version=match_version(if_match, event.version),
        facts=replace(operations.EventFacts.of(event), **changes.model_dump(exclude_unset=True)),
    )
    return show(request, response, event_id)
