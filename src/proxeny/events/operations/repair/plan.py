"""Repair an agenda after a cancellation, a no-show or a lost table, moving few meetings.

A repair is proposed first (`plan_repair`), with its moves and the people to notify, and applied
exactly as proposed (`apply_repair`): the proposal travels as a signed text and fits only the agenda
it was made for.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from proxeny.engine import agenda as engine
from proxeny.engine.agenda.repair import repair
from proxeny.events.models import AgendaEntry, Event, Participation, Slot, Table
from proxeny.events.operations.agenda.edit import lock_agenda
from proxeny.events.operations.agenda.problem import (
    engine_participant,
    engine_slots,
    engine_tables,
)
from proxeny.events.operations.agenda.store import place_words
from proxeny.events.operations.notifications import tell_change
from proxeny.events.operations.publish import Change, tell_changes
from proxeny.events.operations.repair.cancel import call_off
from proxeny.events.queries.agenda.places import live_entries
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.operations import NewPlace, move_meetings

_SALT = "proxeny.events.repair"
_TOKEN_AGE_S = 3600


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Disruption of an agenda: one of participant and table. Slots by their number, from 1.

    Attributes
    ----------
    participation_id : int, optional
        The participant who is absent, or late.
    table_id : int, optional
        The table that is no longer available.
    from_slot : int
        The first slot that is still ahead; nothing before it changes.
    back_at : int, optional
        The first slot at which the participant is back; None: absent for the rest.
    """

    participation_id: int | None = None
    table_id: int | None = None
    from_slot: int = 1
    back_at: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A meeting that moves, with where it goes."""

    entry: AgendaEntry
    slot: Slot
    table: Table


@dataclass(frozen=True, slots=True)
class RepairPlan:
    """Proposal of a repair: moves, cancellations, and the participants to notify.

    `is_proved` says that no repair moves fewer meetings without losing one. `told` holds the
    participants of the meetings concerned. `token` is what `apply_repair` takes.
    """

    disturbance: Disturbance
    moves: tuple[Move, ...]
    cancelled: tuple[AgendaEntry, ...]
    dropped: tuple[AgendaEntry, ...]
    told: tuple[Participation, ...]
    is_proved: bool
    unchanged: int
    token: str

    @property
    def changes_nothing(self) -> bool:
        """Whether no meeting is concerned."""
        return not (self.moves or self.cancelled or self.dropped)


@transaction.atomic
def plan_repair(
    *,
    actor: Reader,
    event_id: int,
    disturbance: Disturbance,
    time_limit_s: float = 3.0,
    seed: int = 0,
) -> RepairPlan:
    """Propose a repair that loses as little and moves as few meetings as possible.

    Side effects: none. Takes up to `time_limit_s` seconds.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        No such event; not a manager; the agenda cannot be changed now.
    InvalidInput
        The disturbance names no participant or table of the event, or both.
    """
    event = lock_agenda(actor, event_id)
    if disturbance.participation_id is not None and disturbance.table_id is not None:
        raise InvalidInput(_("Choose who isn’t coming or which table is unavailable."))
    entries = tuple(live_entries(event.pk))
    return _propose(event, entries, disturbance, time_limit_s, seed)


@transaction.atomic
def apply_repair(*, actor: Reader, event_id: int, token: str, reason: str, now: datetime) -> int:
    """Carry a proposal out; return how many meetings changed.

    Side effects: meetings move or are called off; the participant or table is noted as not
    available from then on; the participants of these meetings, and nobody else, get one mail
    each; audit rows; the other sides are told.

    Raises
    ------
    NotFound, NotAllowed
        No such event; not a manager.
    Conflict
        The agenda changed since the proposal, or the proposal is too old.
    """
    event = lock_agenda(actor, event_id)
    plan = _open_token(event, token)
    entries = {entry.pk: entry for entry in live_entries(event.pk)}
    if plan["state"] != _fingerprint(entries.values()):
        raise Conflict(
            _(
                "The agenda has changed since this proposal was made. Here’s a new one based on "
                "the current agenda."
            )
        )
    disturbance = Disturbance(**plan["disturbance"])
    _note_absence(event, disturbance)
    off = [entries[pk] for pk in plan["off"]]
    changes = call_off(actor, off, reason, now)
    changes += _move(actor, event, entries, plan["moves"], reason, now)
    audit.record(
        actor,
        "repair_agenda",
        event,
        partnership_id=event.partnership_id,
        why=reason,
        changes={"moved": len(plan["moves"]), "called_off": len(off), **plan["disturbance"]},
    )
    tell_changes(event, changes, now=now, reason=reason)
    tell_change(
        "repaired", actor=actor, event=event, today=now.date(), key=f"{now.isoformat()}", why=reason
    )
    return len(changes)


@transaction.atomic
def report_no_show(
    *,
    actor: Reader,
    event_id: int,
    participation_id: int,
    now: datetime,
    from_slot: int = 1,
    reason: str = "",
) -> RepairPlan:
    """Plan and apply at once: a participant does not come (any more, from `from_slot` on)."""
    disturbance = Disturbance(participation_id=participation_id, from_slot=from_slot)
    plan = plan_repair(actor=actor, event_id=event_id, disturbance=disturbance)
    apply_repair(actor=actor, event_id=event_id, token=plan.token, reason=reason, now=now)
    return plan


def _propose(
    event: Event,
    entries: tuple[AgendaEntry, ...],
    disturbance: Disturbance,
    time_limit_s: float,
    seed: int,
) -> RepairPlan:
    people = tuple(
        Participation.objects.filter(event=event)
        .filter(Q(pk__in=[e.first_id for e in entries]) | Q(pk__in=[e.second_id for e in entries]))
        .order_by("pk")
    )
    slots, tables = tuple(event.slots.all()), tuple(event.tables.all())
    result = repair(
        _problem(event, entries, people, slots, tables),
        tuple(
            engine.Placed(index, _index(slots, entry.slot_id), _index(tables, entry.table_id))
            for index, entry in enumerate(entries)
        ),
        **_engine_words(disturbance, people, slots, tables),
        time_limit_s=time_limit_s,
        seed=seed,
    )
    moves = tuple(
        Move(entries[one.meeting], slots[one.to_slot], tables[one.to_table]) for one in result.moved
    )
    cancelled = tuple(entries[index] for index in result.cancelled)
    dropped = tuple(entries[one.meeting] for one in result.dropped)
    concerned = [*(move.entry for move in moves), *cancelled, *dropped]
    told = {one.pk: one for entry in concerned for one in (entry.first, entry.second)}
    return RepairPlan(
        disturbance=disturbance,
        moves=moves,
        cancelled=cancelled,
        dropped=dropped,
        told=tuple(sorted(told.values(), key=lambda one: one.organisation.name)),
        is_proved=result.status == "optimal",
        unchanged=len(entries) - len(concerned),
        token=_make_token(event, entries, disturbance, moves, [*cancelled, *dropped]),
    )


def _index(rows: Sequence[Any], pk: int) -> int:
    return next(index for index, row in enumerate(rows) if row.pk == pk)


def _problem(
    event: Event,
    entries: tuple[AgendaEntry, ...],
    people: tuple[Participation, ...],
    slots: tuple[Slot, ...],
    tables: tuple[Table, ...],
) -> engine.Problem:
    number = {row.pk: index for index, row in enumerate(people)}
    return engine.Problem(
        participants=tuple(engine_participant(row, slots) for row in people),
        slots=engine_slots(slots),
        tables=engine_tables(slots, tables),
        meetings=tuple(
            engine.Meeting(parties=(number[entry.first_id], number[entry.second_id]))
            for entry in entries
        ),
        name=event.title,
    )


def _engine_words(
    disturbance: Disturbance,
    people: tuple[Participation, ...],
    slots: tuple[Slot, ...],
    tables: tuple[Table, ...],
) -> dict[str, Any]:
    """Return a disturbance as the engine's arguments."""
    from_slot = sum(slot.number < disturbance.from_slot for slot in slots)
    words: dict[str, Any] = {"from_slot": from_slot}
    if disturbance.table_id is not None:
        if not any(table.pk == disturbance.table_id for table in tables):
            raise InvalidInput(_("Choose one of the event’s tables."), field="table")
        words["lost_tables"] = (_index(tables, disturbance.table_id),)
    if disturbance.participation_id is not None:
        index = next(
            (i for i, row in enumerate(people) if row.pk == disturbance.participation_id), None
        )
        if index is None:
            raise InvalidInput(_("This participant has no meetings."), field="participant")
        if disturbance.back_at is None:
            words["gone_participants"] = (index,)
        else:
            words["late"] = {index: sum(slot.number < disturbance.back_at for slot in slots)}
    if len(words) == 1:
        raise InvalidInput(_("Choose who isn’t coming or which table is unavailable."))
    return words


def _fingerprint(entries: Any) -> str:
    rows = sorted((entry.pk, entry.slot_id, entry.table_id) for entry in entries)
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:24]


def _make_token(
    event: Event,
    entries: tuple[AgendaEntry, ...],
    disturbance: Disturbance,
    moves: tuple[Move, ...],
    off: list[AgendaEntry],
) -> str:
    content = {
        "event": event.pk,
        "state": _fingerprint(entries),
        "disturbance": asdict(disturbance),
        "moves": [[move.entry.pk, move.slot.pk, move.table.pk] for move in moves],
        "off": [entry.pk for entry in off],
    }
    return signing.dumps(content, salt=_SALT, compress=True)


def _open_token(event: Event, token: str) -> dict[str, Any]:
    try:
        plan: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=_TOKEN_AGE_S)
    except signing.BadSignature:
        plan = {}
    if plan.get("event") != event.pk:
        raise Conflict(
            _("This proposal is out of date. Here’s a new one based on the current situation.")
        )
    return plan


def _note_absence(event: Event, disturbance: Disturbance) -> None:
    until = disturbance.back_at
    numbers = [
        slot.number
        for slot in event.slots.all()
        if slot.number >= disturbance.from_slot and (until is None or slot.number < until)
    ]
    rows: list[Any] = [
        *Participation.objects.filter(event=event, pk=disturbance.participation_id or 0),
        *Table.objects.filter(event=event, pk=disturbance.table_id or 0),
    ]
    for row in rows:
        row.unavailable = sorted({*row.unavailable, *numbers})
        row.save(update_fields=["unavailable"])


def _move(
    actor: Reader,
    event: Event,
    entries: dict[int, AgendaEntry],
    moves: list[list[int]],
    reason: str,
    now: datetime,
) -> list[Change]:
    slots = {slot.pk: slot for slot in event.slots.all()}
    tables = {table.pk: table for table in event.tables.all()}
    moved = AgendaEntry.objects.filter(pk__in=[entry_id for entry_id, *_place in moves])
    # Entries may swap places; the unique places hold for live ones only.
    moved.update(is_live=False)
    places = []
    for entry_id, slot_id, table_id in moves:
        entry, slot = entries[entry_id], slots[slot_id]
        AgendaEntry.objects.filter(pk=entry_id).update(slot_id=slot_id, table_id=table_id)
        places.append(
            NewPlace(
                entry.meeting_id, slot.starts_at, slot.ends_at, place_words(event, tables[table_id])
            )
        )
    moved.update(is_live=True)
    changed = move_meetings(actor=actor, places=places, now=now, why=reason)
    return [Change(meeting.pk, "moved") for meeting in changed]
