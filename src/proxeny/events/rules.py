"""What may be done with an event, a participation and a request. The database has the last word."""

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
#: States in which people may still be brought in and say when they are free.
GATHERING = (State.DRAFT, State.OPEN)
#: States in which the event is still ahead or going on.
LIVE = (State.DRAFT, State.OPEN, State.CLOSED, State.PROVISIONAL, State.PUBLISHED)

type Directions = Mapping[tuple[int, int], bool]


def can_organise(reader: Reader, event: Event) -> bool:
    """Managers of each party to the event's partnership run it together."""
    return event.partnership_id in reader.steered


def can_invite(reader: Reader, organisation: Organisation) -> bool:
    """A cluster brings its own members, and itself."""
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
    """Return what one may say of another.

    Who may be asked by somebody, without asking back, may still say no.
    """
    if may_ask(directions, source_group, target_group):
        return tuple(MeetingRequest.Kind.values)
    if may_ask(directions, target_group, source_group):
        return (str(MeetingRequest.Kind.NO_THANKS),)
    return ()


def takes_requests(event: Event, now: datetime) -> bool:
    """Whether marks may be set now."""
    return event.state == State.OPEN and now <= event.deadline_at


def can_register_now(reader: Reader, event: Event) -> bool:
    """Until requests close; organisers may bring in late ones until the agenda is published."""
    if event.state in GATHERING:
        return event.state == State.OPEN or can_organise(reader, event)
    return event.state in (State.CLOSED, State.PROVISIONAL) and can_organise(reader, event)
