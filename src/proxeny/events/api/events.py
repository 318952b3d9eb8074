"""Events: the list, one, a new one, and what it is called."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api._shapes import OrganisationRef, ParticipationOut, PartnershipRef
from proxeny.events.api._values import EventState, Words
from proxeny.events.models import Event
from proxeny.events.queries.agreeing import Proposal, list_proposals
from proxeny.events.queries.events import get_event, groups_of
from proxeny.events.queries.events import list_events as find_events
from proxeny.events.queries.next_step import next_step
from proxeny.events.queries.participants import own_participations
from proxeny.events.rules import can_organise
from proxeny.events.steps import Step
from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version, unsent
from proxeny.kernel.api.times import Day, Moment
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import Reader

Title = Annotated[str, Field(min_length=1, max_length=200)]
Summary = Annotated[str, Field(max_length=4000)]
Zone = Annotated[
    str, Field(min_length=1, max_length=60, description="A time zone, such as Europe/Athens.")
]
Fairness = Annotated[
    int | None,
    Field(
        ge=0,
        le=50,
        description=(
            "How many more idle gaps one participant may have than another. Null means any number."
        ),
    ),
]
Host = Annotated[
    Id | None,
    Field(
        description=(
            "The party that hosts the event. Null means that it is hosted jointly, or held online."
        )
    ),
]


class EventRow(Out):
    """An event in a list. `participants` counts those who have registered."""

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
    """A group and the number of its registered participants."""

    id: int
    name: str
    side: str
    organisation_id: int | None
    registered: int


class ProposalOut(Out):
    """A step that needs the agreement of all sides.

    Sign its text to agree, or close it to decline.
    """

    step: Literal[*Step.values]
    text_id: int
    text: str
    text_hash: str
    agreed: list[OrganisationRef]
    waits_for: list[OrganisationRef]


class EventOut(Out):
    """An event and what you can do with it. `fairness` is null unless you organise the event.

    `host_id` is the party that hosts the event; null means that it is hosted jointly, or held
    online. `proposals` are the steps that still need the agreement of a side; only organisers see
    them.
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
    proposals: list[ProposalOut]
    version: int


class EventFilters(In):
    """Filters for the list of events."""

    q: Words = ""
    partnership: Id | None = None
    state: EventState | None = None


class EventIn(In):
    """An event to create. Times are in its time zone."""

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
    """Changes to an event. Fields that are left out stay as they are."""

    title: Title = unsent()
    place: Title = unsent()
    host_id: Host = unsent()
    time_zone: Zone = unsent()
    starts_on: Day = unsent()
    ends_on: Day = unsent()
    deadline_at: Moment = unsent()
    summary: Summary = unsent()
    fairness: Fairness = unsent()


def show(request: Request, response: HttpResponse, event_id: int) -> EventOut:
    """Return an event as it is now, with its version as the ETag."""
    event = get_event(event_id)
    show_version(response, event.version)
    return _event_of(request.reader, event)


def _event_of(reader: Reader, event: Event) -> EventOut:
    organises = can_organise(reader, event)
    step = next_step(reader, event, now=timezone.now())
    kept = {
        name: getattr(event, name)
        for name in EventOut.model_fields
        if name not in ("organises", "fairness", "groups", "own", "next_step", "proposals")
    }
    groups: list[Any] = groups_of(event)
    own: list[Any] = own_participations(reader, event)
    return EventOut(
        **kept,
        organises=organises,
        fairness=event.fairness if organises else None,
        groups=groups,
        own=own,
        next_step=step.text if step else "",
        proposals=[_proposal(one) for one in list_proposals(reader, event)],
    )


def _proposal(one: Proposal) -> ProposalOut:
    agreement = one.text.agreement
    signed = (each.party.organisation for each in one.text.signatures if each.sign_off)
    return ProposalOut(
        step=one.step.value,
        text_id=agreement.pk,
        text=agreement.text,
        text_hash=agreement.text_hash,
        agreed=cast("Any", list(signed)),
        waits_for=cast("Any", [party.organisation for party in one.waits]),
    )


@router.get("", response=list[EventRow], summary="List events")
@in_pages()
def list_events(request: Request, filters: Query[EventFilters]) -> QuerySet[Event]:
    """Returns the events of your partnerships, newest first."""
    return find_events(
        today=timezone.now().date(),
        partnership_id=filters.partnership,
        state=filters.state or "",
        search=filters.q,
    )


@router.post("", response={201: EventOut}, summary="Create an event")
def create_event(request: Request, response: HttpResponse, facts: EventIn) -> Status[EventOut]:
    """Creates an event of a signed partnership as a draft that members don't see."""
    values = facts.model_dump(exclude={"partnership"})
    event = operations.create_event(
        actor=request.reader,
        partnership_id=facts.partnership,
        facts=operations.EventFacts(**values),
    )
    response["Location"] = f"{request.path}/{event.pk}"
    return Status(201, show(request, response, event.pk))


@router.get("/{event_id}", response=EventOut, summary="Get an event")
def show_event(request: Request, response: HttpResponse, event_id: Id) -> EventOut:
    """Returns the event and what you can do next."""
    return show(request, response, event_id)


@router.patch("/{event_id}", response=EventOut, summary="Update an event")
def update_event(
    request: Request,
    response: HttpResponse,
    event_id: Id,
    changes: EventPatch,
    if_match: IfMatch = None,
) -> EventOut:
    """Changes the title, place, host, days, request deadline and other facts of the event."""
    event = get_event(event_id)
    operations.update_event(
        actor=request.reader,
        event_id=event_id,
        version=match_version(if_match, event.version),
        facts=replace(operations.EventFacts.of(event), **changes.model_dump(exclude_unset=True)),
    )
    return show(request, response, event_id)
