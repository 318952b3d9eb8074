"""Two small integer programs over participants: a lower bound on breaks, and the hubs."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from ortools.sat.python import cp_model

from proxeny.engine.agenda._core import Core

__all__ = ["cover_by_hubs", "independent_set", "window_bound"]


def _solver(limit_s: float, workers: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.05, limit_s)
    solver.parameters.num_workers = workers
    solver.parameters.catch_sigint_signal = False
    return solver


def cover_by_hubs(core: Core, *, limit_s: float = 1.0) -> list[int]:
    """Fewest participants of which every meeting has one; on a tie, those with many meetings.

    Returns
    -------
    list of int
        Most meetings first.
    """
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(core.n_participants)]
    for parties in set(core.parties):
        model.add_bool_or([chosen[party] for party in parties])
    most = 1 + max((len(meetings) for meetings in core.meetings_of), default=0)
    # One more hub must weigh more than any tie.
    weight = most * (core.n_participants + 1)
    model.minimize(
        sum(
            (weight - len(meetings)) * one
            for meetings, one in zip(core.meetings_of, chosen, strict=True)
        )
    )
    solver = _solver(limit_s, 1)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        hubs = list(range(core.n_participants))
    else:
        hubs = [p for p, one in enumerate(chosen) if solver.boolean_value(one)]
    return sorted(hubs, key=lambda person: (-len(core.meetings_of[person]), person))


def independent_set(core: Core, hubs: Sequence[int]) -> list[int]:
    """Return participants of whom no two meet: the complement of a vertex cover, for pairs."""
    cover = set(hubs)
    return [person for person in range(core.n_participants) if person not in cover]


def window_bound(
    core: Core, hubs: Sequence[int], *, limit_s: float = 2.0, workers: int = 1
) -> int | None:
    """Lower bound on the number of broken days, and so on breaks; None if there is no schedule.

    Counts, per group of like participants, how many have an unbroken day in each window of slots
    and how many have a broken one (their busy slots free). Per slot: busy participants are twice
    the meetings, meetings at most the tables, and of an independent set no more are busy than
    there are meetings.

    Notes
    -----
    Exact only as a relaxation: which pairs meet is forgotten, except for the independent sets.
    """
    program = _WindowProgram(core, set(independent_set(core, hubs)))
    program.days_of_every_group()
    program.tables_and_pairs()
    program.model.minimize(sum(program.broken_days))
    solver = _solver(limit_s, workers)
    if solver.solve(program.model) == cp_model.INFEASIBLE:
        return None
    return max(0, int(solver.best_objective_bound + 1 - 1e-6))


class _WindowProgram:
    """Variables and rules of the integer program behind `window_bound`."""

    def __init__(self, core: Core, independent: set[int]) -> None:
        self.core = core
        self.independent = independent
        self.model = cp_model.CpModel()
        self.busy: dict[int, list[Any]] = defaultdict(list)
        self.busy_independent: dict[int, list[Any]] = defaultdict(list)
        self.broken_days: list[Any] = []

    def days_of_every_group(self) -> None:
        """Each participant has an unbroken day in one window, or a broken day."""
        groups: Counter[tuple[int, tuple[int, ...], tuple[int, ...], bool]] = Counter()
        for person, meetings in enumerate(self.core.meetings_of):
            if meetings:
                windows, is_open = _windows(self.core, meetings)
                groups[len(meetings), windows, is_open, person in self.independent] += 1
        for (n, windows, is_open, inside), size in groups.items():
            self._days(n, windows, is_open, inside, size)

    def _days(
        self, n: int, windows: Sequence[int], is_open: Sequence[int], inside: bool, size: int
    ) -> None:
        starts = [self.model.new_int_var(0, size, "") for _ in windows]
        broken = self.model.new_int_var(0, size if n > 1 else 0, "")
        self.model.add(sum(starts) + broken == size)
        self.broken_days.append(broken)
        free = {slot: self.model.new_int_var(0, size, "") for slot in is_open}
        self.model.add(sum(free.values()) == n * broken)
        for slot in is_open:
            self.model.add(free[slot] <= broken)
            here = [var for var, s in zip(starts, windows, strict=True) if s <= slot < s + n]
            self.busy[slot] += [free[slot], *here]
            if inside:
                self.busy_independent[slot] += [free[slot], *here]

    def tables_and_pairs(self) -> None:
        """Meetings per slot against tables, busy participants and the independent set."""
        core = self.core
        pairs_only = all(len(parties) == 2 for parties in core.parties)
        held = [self.model.new_int_var(0, limit, "") for limit in core.table_limit]
        self.model.add(sum(held) == core.n_meetings)
        for slot, meetings in enumerate(held):
            if pairs_only:
                self.model.add(sum(self.busy[slot]) == 2 * meetings)
                self.model.add(sum(self.busy_independent[slot]) <= meetings)
            else:
                self.model.add(sum(self.busy[slot]) >= 2 * meetings)


def _windows(core: Core, meetings: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First slots of the windows that the meetings can fill exactly, and the slots open at all."""
    domains = [set(core.domains[meeting]) for meeting in meetings]
    is_open = sorted(set().union(*domains))
    n = len(meetings)
    opened = set(is_open)
    windows = tuple(
        first
        for first in range(core.n_slots - n + 1)
        if opened.issuperset(range(first, first + n)) and _fills(domains, range(first, first + n))
    )
    return windows, tuple(is_open)


def _fills(domains: Sequence[set[int]], window: range) -> bool:
    """Whether the meetings can take the slots of a window one each (bipartite matching)."""
    holder: dict[int, int] = {}

    def seat(meeting: int, seen: set[int]) -> bool:
        for slot in window:
            if slot in domains[meeting] and slot not in seen:
                seen.add(slot)
                if slot not in holder or seat(holder[slot], seen):
                    holder[slot] = meeting
                    return True
        return False

    return all(seat(meeting, set()) for meeting in range(len(domains)))
