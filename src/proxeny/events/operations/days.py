"""Times and places for meetings: days cut into slots, and tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.events.models import AgendaEntry, Event, Participation, Slot, Table
from proxeny.events.operations._guards import lock_event, refuse_state
from proxeny.events.operations.agreeing import void_stale
from proxeny.events.times import Cut, Day, check_within, cut_days, write_days
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import load_zone

MAX_TABLES = 200
_CHANGEABLE = (
    Event.State.DRAFT,
    Event.State.OPEN,
    Event.State.CLOSED,
    Event.State.PROVISIONAL,
)


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table or video room, in the order in which they are numbered."""

    name: str
    kind: str = Table.Kind.ONSITE


@transaction.atomic
def set_days(
    *,
    actor: Reader,
    event_id: int,
    days: Sequence[Day],
    accept_loss: bool = False,
    version: int | None = None,
) -> list[Slot]:
    """Cut the event's days into slots, in place of those there were.

    Parameters
    ----------
    days : sequence of Day
        One for each day with meetings, within the event's first and last day.
    accept_loss : bool
        Go on although participants have said when they are free. What they said is kept where a
        new slot overlaps an old one; new times count as free.
    version : int, optional
        The event's version that the change was made from.

    Returns
    -------
    list of Slot
        In the order of time, numbered from 1. The same days again change nothing.

    Raises
    ------
    NotFound, NotAllowed
        See `lock_event`.
    InvalidInput
        A sentence that names the day and what is wrong.
    Conflict
        Meetings lie in the slots, or people have answered and `accept_loss` is not given; the
        sentence says what would be lost. Also when `version` is old.
    """
    event = lock_event(actor, event_id, version=version)
    refuse_state(event, *_CHANGEABLE)
    check_within(days, event.starts_on, event.ends_on)
    cuts = cut_days(days, load_zone(event.time_zone))
    old = list(event.slots.all())
    if _times(old) == _times(cuts):
        Event.objects.filter(pk=event.pk).update(days=write_days(days))
        return old
    _refuse_loss(event, bool(old), accept_loss)
    slots = write_slots(event, cuts)
    event.days = write_days(days)
    event.version += 1
    event.save(update_fields=["days", "version"])
    void_stale(event)
    audit.record(
        actor,
        "set_days",
        event,
        partnership_id=event.partnership_id,
        changes={"slots": [len(old), len(slots)]},
    )
    return slots


def write_slots(event: Event, cuts: Sequence[Cut]) -> list[Slot]:
    """Replace the event's slots; what people said of their time moves to the slots it overlaps."""
    old = list(event.slots.all())
    event.slots.all().delete()
    slots = Slot.objects.bulk_create(
        Slot(
            event=event,
            number=number,
            session=cut.session,
            starts_at=cut.starts_at,
            ends_at=cut.ends_at,
        )
        for number, cut in enumerate(cuts, 1)
    )
    _carry_over(event, old, slots)
    # A form being filled in right now is out of date: slot numbers mean new times.
    event.participations.update(version=F("version") + 1)
    return slots


@transaction.atomic
def set_tables(
    *, actor: Reader, event_id: int, tables: Sequence[NewTable], version: int | None = None
) -> list[Table]:
    """Say which tables and video rooms there are; the n-th of the list is number n.

    `version` is the event's that the change was made from; the change raises it.

    Raises
    ------
    NotFound, NotAllowed
        See `lock_event`.
    InvalidInput
        No table, too many, or a name that is missing, too long or given twice.
    Conflict
        The agenda places meetings at a table that would go, or would become a video room; or
        `version` is old.
    """
    event = lock_event(actor, event_id, version=version)
    refuse_state(event, *_CHANGEABLE)
    _check_tables(tables)
    kept = {table.number: table for table in event.tables.all()}
    _refuse_taken(event, kept, tables)
    for number, table in enumerate(tables, 1):
        Table.objects.update_or_create(
            event=event, number=number, defaults={"name": table.name.strip(), "kind": table.kind}
        )
    event.tables.filter(number__gt=len(tables)).delete()
    event.version += 1
    event.save(update_fields=["version"])
    void_stale(event)
    audit.record(
        actor,
        "set_tables",
        event,
        partnership_id=event.partnership_id,
        changes={"tables": [len(kept), len(tables)]},
    )
    return list(event.tables.all())


def _times(rows: Sequence[Slot] | Sequence[Cut]) -> list[tuple[datetime, datetime, int]]:
    return [(row.starts_at, row.ends_at, row.session) for row in rows]


def _refuse_loss(event: Event, had_slots: bool, accept_loss: bool) -> None:
    placed = AgendaEntry.objects.filter(event=event).count()
    if placed:
        raise Conflict(
            ngettext(
                "The agenda has %(count)d meeting in these slots, which would be lost if the "
                "days changed. Discard the agenda first.",
                "The agenda has %(count)d meetings in these slots, which would be lost if the "
                "days changed. Discard the agenda first.",
                placed,
            )
            % {"count": placed}
        )
    told = event.participations.filter(state=Participation.State.REGISTERED).count()
    if had_slots and told and not accept_loss:
        raise Conflict(
            ngettext(
                "%(count)d participant has set their availability. It’s kept where a new slot "
                "overlaps an old one; at other times, they count as free. Confirm to continue.",
                "%(count)d participants have set their availability. It’s kept where a new slot "
                "overlaps an old one; at other times, they count as free. Confirm to continue.",
                told,
            )
            % {"count": told},
            field="accept_loss",
        )


def _carry_over(event: Event, old: Sequence[Slot], new: Sequence[Slot]) -> None:
    by_number = {slot.number: slot for slot in old}
    changed = []
    for one in event.participations.exclude(unavailable=[]):
        gone = [by_number[number] for number in one.unavailable if number in by_number]
        one.unavailable = [
            slot.number
            for slot in new
            if any(slot.starts_at < off.ends_at and slot.ends_at > off.starts_at for off in gone)
        ]
        changed.append(one)
    Participation.objects.bulk_update(changed, ["unavailable"])


def _check_tables(tables: Sequence[NewTable]) -> None:
    if not tables:
        raise InvalidInput(_("Add at least one table or video room."), field="tables")
    if len(tables) > MAX_TABLES:
        raise InvalidInput(
            _("You can have up to %(most)d tables.") % {"most": MAX_TABLES}, field="tables"
        )
    names = [table.name.strip() for table in tables]
    for name in names:
        if not name or len(name) > 60:
            raise InvalidInput(_("Each table needs a name of up to 60 characters."), field="tables")
        if names.count(name) > 1:
            raise InvalidInput(
                _("Two tables are called “%(name)s”. Give them different names.") % {"name": name},
                field="tables",
            )
    if any(table.kind not in Table.Kind.values for table in tables):
        raise InvalidInput(_("A table must be either on site or a video room."), field="tables")


def _refuse_taken(event: Event, kept: dict[int, Table], tables: Sequence[NewTable]) -> None:
    wanted = dict(enumerate(tables, 1))
    lost = [
        table
        for number, table in kept.items()
        if number not in wanted or wanted[number].kind != table.kind
    ]
    taken = AgendaEntry.objects.filter(event=event, table__in=lost).count() if lost else 0
    if taken:
        raise Conflict(
            ngettext(
                "The agenda has %(count)d meeting at tables that would be removed (%(names)s). "
                "Move it or discard the agenda first.",
                "The agenda has %(count)d meetings at tables that would be removed (%(names)s). "
                "Move them or discard the agenda first.",
                taken,
            )
            % {"count": taken, "names": ", ".join(table.name for table in lost)}
        )
