"""Repair a published agenda after a change, moving as few meetings as possible."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from proxeny.engine.agenda._core import build_core, restrict
from proxeny.engine.agenda._explain import explain_unplaced
from proxeny.engine.agenda._rooms import hand_out
from proxeny.engine.agenda._search import Search
from proxeny.engine.agenda.check import check
from proxeny.engine.agenda.model import Assignment, Placed, Problem
from proxeny.engine.agenda.result import Moved, RepairResult, Status
from proxeny.engine.agenda.validate import validate_assignment

if TYPE_CHECKING:
    from proxeny.engine.agenda._cpsat import AgendaModel

__all__ = ["apply_change", "repair"]

# Meetings that a repair may move: those pushed out, then ever wider circles of their parties'.
CIRCLES = 6
# Most pairs of meeting and slot that a repair looks at together.
LARGEST_CIRCLE = 20_000
# Meetings that are looked at in a full slot, and circles up to this size grow by one more step.
FEW = 12


def repair(
    problem: Problem,
    published: Assignment,
    *,
    gone_participants: Collection[int] = (),
    gone_meetings: Collection[int] = (),
    lost_tables: Collection[int] = (),
    late: Mapping[int, int] | None = None,
    from_slot: int = 0,
    time_limit_s: float = 2.0,
    workers: int = 2,
    seed: int = 0,
    should_stop: Callable[[], bool] | None = None,
) -> RepairResult:
    """Find a new agenda with the most published value and, among those, the fewest moved meetings.

    Parameters
    ----------
    problem : Problem
        As it was when the agenda was published; its changes come as the other arguments.
    published : tuple of Placed
        Only these meetings are placed again; others stay out.
    gone_participants, gone_meetings, lost_tables : collection of int
        Those no longer available, from `from_slot` on.
    late : mapping of participant to slot
        The first slot at which a late participant is there.
    from_slot : int
        Slots before it are over: meetings there stay, and nothing moves into them.
    time_limit_s : float
        Wall time in seconds; the best repair so far is returned when it runs out.

    Returns
    -------
    RepairResult
        A meeting that stays in its slot and changes its table counts as moved, too. Nothing is
        optimised for breaks.

    Raises
    ------
    ValueError
        On indices that do not exist, naming the argument.

    Notes
    -----
    Meetings pushed out are placed with all others fixed; if they do not all fit, meetings of the
    same people are freed, ring by ring. The number pushed out is a lower bound on moves; if every
    meeting is free the answer is proven.
    """
    begun = time.monotonic()
    validate_assignment(problem, published, "published")
    changed = apply_change(
        problem,
        gone_participants=gone_participants,
        lost_tables=lost_tables,
        late=late or {},
        from_slot=from_slot,
    )
    gone = _cancelled(problem, published, gone_participants, gone_meetings, from_slot)
    work = _Work(changed, published, gone, from_slot)
    search = Search(
        core=work.core,
        fairness=None,
        deadline=begun + time_limit_s,
        started=begun,
        should_stop=should_stop,
    )
    proven = work.place_pushed_out(search, workers, seed)
    return work.result(gone, proven, search)


def apply_change(
    problem: Problem,
    *,
    gone_participants: Collection[int] = (),
    lost_tables: Collection[int] = (),
    late: Mapping[int, int] | None = None,
    from_slot: int = 0,
) -> Problem:
    """Return the problem with people and tables unavailable, and no meeting required."""
    late = late or {}
    slots = range(len(problem.slots))
    _check_indices(gone_participants, len(problem.participants), "gone_participants")
    _check_indices(late, len(problem.participants), "late")
    _check_indices(lost_tables, len(problem.tables), "lost_tables")
    rest = frozenset(slots[from_slot:])
    people = tuple(
        replace(one, unavailable=one.unavailable | rest)
        if index in gone_participants
        else replace(
            one,
            unavailable=one.unavailable | frozenset(slots[from_slot : late.get(index, 0)]),
        )
        for index, one in enumerate(problem.participants)
    )
    tables = tuple(
        replace(one, unavailable=one.unavailable | rest) if index in lost_tables else one
        for index, one in enumerate(problem.tables)
    )
    meetings = tuple(replace(one, required=False) for one in problem.meetings)
    return replace(problem, participants=people, tables=tables, meetings=meetings)


def _check_indices(indices: Iterable[int], size: int, field: str) -> None:
    for index in indices:
        if not 0 <= index < size:
            raise ValueError(f"{field}: {index + 1} does not exist (there are {size})")


def _cancelled(
    problem: Problem,
    published: Assignment,
    gone_participants: Collection[int],
    gone_meetings: Collection[int],
    from_slot: int,
) -> set[int]:
    _check_indices(gone_meetings, len(problem.meetings), "gone_meetings")
    gone = set(gone_participants)
    return {
        one.meeting
        for one in published
        if one.meeting in gone_meetings
        or (one.slot >= from_slot and gone.intersection(problem.meetings[one.meeting].parties))
    }


class _Work:
    """The published meetings that are still wanted, and where each of them is now."""

    def __init__(
        self, problem: Problem, published: Assignment, gone: set[int], from_slot: int
    ) -> None:
        self.problem = problem
        self.from_slot = from_slot
        self.published = {one.meeting: one for one in published if one.meeting not in gone}
        core = build_core(problem)
        self.core = replace(core, domains=tuple(map(self._not_over, count(), core.domains)))
        self.slot_of = {
            meeting: one.slot
            for meeting, one in self.published.items()
            if one.slot < from_slot or self._still_possible(one)
        }
        self.pushed_out = sorted(set(self.published) - set(self.slot_of))
        self.moves_bound = len(self.pushed_out)
        self.places: dict[int, int] = {}

    def _still_possible(self, one: Placed) -> bool:
        table = self.problem.tables[one.table]
        return one.slot in self.core.domains[one.meeting] and one.slot not in table.unavailable

    def place_pushed_out(self, search: Search, workers: int, seed: int) -> bool:
        """Place what was pushed out; returns whether the outcome is proven best."""
        movable = {m for m, one in self.published.items() if one.slot >= self.from_slot}
        free = movable if self.core.walking else set(self.pushed_out)
        for _ in range(CIRCLES):
            outcome = self._place(sorted(free), search, workers, seed)
            if outcome is None:
                return False
            slots, optimal = outcome
            if self._score(slots) >= self._score(self.slot_of):
                self.slot_of = slots
            if (optimal and free == movable) or self._is_best(search, workers):
                return True
            left = [m for m in self.published if m not in self.slot_of] or self.pushed_out
            wider = (free | self._in_the_way(left)) & movable
            if wider == free or self._size(wider) > LARGEST_CIRCLE:
                wider = movable
            if self._size(wider) > LARGEST_CIRCLE:
                self._one_by_one(movable, search, workers, seed)
                return self._is_best(search, workers)
            if search.stopped() or free == movable:
                return False
            free = wider
        return False

    def _one_by_one(self, movable: set[int], search: Search, workers: int, seed: int) -> None:
        """Place what is left one meeting at a time, each time freeing only what is in its way."""
        for meeting in sorted(movable - set(self.slot_of), key=lambda m: -self.core.values[m]):
            if search.stopped():
                return
            free = {meeting} | (self._in_the_way([meeting]) & movable)
            if self._size(free) <= LARGEST_CIRCLE:
                outcome = self._place(sorted(free), search, workers, seed)
                if outcome is not None and self._score(outcome[0]) > self._score(self.slot_of):
                    self.slot_of = outcome[0]

    def _is_best(self, search: Search, workers: int) -> bool:
        """Whether counting proves that no more fits, and only what was pushed out has moved."""
        dropped = len(self.published) - len(self.slot_of)
        if self.moves(self.slot_of) > self.moves_bound - dropped:
            return False
        if not dropped:
            return True
        from proxeny.engine.agenda._value import counting_bound

        wanted = sorted(self.published)
        worth = tuple(1 + value for value in self.core.values)
        part = restrict(replace(self.core, values=worth), wanted, {})
        return sum(worth[m] for m in self.slot_of) >= counting_bound(part, search, workers)

    def _size(self, meetings: set[int]) -> int:
        return sum(len(self.core.domains[m]) for m in meetings)

    def _in_the_way(self, left: Sequence[int]) -> set[int]:
        """Other meetings of these meetings' people, and what fills the slots they are free in."""
        people = {p for m in left for p in self.core.parties[m]}
        way = {m for m in self.published if people.intersection(self.core.parties[m])}
        by_slot: dict[int, list[int]] = {}
        for meeting, slot in sorted(self.slot_of.items()):
            by_slot.setdefault(slot, []).append(meeting)
        for meeting in left:
            for slot in self.core.domains[meeting]:
                here = by_slot.get(slot, [])
                busy = {p for m in here for p in self.core.parties[m]}
                if busy.isdisjoint(self.core.parties[meeting]):
                    way.update(here[:FEW])
        second = {p for m in way for p in self.core.parties[m]} if len(way) <= FEW else set()
        return way | {m for m in self.published if second.intersection(self.core.parties[m])}

    def moves(self, slots: Mapping[int, int]) -> int:
        """Return the number of meetings that change their slot or table."""
        pushed = set(self.pushed_out)
        return sum(m in pushed or slot != self.published[m].slot for m, slot in slots.items())

    def _place(
        self, free: list[int], search: Search, workers: int, seed: int
    ) -> tuple[dict[int, int], bool] | None:
        """Best slots of the free meetings with all others fixed: value first, then fewest moves."""
        from proxeny.engine.agenda._cpsat import AgendaModel, run_cpsat

        if not free:
            return dict(self.slot_of), True
        if self.core.walking:
            free = sorted(self.published)
        moving = set(free)
        fixed = {m: slot for m, slot in self.slot_of.items() if m not in moving}
        part = restrict(self.core, free, fixed)
        part = replace(part, required=(False,) * len(free))
        model = AgendaModel(part)
        weight = len(free) + 1
        placed = sum(weight * (1 + v) * p for v, p in zip(part.values, model.placed, strict=True))
        model.model.maximize(placed + sum(self._stays(model, free)))
        model.hint([self.slot_of.get(m, -1) for m in free])
        found: list[tuple[list[int], dict[int, int]]] = []
        status, _ = run_cpsat(
            model.model,
            search,
            workers=workers,
            seed=seed,
            on_solution=lambda value: found.append((model.read(value), model.read_places(value))),
        )
        if not found:
            return None
        slots, places = found[-1]
        self.places = {free[index]: place for index, place in places.items()}
        moved = {m: slot for m, slot in zip(free, slots, strict=True) if slot >= 0}
        return fixed | moved, status == "OPTIMAL"

    def _stays(self, model: "AgendaModel", free: list[int]) -> list[Any]:
        """Literals that hold where a meeting keeps its slot and, where it counts, its place."""
        pushed, walks = set(self.pushed_out), self.core.walks
        stays = []
        for index, meeting in enumerate(free):
            was = self.published[meeting]
            literal = model.at.get((index, was.slot))
            if walks is not None:
                place = next(p for p, group in enumerate(walks.tables) if was.table in group)
                literal = model.place.get((index, was.slot, place))
            if meeting not in pushed and literal is not None:
                stays.append(literal)
        return stays

    def _not_over(self, meeting: int, domain: tuple[int, ...]) -> tuple[int, ...]:
        """Slots still to come; a meeting that is over stays where it was."""
        was = self.published.get(meeting)
        if was is not None and was.slot < self.from_slot:
            return (was.slot,)
        return tuple(slot for slot in domain if slot >= self.from_slot)

    def _score(self, slots: Mapping[int, int]) -> int:
        """Value, and then moves, as one number."""
        worth = sum(1 + self.core.values[m] for m in slots)
        return worth * (len(self.published) + 1) - self.moves(slots)

    def _tables_allowed(self) -> dict[int, frozenset[int]]:
        walks = self.core.walks
        if walks is None:
            return {}
        return {meeting: walks.tables[place] for meeting, place in self.places.items()}

    def result(self, gone: set[int], proven: bool, search: Search) -> RepairResult:
        """Hand out tables, keeping those published, and compare with what was published."""
        prefer = {m: one.table for m, one in self.published.items()}
        over = {m for m, one in self.published.items() if one.slot < self.from_slot}
        assignment, _ = hand_out(
            self.problem, self.slot_of, prefer=prefer, allowed=self._tables_allowed()
        )
        verdict = check(self.problem, assignment)
        moved = tuple(
            Moved(one.meeting, was.slot, was.table, one.slot, one.table)
            for one in assignment
            for was in [self.published[one.meeting]]
            if (was.slot, was.table) != (one.slot, one.table) and one.meeting not in over
        )
        there = {one.meeting for one in assignment}
        slots = [self.slot_of.get(m, -1) for m in range(self.core.n_meetings)]
        dropped = tuple(
            one
            for one in explain_unplaced(self.problem, self.core, slots)
            if one.meeting in self.published and one.meeting not in there
        )
        bound = max(0, self.moves_bound - len(dropped))
        certain = proven and len(moved) <= self.moves(self.slot_of)
        status: Status = "optimal" if certain else "feasible"
        return RepairResult(
            status=status,
            assignment=assignment,
            moved=moved,
            dropped=dropped,
            cancelled=tuple(sorted(gone)),
            moves_bound=len(moved) if certain else bound,
            objective=verdict.objective,
            breaks=verdict.breaks,
            seconds=search.seconds,
            verdict=verdict,
        )
