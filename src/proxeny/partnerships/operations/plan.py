"""Schedule of the plan: critical activities and clashes; and marking things as done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from proxeny.engine.planning import Planned, find_critical
from proxeny.engine.planning import Task as PlanTask
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Action, Activity, Party
from proxeny.partnerships.models.records import RoomRecord
from proxeny.partnerships.operations.records import change_record
from proxeny.partnerships.plan_queries import InCharge, Rows, in_charge, read_rows
from proxeny.partnerships.room_queries import get_record

State = Activity.State


@dataclass(frozen=True, slots=True)
class Step:
    """An activity as the plan shows it.

    Attributes
    ----------
    needs : sequence of Activity
        What must have ended before it begins.
    clashes : sequence of Activity
        Of these, what has not ended when it begins.
    slack : int or None
        By how many days it may slip before the plan ends later; None for what is done.
    """

    record: Activity
    charges: Sequence[InCharge]
    needs: Sequence[Activity]
    clashes: Sequence[Activity]
    slack: int | None
    today: date

    @property
    def is_critical(self) -> bool:
        """Whether a day's delay of it delays the plan by a day."""
        return self.slack == 0

    @property
    def is_done(self) -> bool:
        """Whether it is done."""
        return self.record.state == State.DONE

    @property
    def is_late(self) -> bool:
        """Whether its last day has passed and it is not done."""
        return not self.is_done and self.record.ends_on < self.today

    @property
    def is_unowned(self) -> bool:
        """Whether it has no owner on any side."""
        return not self.sides

    @property
    def sides(self) -> str:
        """The letters of the sides that have somebody in charge."""
        return "".join(one.party.side.lower() for one in self.charges if one.person)


@dataclass(frozen=True, slots=True)
class Plan:
    """The activities of a room by their days; `is_circular` where they need each other in a circle."""

    steps: Sequence[Step]
    is_circular: bool = False

    @property
    def clashes(self) -> list[Step]:
        """The steps that begin before a prerequisite has ended."""
        return [one for one in self.steps if one.clashes]


def read_plan(partnership_id: int, parties: Sequence[Party], *, today: date) -> Plan:
    """Return the plan of a room with its schedule, as of a day. Three queries.

    Finished activities no longer hold anything up; late ones end today at the earliest.
    """
    rows = read_rows(partnership_id)
    by_id = {one.pk: one for one in rows.activities}
    is_circular = False
    try:
        planned = _work_out(rows, today)
    except ValueError:  # two edits at the same moment may close a circle
        planned, is_circular = {}, True
    steps = []
    for one in rows.activities:
        own = planned.get(one.pk)
        steps.append(
            Step(
                record=one,
                charges=in_charge(parties, rows.charges.get(one.pk, {})),
                needs=[by_id[pk] for pk in rows.needs.get(one.pk, ()) if pk in by_id],
                clashes=[by_id[pk] for pk in own.clashes] if own else [],
                slack=own.slack if own else None,
                today=today,
            )
        )
    return Plan(steps, is_circular)


def _work_out(rows: Rows, today: date) -> Mapping[int, Planned[int]]:
    tasks = {
        one.pk: PlanTask(
            first=one.starts_on.toordinal(),
            last=max(one.ends_on, today).toordinal(),
            needs=tuple(rows.needs.get(one.pk, ())),
        )
        for one in rows.activities
        if one.state != State.DONE
    }
    return find_critical(tasks)


@dataclass(frozen=True, slots=True)
class Marked:
    """Record that was marked, and its state before, for undoing it."""

    record: RoomRecord
    before: str


def set_state(
    *,
    actor: Reader,
    partnership_id: int,
    kind: str,
    record_id: int,
    version: int,
    state: str,
    now: datetime,
) -> Marked:
    """Mark an activity or an action as done, or take that back.

    Parameters
    ----------
    kind : str
        `activity` or `action`.
    state : str
        One of `Activity.State`; an action is done or not.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As for `change_record`.
    """
    found: Activity | Action = get_record(KINDS[kind], partnership_id, record_id)
    if found.version != version:
        raise Conflict(
            _("Someone else has changed this since you opened it. Check the latest version.")
        )
    values: dict[str, Any]
    if isinstance(found, Activity):
        before, values = found.state, {"state": state}
    else:
        before = State.DONE if found.done_on else State.PLANNED
        values = {"done_on": now.date() if state == State.DONE else None}
    record = change_record(
        actor=actor,
        kind=kind,
        partnership_id=partnership_id,
        record_id=record_id,
        version=version,
        values=values,
        now=now,
    )
    return Marked(record, str(before))
