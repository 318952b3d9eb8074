"""From an event's rows to the engine's problem, and back from its numbers to rows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from proxeny.engine import agenda as engine
from proxeny.events.models import (
    AgendaEntry,
    Event,
    GroupRule,
    MeetingRequest,
    Participation,
    Slot,
    Table,
)
from proxeny.events.queries.agenda.places import live_entries

#: A pair of participations, the smaller id first.
type Pair = tuple[int, int]


def pair_of(first_id: int, second_id: int) -> Pair:
    """Return two participations as a pair."""
    return min(first_id, second_id), max(first_id, second_id)


@dataclass(frozen=True, slots=True)
class AgendaProblem:
    """An event as the engine sees it: row n of each tuple is the engine's number n."""

    event: Event
    problem: engine.Problem
    participations: tuple[Participation, ...]
    slots: tuple[Slot, ...]
    tables: tuple[Table, ...]
    locked: tuple[AgendaEntry, ...] = field(default=())

    def pair(self, meeting: int) -> Pair:
        """Return the participations of one of the problem's meetings."""
        first, second = self.problem.meetings[meeting].parties
        return pair_of(self.participations[first].pk, self.participations[second].pk)

    def to_rows(self, assignment: engine.Assignment) -> list[list[int]]:
        """Return an assignment as `[first, second, slot, table]` ids, which survive other runs."""
        return [
            [*self.pair(placed.meeting), self.slots[placed.slot].pk, self.tables[placed.table].pk]
            for placed in assignment
        ]

    def from_rows(self, rows: Iterable[list[int]]) -> engine.Assignment:
        """Return what of kept rows still means something in this problem."""
        meetings = {self.pair(index): index for index in range(len(self.problem.meetings))}
        slots = {slot.pk: index for index, slot in enumerate(self.slots)}
        tables = {table.pk: index for index, table in enumerate(self.tables)}
        return tuple(
            engine.Placed(meetings[first, second], slots[slot], tables[table])
            for first, second, slot, table in rows
            if (first, second) in meetings and slot in slots and table in tables
        )


def load_problem(event: Event) -> AgendaProblem:
    """Read an event and build its problem. Eight queries; call it in the service role.

    A `no-thanks` is visible only to the participant who set it and to that cluster, hence the role.
    A pair whose meeting was called off is not planned again. Locked entries are meetings with a
    fixed place.
    """
    participations = tuple(
        Participation.objects.filter(event=event, state=Participation.State.REGISTERED)
        .select_related("organisation", "group")
        .order_by("pk")
    )
    slots, tables = tuple(event.slots.all()), tuple(event.tables.all())
    number = {row.pk: index for index, row in enumerate(participations)}
    people = tuple(engine_participant(row, slots) for row in participations)
    locked = tuple(
        entry
        for entry in live_entries(event.pk).filter(is_locked=True)
        if entry.first_id in number and entry.second_id in number
    )
    meetings = _fixed_meetings(locked, number, slots, tables) + _wished_meetings(
        event, people, number, without={pair_of(e.first_id, e.second_id) for e in locked}
    )
    problem = engine.Problem(
        participants=people,
        slots=engine_slots(slots),
        tables=engine_tables(slots, tables),
        meetings=meetings,
        name=event.title,
    )
    return AgendaProblem(event, problem, participations, slots, tables, locked)


def engine_participant(row: Participation, slots: tuple[Slot, ...]) -> engine.Participant:
    """Return a participant as the engine sees it."""
    away = set(row.unavailable)
    return engine.Participant(
        name=row.organisation.name,
        group=str(row.group_id),
        unavailable=frozenset(i for i, slot in enumerate(slots) if slot.number in away),
        cap=row.cap,
        # On-site participants may use a video table; participants by video need one.
        kinds=frozenset({"video"} if row.by_video else {"onsite", "video"}),
    )


def engine_tables(slots: tuple[Slot, ...], tables: tuple[Table, ...]) -> tuple[engine.Table, ...]:
    """Return tables as the engine sees them, each with the slots in which it cannot be used."""
    return tuple(
        engine.Table(
            name=table.name,
            kind=table.kind,
            unavailable=frozenset(
                i for i, slot in enumerate(slots) if slot.number in table.unavailable
            ),
        )
        for table in tables
    )


def engine_slots(slots: tuple[Slot, ...]) -> tuple[engine.Slot, ...]:
    """Return slots as the engine sees them, in minutes from the first."""

    def minutes(moment: Any) -> int:
        return int((moment - slots[0].starts_at).total_seconds() // 60)

    return tuple(
        engine.Slot(slot.session, minutes(slot.starts_at), minutes(slot.ends_at)) for slot in slots
    )


def _fixed_meetings(
    locked: tuple[AgendaEntry, ...],
    number: dict[int, int],
    slots: tuple[Slot, ...],
    tables: tuple[Table, ...],
) -> tuple[engine.Meeting, ...]:
    slot_of = {slot.pk: index for index, slot in enumerate(slots)}
    table_of = {table.pk: index for index, table in enumerate(tables)}
    return tuple(
        engine.Meeting(
            parties=(number[entry.first_id], number[entry.second_id]),
            slots=frozenset({slot_of[entry.slot_id]}),
            table=table_of[entry.table_id],
            reference=str(entry.pk),
        )
        for entry in locked
    )


def _wished_meetings(
    event: Event, people: tuple[engine.Participant, ...], number: dict[int, int], without: set[Pair]
) -> tuple[engine.Meeting, ...]:
    rows = MeetingRequest.objects.filter(event=event).order_by("pk")
    requests = [
        engine.Request(number[source], number[target], cast("Any", kind))
        for source, target, kind in rows.values_list("source_id", "target_id", "kind")
        if source in number and target in number
    ]
    rules = [
        engine.GroupRule(str(rule.source_id), str(rule.target_id), allowed=rule.is_allowed)
        for rule in GroupRule.objects.filter(event=event)
    ]
    called_off = AgendaEntry.objects.filter(event=event, is_live=False)
    without = without | {pair_of(*pair) for pair in called_off.values_list("first_id", "second_id")}
    ids = {index: pk for pk, index in number.items()}
    plan = engine.meetings_from_requests(people, requests, rules=rules)
    return tuple(
        meeting
        for meeting in plan.meetings
        if pair_of(ids[meeting.parties[0]], ids[meeting.parties[1]]) not in without
    )


def explain_unplaced(draft: AgendaProblem, result: engine.Result) -> list[dict[str, Any]]:
    """Say of each meeting without a place why, as a code with ids; the page finds the words.

    Pairs that a `no-thanks` refuses never become meetings and so never appear here: the list is
    read by the managers of both sides.
    """
    busy: dict[int, set[int]] = {}
    for placed in result.assignment:
        for party in draft.problem.meetings[placed.meeting].parties:
            busy.setdefault(party, set()).add(placed.slot)
    tables_used = Counter(placed.slot for placed in result.assignment)
    return [
        {
            "first": draft.pair(one.meeting)[0],
            "second": draft.pair(one.meeting)[1],
            "value": draft.problem.meetings[one.meeting].value,
            **_reason(draft, one.meeting, busy, tables_used, is_proved=result.status == "optimal"),
        }
        for one in result.unplaced
    ]


def _reason(
    draft: AgendaProblem,
    meeting: int,
    busy: dict[int, set[int]],
    tables_used: Counter[int],
    *,
    is_proved: bool,
) -> dict[str, Any]:
    parties = draft.problem.meetings[meeting].parties
    people = [draft.problem.participants[party] for party in parties]
    free = set(range(len(draft.slots))).difference(*(person.unavailable for person in people))
    if not free:
        return {"code": "never-free-together"}
    if not any(all(t.kind in p.kinds for p in people) for t in draft.problem.tables):
        return {"code": "no-video-table"}
    for party, person in zip(parties, people, strict=True):
        if person.cap is not None and len(busy.get(party, ())) >= person.cap:
            return {"code": "cap", "who": draft.participations[party].pk, "cap": person.cap}
    free -= set().union(*(busy.get(party, set()) for party in parties))
    if not free:
        return {"code": "busy"}
    if all(tables_used[slot] >= len(draft.tables) for slot in free):
        return {"code": "tables"}
    return {"code": "worth" if is_proved else "not-found"}
