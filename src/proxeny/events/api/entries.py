"""Single meetings of the agenda: where they are, where they could be, locked, moved, added."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status

from proxeny.events.api._router import router
from proxeny.events.api._shapes import EntryOut, SlotOut, TableRef
from proxeny.events.api._values import ReasonIn, Words
from proxeny.events.models import AgendaEntry
from proxeny.events.operations import agenda, repair
from proxeny.events.queries.agenda import entries, places
from proxeny.events.queries.agenda.board import get_event_for_staff
from proxeny.events.queries.agenda.places import Place
from proxeny.events.queries.events import get_organised
from proxeny.kernel.api import Id, IfMatchWhereSent, In, Out, in_pages, match_version, show_version
from proxeny.kernel.requests import Request


class EntryFilters(In):
    """Filters for the list of meetings."""

    q: Words = ""
    participation: Id | None = None
    is_locked: bool | None = None


class PairFilters(In):
    """Two participants who could meet."""

    first: Id
    second: Id


class PlaceIn(In):
    """A slot and a table, by their ids."""

    slot: Id
    table: Id


class EntryIn(PlaceIn):
    """Two participants who will meet, and their place."""

    first: Id
    second: Id


class PlaceOut(Out):
    """A slot and a table that are free for both participants."""

    slot: SlotOut
    table: TableRef


@router.get("/{event_id}/agenda/entries", response=list[EntryOut], summary="List meetings")
@in_pages("position", "pk")
def list_agenda_entries(
    request: Request, event_id: Id, filters: Query[EntryFilters]
) -> QuerySet[AgendaEntry]:
    """Returns the scheduled meetings by time and table. Available to people of the two clusters."""
    return entries.list_entries(
        get_event_for_staff(request.reader, event_id),
        search=filters.q,
        participation_id=filters.participation,
        is_locked=filters.is_locked,
    )


@router.post("/{event_id}/agenda/entries", response={201: EntryOut}, summary="Add a meeting")
def add_agenda_entry(
    request: Request, response: HttpResponse, event_id: Id, wanted: EntryIn
) -> Status[AgendaEntry]:
    """Schedules a meeting of two participants manually and locks it in place."""
    entry = agenda.add_entry(
        actor=request.reader,
        event_id=event_id,
        first_id=wanted.first,
        second_id=wanted.second,
        slot_id=wanted.slot,
        table_id=wanted.table,
        now=timezone.now(),
    )
    response["Location"] = f"{request.path}/{entry.pk}"
    return Status(201, _show(response, event_id, entry.pk))


@router.get(
    "/{event_id}/agenda/places",
    response=list[PlaceOut],
    summary="List free places for two participants",
)
def list_agenda_places(request: Request, event_id: Id, pair: Query[PairFilters]) -> list[Place]:
    """Returns the slots and tables that are free for both participants. Available to organisers."""
    event = get_organised(request.reader, event_id)
    first = places.get_participation(event.pk, pair.first)
    second = places.get_participation(event.pk, pair.second)
    return places.find_places(event.pk, first, second)


@router.get(
    "/{event_id}/agenda/entries/{entry_id}", response=EntryOut, summary="Get a scheduled meeting"
)
def show_agenda_entry(
    request: Request, response: HttpResponse, event_id: Id, entry_id: Id
) -> AgendaEntry:
    """Returns the place of a scheduled meeting. Available to people of the two clusters."""
    event = get_event_for_staff(request.reader, event_id)
    return _show(response, event.pk, entry_id)


@router.get(
    "/{event_id}/agenda/entries/{entry_id}/places",
    response=list[PlaceOut],
    summary="List places a meeting can move to",
)
def list_agenda_entry_places(request: Request, event_id: Id, entry_id: Id) -> list[Place]:
    """Returns the slots and tables that are free for both participants, including the current
    place.

    Available to people of the two clusters.
    """
    event = get_event_for_staff(request.reader, event_id)
    entry = places.get_entry(event.pk, entry_id)
    return places.find_places(event.pk, entry.first, entry.second, ignoring=entry.pk)


@router.post(
    "/{event_id}/agenda/entries/{entry_id}/lock", response=EntryOut, summary="Lock a meeting"
)
def lock_agenda_entry(
    request: Request, response: HttpResponse, event_id: Id, entry_id: Id
) -> AgendaEntry:
    """Locks a meeting in place, so that the next run leaves it where it is."""
    agenda.lock_entry(actor=request.reader, event_id=event_id, entry_id=entry_id, is_locked=True)
    return _show(response, event_id, entry_id)


@router.post(
    "/{event_id}/agenda/entries/{entry_id}/unlock", response=EntryOut, summary="Unlock a meeting"
)
def unlock_agenda_entry(
    request: Request, response: HttpResponse, event_id: Id, entry_id: Id
) -> AgendaEntry:
    """Unlocks a meeting, so that the next run may move it."""
    agenda.lock_entry(actor=request.reader, event_id=event_id, entry_id=entry_id, is_locked=False)
    return _show(response, event_id, entry_id)


@router.post(
    "/{event_id}/agenda/entries/{entry_id}/move", response=EntryOut, summary="Move a meeting"
)
def move_agenda_entry(
    request: Request,
    response: HttpResponse,
    event_id: Id,
    entry_id: Id,
    place: PlaceIn,
    if_match: IfMatchWhereSent = None,
) -> AgendaEntry:
    """Moves a meeting to another free place and locks it there.

    `If-Match` is checked if you send it.
    """
    version = None
    if if_match is not None:
        get_organised(request.reader, event_id)
        version = match_version(if_match, places.get_entry(event_id, entry_id).meeting.sequence)
    agenda.move_entry(
        actor=request.reader,
        event_id=event_id,
        entry_id=entry_id,
        slot_id=place.slot,
        table_id=place.table,
        now=timezone.now(),
        version=version,
    )
    return _show(response, event_id, entry_id)


@router.post(
    "/{event_id}/agenda/entries/{entry_id}/cancel",
    response={204: None},
    summary="Cancel a meeting",
)
def cancel_agenda_entry(
    request: Request, event_id: Id, entry_id: Id, why: ReasonIn
) -> Status[None]:
    """Cancels a meeting as an organiser. Only its two participants are notified."""
    repair.cancel_meeting(
        actor=request.reader,
        event_id=event_id,
        entry_id=entry_id,
        reason=why.reason,
        now=timezone.now(),
    )
    return Status(204, None)


@router.post(
    "/{event_id}/agenda/entries/{entry_id}/withdraw",
    response={204: None},
    summary="Withdraw from a meeting",
)
def withdraw_from_agenda_entry(
    request: Request, event_id: Id, entry_id: Id, why: ReasonIn
) -> Status[None]:
    """Cancels one of your own meetings as a participant. The other side is notified."""
    repair.withdraw_from_meeting(
        actor=request.reader,
        event_id=event_id,
        entry_id=entry_id,
        reason=why.reason,
        now=timezone.now(),
    )
    return Status(204, None)


def _show(response: HttpResponse, event_id: int, entry_id: int) -> AgendaEntry:
    entry = places.get_entry(event_id, entry_id)
    # The calendar's sequence rises with each change of time or place, and with nothing else.
    show_version(response, entry.meeting.sequence)
    return entry
