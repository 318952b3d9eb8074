"""A single participation: registered, changed, withdrawn, checked in."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from django.utils import timezone
from pydantic import Field

from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api._shapes import EventRef, GroupRef, OrganisationRef
from proxeny.events.api._values import (
    Language,
    ParticipationState,
    ReasonIn,
    SlotNumber,
)
from proxeny.events.models import Participation
from proxeny.events.operations.participation import LANGUAGES, MAX_CAP
from proxeny.events.queries.participants import (
    get_own_participation,
    get_participation,
    prefill_of,
)
from proxeny.kernel.api import (
    Id,
    IfMatch,
    IfMatchWhereSent,
    In,
    Out,
    match_version,
    show_version,
    unsent,
)
from proxeny.kernel.requests import Request

Contact = Annotated[str, Field(min_length=1, max_length=150)]
Pitch = Annotated[str, Field(max_length=500)]
Languages = Annotated[list[Language], Field(min_length=1, max_length=len(LANGUAGES))]
Unavailable = Annotated[
    list[SlotNumber],
    Field(
        max_length=200, description="The numbers of the slots in which the participant is not free."
    ),
]
Cap = Annotated[
    int | None,
    Field(ge=1, le=MAX_CAP, description="The maximum number of meetings. Null means no limit."),
]


class RegistrationIn(In):
    """Who attends, their aims and languages, when they are free, and the maximum number of
    meetings.
    """

    contact: Contact
    languages: Languages
    pitch: Pitch = ""
    unavailable: Unavailable = []
    by_video: bool = False
    cap: Cap = None


class RegistrationPatch(In):
    """Changes to a registration. Fields that are left out stay as they are."""

    contact: Contact = unsent()
    languages: Languages = unsent()
    pitch: Pitch = unsent()
    unavailable: Unavailable = unsent()
    by_video: bool = unsent()
    cap: Cap = unsent()


class RegistrationOut(Out):
    """A participation as the people acting for it see it.

    `suggested_pitch` is drafted from the published needs if the organisation has not registered
    yet.
    """

    id: int
    event: EventRef
    organisation: OrganisationRef
    group: GroupRef
    state: ParticipationState
    contact: str
    languages: list[str]
    pitch: str
    unavailable: list[int]
    by_video: bool
    cap: int | None
    withdraw_reason: str
    suggested_pitch: str
    version: int


class HereIn(In):
    """Whether the participant has arrived."""

    is_here: bool = True


class HereOut(Out):
    """The time when a participant arrived. Null means not yet."""

    id: int
    organisation: OrganisationRef
    contact: str
    checked_in_at: datetime | None


@router.get(
    "/participations/{participation_id}", response=RegistrationOut, summary="Get a registration"
)
def show_participation(
    request: Request, response: HttpResponse, participation_id: Id
) -> RegistrationOut:
    """Returns a participation. Available to the organisation itself and its own cluster."""
    return _show(response, get_own_participation(request.reader, participation_id))


@router.patch(
    "/participations/{participation_id}", response=RegistrationOut, summary="Update a registration"
)
def update_registration(
    request: Request,
    response: HttpResponse,
    participation_id: Id,
    changes: RegistrationPatch,
    if_match: IfMatch = None,
) -> RegistrationOut:
    """Changes who attends, when and what for. The participant must be registered."""
    found = get_own_participation(request.reader, participation_id)
    sent = changes.model_dump(exclude_unset=True)
    operations.update_registration(
        actor=request.reader,
        participation_id=participation_id,
        version=match_version(if_match, found.version),
        registration=replace(operations.Registration.of(found), **sent),
        now=timezone.now(),
    )
    return _show(response, get_own_participation(request.reader, participation_id))


@router.post(
    "/participations/{participation_id}/register",
    response=RegistrationOut,
    summary="Register for an event",
)
def register_participant(
    request: Request,
    response: HttpResponse,
    participation_id: Id,
    registration: RegistrationIn,
    if_match: IfMatchWhereSent = None,
) -> RegistrationOut:
    """Accepts an invitation, also after a withdrawal. `If-Match` is checked if you send it."""
    found = get_own_participation(request.reader, participation_id)
    operations.register(
        actor=request.reader,
        participation_id=participation_id,
        version=match_version(if_match, found.version) if if_match else None,
        registration=operations.Registration(**registration.model_dump()),
        now=timezone.now(),
    )
    return _show(response, get_own_participation(request.reader, participation_id))


@router.post(
    "/participations/{participation_id}/withdraw",
    response=RegistrationOut,
    summary="Withdraw from an event",
)
def withdraw_participation(
    request: Request, response: HttpResponse, participation_id: Id, why: ReasonIn
) -> RegistrationOut:
    """Withdraws a participant.

    Their upcoming meetings are cancelled and the other participants notified.
    """
    operations.withdraw_participation(
        actor=request.reader,
        participation_id=participation_id,
        reason=why.reason,
        now=timezone.now(),
    )
    return _show(response, get_own_participation(request.reader, participation_id))


@router.post(
    "/participations/{participation_id}/check-in",
    response=HereOut,
    summary="Check in a participant",
)
def check_in_participant(
    request: Request, participation_id: Id, arrival: HereIn | None = None
) -> Participation:
    """Records that a registered participant has arrived, or undoes it.

    Available to all organisers.
    """
    return operations.check_in(
        actor=request.reader,
        event_id=get_participation(participation_id).event_id,
        participation_id=participation_id,
        is_here=arrival.is_here if arrival else True,
        now=timezone.now(),
    )


def _show(response: HttpResponse, found: Participation) -> RegistrationOut:
    show_version(response, found.version)
    is_new = found.state == Participation.State.INVITED
    kept = {
        name: getattr(found, name)
        for name in RegistrationOut.model_fields
        if name != "suggested_pitch"
    }
    return RegistrationOut(**kept, suggested_pitch=prefill_of(found) if is_new else "")
