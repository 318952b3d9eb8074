"""Reasons for an infeasible schedule: conflicting requirements, each of them necessary."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from proxeny.engine.agenda._bounds import cover_by_hubs
from proxeny.engine.agenda._core import Core, build_core
from proxeny.engine.agenda._explain import list_slots, name_person
from proxeny.engine.agenda._formula import AgendaFormula
from proxeny.engine.agenda._search import Search
from proxeny.engine.agenda.model import Meeting, Participant, Problem, Table

__all__ = ["find_clashes"]

# Conflicts a refutation may take before a requirement counts as one that is needed.
CONFLICTS = 20_000
# Seconds for making the core small, once infeasibility is proven.
SHRINK_S = 8.0


@dataclass(frozen=True, slots=True)
class _Requirement:
    """Something that could be given up: a meeting, a time away, an order, the tables."""

    kind: str
    index: int = 0


def find_clashes(problem: Problem, search: Search) -> tuple[str, ...]:
    """Name a smallest set of requirements that clash, in words.

    Parameters
    ----------
    problem : Problem
        Proven to have no schedule.

    Notes
    -----
    First by counting (Hall's condition for one participant, tables against meetings), which is
    exact and instant. Else by deletion: drop groups of requirements and halve the groups, keep what
    makes the rest solvable (Zeller and Hildebrandt 2002). Bounded in time; if that runs out, the
    last sentence says that some requirement may be spared.
    """
    core = search.core
    quick = (
        _nothing_open(problem, core)
        or _cap_too_low(problem, core)
        or _too_few_slots(problem, core)
        or _too_few_tables(problem, core)
    )
    if quick:
        return quick
    if core.walking:
        return ("The required meetings do not fit with the walking times.",)
    shrinker = _Shrinker(problem, time.monotonic() + SHRINK_S)
    if not shrinker.refuted(shrinker.requirements):
        bound = search.fairness
        return (f"No schedule keeps everybody's number of breaks within {bound} of each other's.",)
    return shrinker.shrink()


def _needed(core: Core) -> list[int]:
    return [m for m, required in enumerate(core.required) if required]


def _nothing_open(problem: Problem, core: Core) -> tuple[str, ...]:
    for meeting in _needed(core):
        if not core.domains[meeting]:
            from proxeny.engine.agenda._explain import explain_unplaced

            slots = [0] * core.n_meetings
            slots[meeting] = -1
            return (
                f"{_meeting_words(problem, meeting)} is required.",
                explain_unplaced(problem, core, slots)[0].words,
            )
    return ()


def _cap_too_low(problem: Problem, core: Core) -> tuple[str, ...]:
    for person, meetings in enumerate(core.meetings_of):
        needed = [m for m in meetings if core.required[m]]
        if len(needed) > core.caps[person]:
            name = name_person(problem, person)
            return (
                f"{name} has {len(needed)} required meetings.",
                f"{name} accepts at most {core.caps[person]}.",
            )
    return ()


def _too_few_slots(problem: Problem, core: Core) -> tuple[str, ...]:
    """Hall's condition: some of one participant's meetings have fewer slots than they are."""
    for person, meetings in enumerate(core.meetings_of):
        crowd, slots = _hall_violator(core, [m for m in meetings if core.required[m]])
        if crowd:
            name = name_person(problem, person)
            words = [f"{_meeting_words(problem, m)} is required." for m in sorted(crowd)]
            where = list_slots(sorted(slots))
            words.append(
                f"{name} is in all {len(crowd)} of them, and together they can only take "
                f"{where}: {len(slots)} in number."
            )
            return tuple(words)
    return ()


def _hall_violator(core: Core, meetings: Sequence[int]) -> tuple[set[int], set[int]]:
    """Meetings with fewer slots than they are, and the slots; empty if they can be matched."""
    holder: dict[int, int] = {}

    def seat(meeting: int, seen: set[int], crowd: set[int]) -> bool:
        crowd.add(meeting)
        for slot in core.domains[meeting]:
            if slot not in seen:
                seen.add(slot)
                if slot not in holder or seat(holder[slot], seen, crowd):
                    holder[slot] = meeting
                    return True
        return False

    for meeting in meetings:
        seen: set[int] = set()
        crowd: set[int] = set()
        if not seat(meeting, seen, crowd):
            return crowd, seen
    return set(), set()


def _too_few_tables(problem: Problem, core: Core) -> tuple[str, ...]:
    for resource in core.resources:
        needed = [m for m in resource.meetings if core.required[m]]
        if len(needed) > sum(resource.capacity):
            return (
                f"{len(needed)} required meetings compete for the same {resource.label}.",
                f"These {resource.label} hold {sum(resource.capacity)} meetings over all slots.",
            )
    return ()


class _Shrinker:
    """Deletes requirements as long as what is left has no schedule."""

    def __init__(self, problem: Problem, deadline: float) -> None:
        self.problem = problem
        self.deadline = deadline
        self.requirements = [
            *(_Requirement("meeting", m) for m, one in enumerate(problem.meetings) if one.required),
            *(
                _Requirement("away", p)
                for p, one in enumerate(problem.participants)
                if one.unavailable
            ),
            *(
                _Requirement("slots", m)
                for m, one in enumerate(problem.meetings)
                if one.required and one.slots is not None and len(one.slots) < len(problem.slots)
            ),
            *(_Requirement("order", i) for i in range(len(problem.precedences))),
            _Requirement("tables"),
        ]

    def shrink(self) -> tuple[str, ...]:
        """Return the words of a core from which nothing can be spared, or say so if time ran out."""
        kept = list(self.requirements)
        size = max(1, len(kept) // 2)
        while True:
            start = 0
            while start < len(kept) and time.monotonic() < self.deadline:
                fewer = kept[:start] + kept[start + size :]
                if self.refuted(fewer):
                    kept = fewer
                else:
                    start += size
            if size == 1 or time.monotonic() >= self.deadline:
                break
            size = max(1, size // 2)
        words = [self._words(one) for one in kept]
        if time.monotonic() >= self.deadline:
            words.append("Some of these may be spared: the time for a smaller set ran out.")
        return tuple(words)

    def refuted(self, kept: Sequence[_Requirement]) -> bool:
        """Whether these requirements alone are proven to have no schedule."""
        from pysat.solvers import Solver

        core = build_core(self._relaxed(set(kept)))
        if not all(core.domains):
            return True
        formula = AgendaFormula(core, fairness=None, hubs=cover_by_hubs(core), top=0)
        with Solver(name="glucose4", bootstrap_with=formula.clauses) as solver:
            solver.conf_budget(CONFLICTS)
            return solver.solve_limited() is False

    def _relaxed(self, kept: set[_Requirement]) -> Problem:
        problem = self.problem
        meetings = [m for m in range(len(problem.meetings)) if _Requirement("meeting", m) in kept]
        number = {meeting: index for index, meeting in enumerate(meetings)}
        free_tables = _Requirement("tables") not in kept
        return replace(
            problem,
            participants=tuple(
                self._freed(p, one, kept) for p, one in enumerate(problem.participants)
            ),
            meetings=tuple(
                self._opened(m, problem.meetings[m], kept, free_tables) for m in meetings
            ),
            tables=(Table(capacity=max(1, len(meetings))),) if free_tables else problem.tables,
            precedences=tuple(
                replace(order, before=number[order.before], after=number[order.after])
                for i, order in enumerate(problem.precedences)
                if _Requirement("order", i) in kept
                and order.before in number
                and order.after in number
            ),
            travel_min={},
        )

    def _freed(self, person: int, one: Participant, kept: set[_Requirement]) -> Participant:
        away = one.unavailable if _Requirement("away", person) in kept else frozenset()
        kinds = one.kinds if _Requirement("tables") in kept else frozenset({"onsite"})
        return replace(one, unavailable=away, kinds=kinds)

    def _opened(
        self, meeting: int, one: Meeting, kept: set[_Requirement], free_tables: bool
    ) -> Meeting:
        slots = one.slots if _Requirement("slots", meeting) in kept else None
        return replace(one, slots=slots, table=None if free_tables else one.table)

    def _words(self, one: _Requirement) -> str:
        problem = self.problem
        if one.kind == "meeting":
            return f"{_meeting_words(problem, one.index)} is required."
        if one.kind == "away":
            away = list_slots(sorted(problem.participants[one.index].unavailable))
            return f"{name_person(problem, one.index)} is unavailable in {away}."
        if one.kind == "slots":
            allowed = list_slots(sorted(problem.meetings[one.index].slots or ()))
            return f"{_meeting_words(problem, one.index)} may only be in {allowed}."
        if one.kind == "order":
            order = problem.precedences[one.index]
            return f"Meeting {order.before + 1} is before meeting {order.after + 1}."
        return "The tables hold no more meetings than they have room for."


def _meeting_words(problem: Problem, meeting: int) -> str:
    names = [name_person(problem, party) for party in problem.meetings[meeting].parties]
    return f"Meeting {meeting + 1} ({', '.join(names[:-1])} and {names[-1]})"
