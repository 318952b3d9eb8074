"""Take an engine's result over as the event's agenda, all or nothing."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction

from proxeny.engine import agenda as engine
from proxeny.events.models import AgendaEntry, AgendaRun, Event, Participation, Slot, Table
from proxeny.events.operations.agenda.problem import AgendaProblem, Pair, explain_unplaced, pair_of
from proxeny.events.operations.agenda.run import IN_THE_MAKING
from proxeny.events.operations.agreeing import void_stale
from proxeny.events.queries.agenda.places import live_entries
from proxeny.kernel import audit
from proxeny.kernel.calendar import make_uid
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import Meeting
from proxeny.meetings.operations import (
    NewMeeting,
    NewParty,
    NewPlace,
    discard_meetings,
    move_meetings,
    plan_meetings,
)


def place_words(event: Event, table: Table) -> str:
    """Return where a meeting is, as people read it."""
    return table.name if table.kind == Table.Kind.VIDEO else f"{event.place}, {table.name}"[:200]


def new_meeting(
    event: Event,
    first: Participation,
    second: Participation,
    slot: Slot,
    table: Table,
    *,
    state: str,
    repeat: int = 0,
) -> NewMeeting:
    """Return the meeting of two participants at a place; `repeat` counts earlier ones called off.

    The calendar name follows from event and pair, so that a plan that is made again keeps it.
    """
    pair = pair_of(first.pk, second.pk)
    return NewMeeting(
        partnership_id=event.partnership_id,
        title=event.title,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        time_zone=event.time_zone,
        place=place_words(event, table),
        uid=make_uid("events", event.pk, f"{pair[0]}-{pair[1]}", repeat),
        parties=tuple(
            NewParty(one.organisation_id, one.contact or one.organisation.name, one.person_id)
            for one in (first, second)
        ),
        state=state,
    )


@transaction.atomic
def keep_best(*, run_id: int, draft: AgendaProblem, assignment: engine.Assignment) -> None:
    """Note the best agenda so far, for a run that is taken up again after its worker died."""
    AgendaRun.objects.filter(pk=run_id, finished_at=None).update(best=draft.to_rows(assignment))


@transaction.atomic
def store_agenda(
    *,
    actor: Reader,
    run_id: int,
    draft: AgendaProblem,
    result: engine.Result,
    now: datetime,
) -> AgendaRun:
    """Replace the event's unlocked meetings by a result, and keep its certificate.

    Idempotent: a run that is finished is left alone. Without a schedule (infeasible, or nothing
    found in time) the agenda stays as it was. Call it in the service role.

    Side effects
    ------------
    Meetings of pairs that stay are moved and keep their calendar name; the others that nobody was
    promised are removed; new ones are shown as provisional if the agenda already is. Pairs called
    off and participants gone while the run was under way are left out. An audit row.

    Raises
    ------
    Conflict
        The agenda was published in the meantime.
    """
    event = Event.objects.select_for_update().get(pk=draft.event.pk)
    run = AgendaRun.objects.select_for_update().get(pk=run_id)
    if run.finished_at is not None:
        return run
    if event.state not in IN_THE_MAKING:
        raise Conflict("The event's agenda was published or closed while this run was under way.")
    rows = draft.to_rows(result.assignment)
    if result.objective is not None:
        _replace(actor, event, draft, rows, now)
        run.best = rows
        void_stale(event)
    _fill_certificate(run, draft, result, now)
    run.save()
    audit.record(
        actor,
        "solve_agenda",
        run,
        partnership_id=event.partnership_id,
        changes={
            "status": result.status,
            "placed": len(result.assignment),
            "breaks": result.objective,
        },
    )
    return run


def _fill_certificate(
    run: AgendaRun, draft: AgendaProblem, result: engine.Result, now: datetime
) -> None:
    run.status, run.finished_at, run.seconds = result.status, now, result.seconds
    run.breaks, run.bound = result.objective, result.bound
    run.value, run.value_bound = result.value, result.value_bound
    run.unplaced = explain_unplaced(draft, result)
    run.clashes = [name_numbers(draft, words) for words in result.clashes]
    run.verdict = _verdict(draft, result)


def _verdict(draft: AgendaProblem, result: engine.Result) -> dict[str, Any]:
    wanted = len(draft.problem.meetings)
    if result.verdict is None:
        return {"ok": False, "placed": 0, "wanted": wanted, "errors": []}
    return {
        "ok": result.verdict.ok,
        "placed": result.verdict.placed,
        "wanted": wanted,
        "errors": list(result.verdict.errors),
        "most_breaks": max(result.verdict.breaks, default=0),
    }


def name_numbers(draft: AgendaProblem, words: str) -> str:
    """Put names in place of the engine's numbers in one of its sentences."""
    names = {
        "participant": [row.organisation.name for row in draft.participations],
        "table": [table.name for table in draft.tables],
        "meeting": [
            " – ".join(draft.participations[party].organisation.name for party in meeting.parties)
            for meeting in draft.problem.meetings
        ],
    }

    def name(match: re.Match[str]) -> str:
        known, number = names[match[1]], int(match[2])
        return f"“{known[number - 1]}”" if 1 <= number <= len(known) else match[0]

    return re.sub(r"\b(participant|table|meeting) (\d+)", name, words)


def _replace(
    actor: Reader, event: Event, draft: AgendaProblem, rows: list[list[int]], now: datetime
) -> None:
    people = {row.pk: row for row in draft.participations}
    slots = {slot.pk: slot for slot in draft.slots}
    tables = {table.pk: table for table in draft.tables}
    old = {pair_of(e.first_id, e.second_id): e for e in live_entries(event.pk)}
    locked = {pair for pair, entry in old.items() if entry.is_locked}
    gone = _gone_since(event, set(people))
    wanted = {
        pair_of(first, second): (slots[slot], tables[table])
        for first, second, slot, table in rows
        if pair_of(first, second) not in locked | gone and first in people and second in people
    }
    kept = {pair: old[pair].meeting for pair in wanted if pair in old}
    # Unique constraints would fail while entries swap seats one by one, so all are deleted first.
    AgendaEntry.objects.filter(event=event, is_live=True, is_locked=False).delete()
    discard_meetings(
        meeting_ids=[e.meeting_id for p, e in old.items() if p not in wanted and p not in locked]
    )
    move_meetings(
        actor=actor,
        now=now,
        places=[
            NewPlace(
                meeting.pk,
                wanted[pair][0].starts_at,
                wanted[pair][0].ends_at,
                place_words(event, wanted[pair][1]),
            )
            for pair, meeting in kept.items()
        ],
    )
    shown = event.state == Event.State.PROVISIONAL
    state = Meeting.State.PROVISIONAL if shown else Meeting.State.DRAFT
    fresh = [pair for pair in wanted if pair not in kept]
    made = plan_meetings(
        plans=[
            new_meeting(event, people[pair[0]], people[pair[1]], *wanted[pair], state=state)
            for pair in fresh
        ]
    )
    _seat(event, wanted, kept | dict(zip(fresh, made, strict=True)))


def _gone_since(event: Event, people: set[int]) -> set[Pair]:
    """Return pairs that must not meet any more: called off, or one of the two has withdrawn."""
    off = AgendaEntry.objects.filter(event=event, is_live=False)
    pairs = {pair_of(*pair) for pair in off.values_list("first_id", "second_id")}
    here = set(
        Participation.objects.filter(event=event, state=Participation.State.REGISTERED).values_list(
            "pk", flat=True
        )
    )
    left = people - here
    return pairs | {pair_of(one, other) for one in left for other in people if one != other}


def _seat(
    event: Event, wanted: dict[Pair, tuple[Slot, Table]], meetings: dict[Pair, Meeting]
) -> None:
    AgendaEntry.objects.bulk_create(
        [
            AgendaEntry(
                event=event,
                meeting=meetings[pair],
                slot=slot,
                table=table,
                first_id=pair[0],
                second_id=pair[1],
            )
            for pair, (slot, table) in wanted.items()
        ],
        batch_size=500,
    )
