"""Outcomes of an event, for the managers of both clusters."""

from dataclasses import dataclass

from proxeny.events.models import AgendaEntry, Event, MeetingRequest, Participation
from proxeny.events.queries.agenda.board import get_event_for_staff
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import Meeting
from proxeny.meetings.queries import Chain, count_outcome


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """The chain of an event, from registration to agreement."""

    event: Event
    participants: int
    checked_in: int
    requests: int
    chain: Chain


def get_event_outcome(reader: Reader, event_id: int) -> EventOutcome:
    """Count an event's outcome chain; five queries.

    Raises
    ------
    NotFound, NotAllowed
        No such event; not of the two clusters.
    """
    event = get_event_for_staff(reader, event_id)
    people = Participation.objects.filter(event=event, state=Participation.State.REGISTERED)
    asked = MeetingRequest.objects.filter(event=event).exclude(kind=MeetingRequest.Kind.NO_THANKS)
    return EventOutcome(
        event=event,
        participants=people.count(),
        checked_in=people.exclude(checked_in_at=None).count(),
        requests=asked.count(),
        chain=count_outcome(Meeting.objects.filter(agenda_entry__event=event)),
    )


def meeting_ids(event_id: int) -> list[int]:
    """Return the ids of all meetings an event ever planned and did not discard."""
    return list(AgendaEntry.objects.filter(event_id=event_id).values_list("meeting_id", flat=True))
