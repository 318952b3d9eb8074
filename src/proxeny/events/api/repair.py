"""Repair on the day: a proposal to review, and carrying it out."""

from typing import Annotated

from django.utils import timezone
from pydantic import Field

from proxeny.events.api._router import router
from proxeny.events.api._shapes import EntryOut, ParticipantRef, SlotOut, TableRef
from proxeny.events.api._values import SlotNumber
from proxeny.events.operations import repair
from proxeny.events.operations.repair.plan import RepairPlan
from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.requests import Request

Reason = Annotated[str, Field(max_length=300)]


class DisturbanceIn(In):
    """The participant who does not come, or the table that is lost.

    Slots are given by number. `back_at` is for participants who are only late.
    """

    participation: Id | None = None
    table: Id | None = None
    from_slot: SlotNumber = 1
    back_at: SlotNumber | None = None


class MoveOut(Out):
    """A meeting that moves, and its new place."""

    entry: EntryOut
    slot: SlotOut
    table: TableRef


class PlanOut(Out):
    """A proposal. `is_proved` means that no repair can move fewer meetings without losing one.

    `token` identifies the proposal when you apply it. It is valid for an hour, and only for the
    agenda it was made for.
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
    """The token of a proposal, and the reason, which the people affected can read."""

    token: Annotated[str, Field(min_length=1, max_length=500_000)]
    reason: Reason = ""


class NoShowIn(In):
    """The participant who does not come, and from which slot."""

    participation: Id
    from_slot: SlotNumber = 1
    reason: Reason = ""


class RepairedOut(Out):
    """The number of meetings that changed."""

    changed: int


@router.post("/{event_id}/agenda/repair/plan", response=PlanOut, summary="Propose a repair")
def plan_repair(request: Request, event_id: Id, disturbance: DisturbanceIn) -> RepairPlan:
    """Proposes a repair that loses as little and moves as few meetings as possible.

    Changes nothing.
    """
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


@router.post("/{event_id}/agenda/repair/apply", response=RepairedOut, summary="Apply a repair")
def apply_repair(request: Request, event_id: Id, proposal: ApplyIn) -> RepairedOut:
    """Carries out a proposal exactly as proposed. Only the people affected are notified."""
    changed = repair.apply_repair(
        actor=request.reader,
        event_id=event_id,
        token=proposal.token,
        reason=proposal.reason,
        now=timezone.now(),
    )
    return RepairedOut(changed=changed)


@router.post("/{event_id}/agenda/repair/no-show", response=PlanOut, summary="Report a no-show")
def report_no_show(request: Request, event_id: Id, absence: NoShowIn) -> RepairPlan:
    """Proposes and immediately carries out the repair for a participant who does not come."""
    return repair.report_no_show(
        actor=request.reader,
        event_id=event_id,
        participation_id=absence.participation,
        from_slot=absence.from_slot,
        reason=absence.reason,
        now=timezone.now(),
    )
