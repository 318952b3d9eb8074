"""Common input of all solvers: meetings, slots allowed, and shared resources without tables.

Tables and interpreters of the same quality are exchangeable, so a solver need not know which one a
meeting gets. It is enough that in each slot every set of meetings whose only choices are some group
of tables is no larger than that group (Hall 1935, for capacities: a transversal of a bipartite
b-matching). Each such set is one `Resource`; `_rooms` hands out the real tables afterwards.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from proxeny.engine.agenda.model import Meeting, Problem

__all__ = [
    "Core",
    "Resource",
    "build_core",
    "fitting_interpreters",
    "fitting_tables",
    "table_choices",
]

# Every union of distinct choice sets is one condition; beyond this many sets only the single sets
# and their whole union are stated, and the hand-out of tables may then fail for a slot.
MAX_HALL_SETS = 7


@dataclass(frozen=True, slots=True)
class Resource:
    """At most `capacity[slot]` of `meetings` take place in one slot; `label` names it."""

    label: str
    meetings: tuple[int, ...]
    capacity: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Walks:
    """Places of tables, and which changes between them a participant cannot make in time.

    Parameters
    ----------
    choices : tuple of tuple of int
        Per meeting, the places that have a table for it.
    rooms : tuple of (place, Resource)
        Hall's condition place by place.
    too_far : tuple of (slot, slot, place, place)
        From the first slot in the first place to the second; with no meeting between.
    tables : tuple of frozenset of int
        Per place.
    """

    choices: tuple[tuple[int, ...], ...]
    rooms: tuple[tuple[int, Resource], ...]
    too_far: tuple[tuple[int, int, int, int], ...]
    tables: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class Core:
    """A problem with the tables taken out.

    Parameters
    ----------
    parties, domains : tuple of tuple of int
        Per meeting; domains are ascending slots and may be empty.
    meetings_of : tuple of tuple of int
        Per participant.
    resources : tuple of Resource
        Only those that can bind.
    table_limit : tuple of int
        Most meetings per slot over all tables.
    walks : Walks, optional
        Where walking time between places matters.
    """

    n_slots: int
    parties: tuple[tuple[int, ...], ...]
    domains: tuple[tuple[int, ...], ...]
    required: tuple[bool, ...]
    values: tuple[int, ...]
    meetings_of: tuple[tuple[int, ...], ...]
    caps: tuple[int, ...]
    precedences: tuple[tuple[int, int], ...]
    resources: tuple[Resource, ...]
    table_limit: tuple[int, ...]
    walks: Walks | None

    @property
    def n_meetings(self) -> int:
        """Number of meetings."""
        return len(self.parties)

    @property
    def n_participants(self) -> int:
        """Number of participants."""
        return len(self.meetings_of)

    @property
    def walking(self) -> bool:
        """Whether the places of tables matter."""
        return self.walks is not None

    @property
    def caps_bind(self) -> bool:
        """Whether somebody accepts fewer meetings than they have."""
        return any(len(ms) > cap for ms, cap in zip(self.meetings_of, self.caps, strict=True))


def build_core(problem: Problem) -> Core:
    """Reduce a problem to its core.

    Notes
    -----
    Linear in meetings times tables in the number of distinct kinds of table, not of tables.
    """
    meetings_of: list[list[int]] = [[] for _ in problem.participants]
    for index, meeting in enumerate(problem.meetings):
        for party in meeting.parties:
            meetings_of[party].append(index)
    tables = table_choices(problem)
    interpreters = [fitting_interpreters(problem, meeting) for meeting in problem.meetings]
    domains = tuple(
        _domain(problem, meeting, tables[index], interpreters[index])
        for index, meeting in enumerate(problem.meetings)
    )
    n_slots = len(problem.slots)
    resources = [
        *_hall_resources("tables", tables, n_slots, _capacity(problem)),
        *_hall_resources(
            "interpreters",
            interpreters,
            n_slots,
            lambda one, slot: int(slot not in problem.interpreters[one].unavailable),
        ),
    ]
    return Core(
        n_slots=n_slots,
        parties=tuple(meeting.parties for meeting in problem.meetings),
        domains=domains,
        required=tuple(meeting.required for meeting in problem.meetings),
        values=tuple(meeting.value for meeting in problem.meetings),
        meetings_of=tuple(map(tuple, meetings_of)),
        caps=tuple(
            len(meetings_of[index]) if person.cap is None else person.cap
            for index, person in enumerate(problem.participants)
        ),
        precedences=tuple((order.before, order.after) for order in problem.precedences),
        resources=tuple(resources),
        table_limit=tuple(
            sum(_capacity(problem)(table, slot) for table in range(len(problem.tables)))
            for slot in range(n_slots)
        ),
        walks=_build_walks(problem, tables),
    )


def _capacity(problem: Problem) -> Callable[[int, int], int]:
    def capacity(table: int, slot: int) -> int:
        one = problem.tables[table]
        return 0 if slot in one.unavailable else one.capacity

    return capacity


def restrict(core: Core, meetings: Sequence[int], fixed: Mapping[int, int]) -> Core:
    """Core of some meetings only, with others fixed in their slots.

    Parameters
    ----------
    meetings : sequence of int
        Meetings that stay free; they get numbers from 0 in this order.
    fixed : mapping of meeting to slot
        What these take (people, room, caps, order) is taken away; meetings in neither are gone.
    """
    number = {meeting: index for index, meeting in enumerate(meetings)}
    busy = {(p, slot) for m, slot in fixed.items() for p in core.parties[m]}
    meetings_of: list[list[int]] = [[] for _ in core.meetings_of]
    held = [0] * core.n_participants
    for meeting in fixed:
        for party in core.parties[meeting]:
            held[party] += 1
    for meeting in meetings:
        for party in core.parties[meeting]:
            meetings_of[party].append(number[meeting])
    used = Counter(fixed.values())
    return replace(
        core,
        parties=tuple(core.parties[m] for m in meetings),
        domains=tuple(_left_over(core, m, busy, fixed) for m in meetings),
        required=tuple(core.required[m] for m in meetings),
        values=tuple(core.values[m] for m in meetings),
        meetings_of=tuple(map(tuple, meetings_of)),
        caps=tuple(max(0, cap - held[p]) for p, cap in enumerate(core.caps)),
        precedences=tuple(
            (number[a], number[b]) for a, b in core.precedences if a in number and b in number
        ),
        resources=tuple(
            Resource(
                resource.label,
                tuple(number[m] for m in resource.meetings if m in number),
                _room_left(resource, fixed),
            )
            for resource in core.resources
        ),
        table_limit=tuple(
            max(0, limit - used[slot]) for slot, limit in enumerate(core.table_limit)
        ),
        walks=core.walks and _restrict_walks(core.walks, number),
    )


def _restrict_walks(walks: Walks, number: Mapping[int, int]) -> Walks:
    """Walks of some meetings; what fixed ones take of a place is not taken away."""
    return replace(
        walks,
        choices=tuple(walks.choices[meeting] for meeting in number),
        rooms=tuple(
            (
                place,
                replace(room, meetings=tuple(number[m] for m in room.meetings if m in number)),
            )
            for place, room in walks.rooms
        ),
    )


def _left_over(
    core: Core, meeting: int, busy: set[tuple[int, int]], fixed: Mapping[int, int]
) -> tuple[int, ...]:
    low = max((fixed[a] for a, b in core.precedences if b == meeting and a in fixed), default=-1)
    high = min(
        (fixed[b] for a, b in core.precedences if a == meeting and b in fixed),
        default=core.n_slots,
    )
    return tuple(
        slot
        for slot in core.domains[meeting]
        if low < slot < high and not any((p, slot) in busy for p in core.parties[meeting])
    )


def _room_left(resource: Resource, fixed: Mapping[int, int]) -> tuple[int, ...]:
    used = Counter(fixed[meeting] for meeting in resource.meetings if meeting in fixed)
    return tuple(max(0, most - used[slot]) for slot, most in enumerate(resource.capacity))


def fitting_tables(problem: Problem, meeting: Meeting) -> frozenset[int]:
    """Tables that a meeting may take: kind accepted by all, seats enough, its lock kept."""
    kinds = frozenset.intersection(*(problem.participants[p].kinds for p in meeting.parties))
    candidates = range(len(problem.tables)) if meeting.table is None else (meeting.table,)
    return frozenset(
        index
        for index in candidates
        if problem.tables[index].kind in kinds
        and (problem.tables[index].seats or len(meeting.parties)) >= len(meeting.parties)
    )


def fitting_interpreters(problem: Problem, meeting: Meeting) -> frozenset[int] | None:
    """Return the interpreters able to serve a meeting, or None if it needs none."""
    spoken = [problem.participants[party].languages for party in meeting.parties]
    known = [languages for languages in spoken if languages]
    if not known or frozenset.intersection(*known):
        return None
    return frozenset(
        index
        for index, interpreter in enumerate(problem.interpreters)
        if all(languages & set(interpreter.pair) for languages in known)
    )


def table_choices(problem: Problem) -> list[frozenset[int]]:
    """Tables that fit each meeting, computed once per distinct demand."""
    known: dict[Hashable, frozenset[int]] = {}
    choices = []
    for meeting in problem.meetings:
        kinds = frozenset.intersection(*(problem.participants[p].kinds for p in meeting.parties))
        key = (kinds, len(meeting.parties), meeting.table)
        if key not in known:
            known[key] = fitting_tables(problem, meeting)
        choices.append(known[key])
    return choices


def _domain(
    problem: Problem,
    meeting: Meeting,
    tables: frozenset[int],
    interpreters: frozenset[int] | None,
) -> tuple[int, ...]:
    closed = [problem.tables[table].unavailable for table in tables]
    if not closed:
        return ()
    slots = set(range(len(problem.slots)) if meeting.slots is None else meeting.slots)
    for party in meeting.parties:
        slots -= problem.participants[party].unavailable
    slots -= frozenset.intersection(*closed)
    if interpreters is not None:
        slots = {
            slot
            for slot in slots
            if any(slot not in problem.interpreters[one].unavailable for one in interpreters)
        }
    return tuple(sorted(slots))


def _hall_resources(
    label: str,
    choices: Sequence[frozenset[int] | None],
    n_slots: int,
    capacity: Callable[[int, int], int],
) -> list[Resource]:
    by_choice: dict[frozenset[int], list[int]] = defaultdict(list)
    for meeting, choice in enumerate(choices):
        if choice:
            by_choice[choice].append(meeting)
    unions = {
        frozenset.union(*group) for group in _groups(sorted(by_choice, key=lambda c: sorted(c)))
    }
    resources = []
    for union in sorted(unions, key=lambda u: (len(u), sorted(u))):
        inside = sorted(m for choice, ms in by_choice.items() if choice <= union for m in ms)
        limits = tuple(sum(capacity(one, slot) for one in union) for slot in range(n_slots))
        if len(inside) > min(limits):
            resources.append(Resource(label, tuple(inside), limits))
    return resources


def _groups(choices: Sequence[frozenset[int]]) -> list[tuple[frozenset[int], ...]]:
    if len(choices) > MAX_HALL_SETS:
        return [(choice,) for choice in choices] + [tuple(choices)]
    return [group for size in range(1, len(choices) + 1) for group in combinations(choices, size)]


def _build_walks(problem: Problem, choices: Sequence[frozenset[int]]) -> Walks | None:
    if not any(problem.travel_min.values()):
        return None
    # Participants by video need not walk, so video is one place of its own.
    keys = [None if table.kind == "video" else table.place for table in problem.tables]
    places = sorted(set(keys), key=str)
    tables = tuple(frozenset(t for t, key in enumerate(keys) if key == place) for place in places)
    too_far = tuple(
        (a, b, x, y)
        for a in range(len(problem.slots))
        for b in range(a + 1, len(problem.slots))
        for x, here in enumerate(places)
        for y, there in enumerate(places)
        if _walk_min(problem, here, there) > _pause_min(problem, a, b)
    )
    if not too_far:
        return None
    rooms = [
        (place, resource)
        for place, group in enumerate(tables)
        for resource in _hall_resources(
            "tables", [choice & group for choice in choices], len(problem.slots), _capacity(problem)
        )
    ]
    reach = tuple(
        tuple(place for place, group in enumerate(tables) if choice & group) for choice in choices
    )
    return Walks(reach, tuple(rooms), too_far, tables)


def _walk_min(problem: Problem, here: str | None, there: str | None) -> int:
    if here is None or there is None or here == there:
        return 0
    walks = problem.travel_min
    return max(walks.get((here, there), 0), walks.get((there, here), 0))


def _pause_min(problem: Problem, earlier: int, later: int) -> int:
    return (problem.slots[later].starts_at_min or 0) - (problem.slots[earlier].ends_at_min or 0)
