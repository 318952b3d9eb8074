"""What all solvers work on: meetings, slots allowed, and shared resources, tables abstracted away.

Tables and interpreters of the same quality are exchangeable, so a solver need not know which one a
meeting gets. It is enough that in each slot every set of meetings whose only choices are some group
of tables is no larger than that group (Hall 1935, for capacities: a transversal of a bipartite
b-matching). Each such set is one `Resource`; `_rooms` hands out the real tables afterwards.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
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
    walking : bool
        Walking time between places matters, which the core does not express.
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
    walking: bool

    @property
    def n_meetings(self) -> int:
        """Number of meetings."""
        return len(self.parties)

    @property
    def n_participants(self) -> int:
        """Number of participants."""
        return len(self.meetings_of)

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
        _domain(problem, meeting, bool(tables[index]), interpreters[index])
        for index, meeting in enumerate(problem.meetings)
    )
    n_slots = len(problem.slots)
    total = sum(table.capacity for table in problem.tables)
    resources = [
        *_hall_resources(
            "tables", tables, n_slots, lambda table, _slot: problem.tables[table].capacity
        ),
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
        table_limit=(total,) * n_slots,
        walking=_walking_counts(problem),
    )


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
    """Interpreters who could serve a meeting, or None where it needs none."""
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
    problem: Problem, meeting: Meeting, has_table: bool, interpreters: frozenset[int] | None
) -> tuple[int, ...]:
    if not has_table:
        return ()
    slots = set(range(len(problem.slots)) if meeting.slots is None else meeting.slots)
    for party in meeting.parties:
        slots -= problem.participants[party].unavailable
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


def _walking_counts(problem: Problem) -> bool:
    """Whether some walk may be longer than the shortest pause between two slots."""
    if len({table.place for table in problem.tables}) < 2:
        return False
    longest = max(problem.travel_min.values(), default=0)
    pauses = [
        (later.starts_at_min or 0) - (earlier.ends_at_min or 0)
        for earlier, later in zip(problem.slots, problem.slots[1:], strict=False)
    ]
    return bool(longest) and bool(pauses) and longest > min(pauses)
