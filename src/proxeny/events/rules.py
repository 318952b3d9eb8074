"""Rules on events, participations and requests. The database has the last word."""

from collections.abc import Mapping
from datetime import datetime

from proxeny.directory.models import Organisation
from proxeny.events.models import Event, MeetingRequest, Participation
from proxeny.kernel.tenancy import Reader

#: More than five "must" marks say nothing: nobody could tell the organiser which ones count.
MUST_LIMIT = 5
#: From so many must and wish marks on, an agenda can nearly always be filled.
GOOD_LIST = 8

State = Event.State
#: States in which participants may still be added and state their availability.
GATHERING = (State.DRAFT, State.OPEN)
#: States in which the event is still ahead or going on.
LIVE = (State.DRAFT, State.OPEN, State.CLOSED, State.PROVISIONAL, State.PUBLISHED)
#: Tones of an event’s state.
TONES = {
    State.OPEN: "info",
    State.PROVISIONAL: "warn",
    State.PUBLISHED: "ok",
    State.CANCELLED: "bad",
}

type Directions = Mapping[tuple[int, int], bool]


def can_organise(reader: Reader, event: Event) -> bool:
    """Managers of each party to the event's partnership run it together."""
    return event.partnership_id in reader.steered


def can_invite(reader: Reader, organisation: Organisation) -> bool:
    """Whether the reader's cluster may invite an organisation: its own members, and itself."""
    return organisation.pk in reader.managed or organisation.steward_id in reader.managed


def can_act_for(reader: Reader, participation: Participation) -> bool:
    """People of the organisation, and the managers of the cluster that looks after it.

    Reads `participation.organisation`.
    """
    return participation.organisation_id in reader.organisations or (
        participation.organisation.steward_id in reader.managed
    )


def may_ask(directions: Directions, source_group: int, target_group: int) -> bool:
    """Whether members of one group may ask for those of another; without a rule they may."""
    return directions.get((source_group, target_group), True)


def allowed_kinds(directions: Directions, source_group: int, target_group: int) -> tuple[str, ...]:
    """Return the kinds of request that members of one group may make of another.

    A group that may be asked, without asking back, may still refuse.
    """
    if directions.get((source_group, target_group), True):
        return tuple(MeetingRequest.Kind.values)
    if directions.get((target_group, source_group), True):
        return (str(MeetingRequest.Kind.NO_THANKS),)
    return ()


def takes_requests(event: Event, now: datetime) -> bool:
    """Whether marks may be set now."""
    return event.state == State.OPEN and now <= event.deadline_at


def can_register_now(reader: Reader, event: Event) -> bool:
    """Whether the reader can register: until requests close, organisers until publication."""
    if event.state in GATHERING:
        return event.state == State.OPEN or can_organise(reader, event)
    return event.state in (State.CLOSED, State.PROVISIONAL) and can_organise(reader, event)
