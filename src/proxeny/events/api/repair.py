"""Repair on the day: a proposal to look at, and the same carried out."""

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from proxeny.events.api._router import router
from proxeny.events.api._shapes import EntryOut, ParticipantRef, SlotOut, TableRef
from proxeny.events.api._values import SlotNumber
from proxeny.events.operations import repair
from proxeny.kernel.api import Id, In, Out

Reason = Annotated[str, Field(max_length=300)]


class DisturbanceIn(In):
    """Who does not come, or which table is lost; slots by number. `back_at`: who is only late."""

    participation: Id | None = None
    table: Id | None = None
    from_slot: SlotNumber = 1
    back_at: SlotNumber | None = None


class MoveOut(Out):
    """A meeting that moves, with where it goes."""

    entry: EntryOut
    slot: SlotOut
    table: TableRef


class PlanOut(Out):
    """A proposal. `is_proved`: no repair moves fewer meetings without losing one.

    `token` carries the proposal to be applied; it fits only the agenda it was made for, and an
    hour.
    """

    moves: list[MoveOut]
    cancelled: list[EntryOut]
    dropped: list[EntryOut]
    told: list[ParticipantRef]
    is_proved: bool
    unchanged: int
    changes_nothing: bool
    token: str


class ApplyIn(In):
    """A proposal's token, and the reason that those concerned read."""

    token: Annotated[str, Field(min_length=1, max_length=500_000)]
    reason: Reason = ""


class NoShowIn(In):
    """Who does not come, from which slot on."""

    participation: Id
    from_slot: SlotNumber = 1
    reason: Reason = ""


class RepairedOut(Out):
    """How many meetings changed."""

    changed: int


@router.post("/{event_id}/agenda/repair/plan", response=PlanOut, summary="Propose a repair")
def plan_repair(request: HttpRequest, event_id: Id, disturbance: DisturbanceIn):
    """Propose a repair that loses as little and moves as few meetings as possible; no change."""
    return repair.plan_repair(
        actor=request.reader,
        event_id=event_id,
        disturbance=repair.Disturbance(
            participation_id=disturbance.participation,
            table_id=disturbance.table,
            from_slot=disturbance.from_slot,
            back_at=disturbance.back_at,
        ),
    )


@router.post("/{event_id}/agenda/repair/apply", response=RepairedOut, summary="Carry a repair out")
def apply_repair(request: HttpRequest, event_id: Id, proposal: ApplyIn):
    """Carry a proposal out exactly as proposed; only those concerned are told."""
    changed = repair.apply_repair(
        actor=request.reader,
        event_id=event_id,
        token=proposal.token,
        reason=proposal.reason,
        now=timezone.now(),
    )
    return RepairedOut(changed=changed)


@router.post("/{event_id}/agenda/repair/no-show", response=PlanOut, summary="Report a no-show")
def report_no_show(request: HttpRequest, event_id: Id, absence: NoShowIn):
    """Propose and carry out at once what it means that a participant does not come."""
    return repair.report_no_show(
        actor=request.reader,
        event_id=event_id,
        participation_id=absence.participation,
        from_slot=absence.from_slot,
        reason=absence.reason,
        now=timezone.now(),
    )
