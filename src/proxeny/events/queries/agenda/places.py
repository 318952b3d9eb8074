"""Possible places for a meeting: every rule of the day applied to every slot and table."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.events.models import AgendaEntry, Event, Participation, Slot, Table
from proxeny.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Place:
    """A slot and a table that are free for two participants."""

    slot: Slot
    table: Table

    @property
    def key(self) -> str:
        """The value of the choice in forms."""
        return f"{self.slot.pk}-{self.table.pk}"

    @property
    def starts_at(self) -> datetime:
        """The start of the slot."""
        return self.slot.starts_at


def get_event(event_id: int) -> Event:
    """Return an event with its partnership, or raise `NotFound`."""
    event = Event.objects.select_related("partnership").filter(pk=event_id).first()
    if event is None:
        raise NotFound(_("We couldn’t find this event."))
    return event


def live_entries(event_id: int) -> QuerySet[AgendaEntry]:
    """Return the current entries of an event's agenda, with all names for a page."""
    return (
        AgendaEntry.objects.filter(event_id=event_id, is_live=True)
        .select_related(
            "meeting",
            "slot",
            "table",
            "first__organisation",
            "second__organisation",
            "first__group",
            "second__group",
        )
        .order_by("slot__number", "table__number")
    )


def get_entry(event_id: int, entry_id: int) -> AgendaEntry:
    """Return one current entry, or raise `NotFound`."""
    entry = live_entries(event_id).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound(_("We couldn’t find this meeting in this agenda."))
    return entry


def get_participation(event_id: int, participation_id: int) -> Participation:
    """Return a participation with organisation and group, or raise `NotFound`."""
    found = (
        Participation.objects.select_related("organisation", "group")
        .filter(pk=participation_id, event_id=event_id)
        .first()
    )
    if found is None:
        raise NotFound(_("We couldn’t find this participant."))
    return found


def list_slots(event_id: int) -> list[Slot]:
    """Return an event's slots in the order of time."""
    return list(Slot.objects.filter(event_id=event_id))


def list_tables(event_id: int) -> list[Table]:
    """Return an event's tables by number."""
    return list(Table.objects.filter(event_id=event_id))


def table_fits(table: Table, *people: Participation) -> bool:
    """Whether people can meet at a table: a participant by video needs a table with video."""
    return table.kind == Table.Kind.VIDEO or not any(person.by_video for person in people)


def find_places(
    event_id: int,
    first: Participation,
    second: Participation,
    *,
    ignoring: int | None = None,
) -> list[Place]:
    """Return where two participants could meet, in the order of time; three queries.

    Parameters
    ----------
    ignoring : int, optional
        An entry whose own place counts as free: the one to be moved.
    """
    live = AgendaEntry.objects.filter(event_id=event_id, is_live=True).exclude(pk=ignoring or 0)
    taken = set(live.values_list("slot_id", "table_id"))
    pair = (first.pk, second.pk)
    busy = set(
        live.filter(Q(first_id__in=pair) | Q(second_id__in=pair)).values_list("slot_id", flat=True)
    )
    away = set(first.unavailable) | set(second.unavailable)
    tables = [
        table
        for table in Table.objects.filter(event_id=event_id)
        if table_fits(table, first, second)
    ]
    return [
        Place(slot, table)
        for slot in Slot.objects.filter(event_id=event_id)
        if slot.pk not in busy and slot.number not in away
        for table in tables
        if (slot.pk, table.pk) not in taken and slot.number not in table.unavailable
    ]
