"""What several of the events' routes answer with, and how it is made of what queries return."""

from datetime import datetime
from typing import Any

from proxeny.events.api._values import EventState, ParticipationState, TableKind
from proxeny.events.models import AgendaEntry, Participation
from proxeny.kernel.api import Out


class OrganisationRef(Out):
    """An organisation, as lists name it."""

    id: int
    name: str
    country: str


class OrganisationOut(OrganisationRef):
    """An organisation with where it is and what it does."""

    city: str
    sectors: list[str]


class PartnershipRef(Out):
    """The partnership an event belongs to."""

    id: int
    title: str


class EventRef(Out):
    """An event, as other records name it."""

    id: int
    title: str
    state: EventState


class GroupRef(Out):
    """A group of participants; `side` is the party's letter, empty for mixed groups."""

    id: int
    name: str
    side: str


class SlotOut(Out):
    """A meeting slot; `session` counts half-days."""

    id: int
    number: int
    session: int
    starts_at: datetime
    ends_at: datetime


class TableRef(Out):
    """A table or video room."""

    id: int
    number: int
    name: str
    kind: TableKind


class ListingRef(Out):
    """A published offer or need."""

    id: int
    direction: str
    title: str


class ParticipantRef(Out):
    """Who takes part, as an agenda names it."""

    id: int
    organisation: OrganisationRef
    contact: str


class ParticipantOut(ParticipantRef):
    """Who takes part, as everybody at the event sees it."""

    organisation: OrganisationOut
    group: GroupRef
    pitch: str
    languages: list[str]
    listings: list[ListingRef]

    @staticmethod
    def resolve_listings(found: Participation) -> Any:
        """The query has loaded the published ones along."""
        return found.organisation.shown


class ParticipationOut(Out):
    """An organisation's participation, with how it stands."""

    id: int
    organisation: OrganisationRef
    state: ParticipationState


class EntryOut(Out):
    """A meeting's place in the agenda. A locked one stays where it is in the next run."""

    id: int
    slot: SlotOut
    table: TableRef
    first: ParticipantRef
    second: ParticipantRef
    is_locked: bool
    meeting_id: int
    meeting_state: str

    @staticmethod
    def resolve_meeting_state(entry: AgendaEntry) -> str:
        """Draft and provisional meetings may still change."""
        return entry.meeting.state
