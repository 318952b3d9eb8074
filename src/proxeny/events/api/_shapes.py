"""Response schemas shared by several event routes, and how queries fill them."""

from datetime import datetime
from typing import Any

from proxeny.events.api._values import EventState, ParticipationState, TableKind
from proxeny.events.models import AgendaEntry, Participation
from proxeny.kernel.api import Out


class OrganisationRef(Out):
    """An organisation in a list."""

    id: int
    name: str
    country: str


class OrganisationOut(OrganisationRef):
    """An organisation with its city and sectors."""

    city: str
    sectors: list[str]


class PartnershipRef(Out):
    """The partnership that an event belongs to."""

    id: int
    title: str


class EventRef(Out):
    """An event that another record refers to."""

    id: int
    title: str
    state: EventState


class GroupRef(Out):
    """A group of participants. `side` is the letter of the party, and empty for mixed groups."""

    id: int
    name: str
    side: str


class SlotOut(Out):
    """A meeting slot. `session` counts half-days."""

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
    """A participant in an agenda."""

    id: int
    organisation: OrganisationRef
    contact: str


class ParticipantOut(ParticipantRef):
    """A participant as everyone at the event sees it."""

    organisation: OrganisationOut
    group: GroupRef
    pitch: str
    languages: list[str]
    listings: list[ListingRef]

    @staticmethod
    def resolve_listings(found: Participation) -> Any:
        """Return the published ones, which the query has loaded along."""
        organisation: Any = found.organisation
        return organisation.shown


class ParticipationOut(Out):
    """An organisation's participation and its state."""

    id: int
    organisation: OrganisationRef
    state: ParticipationState


class EntryOut(Out):
    """The place of a meeting in the agenda. The next run leaves a locked meeting where it is."""

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
        """Return the state: draft and provisional meetings may still change."""
        return entry.meeting.state
