"""The plain constraint model, solved with CP-SAT: any constraint, middle sizes, exact.

One method per rule, named after it. It serves problems that the refutation route does not express
(optional meetings, walking time), the value stage, and as a second route to the bounds.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from ortools.sat.python import cp_model

from proxeny.engine.agenda._core import Core, Walks
from proxeny.engine.agenda._search import Search

__all__ = ["AgendaModel", "run_cpsat"]


class AgendaModel:
    """CP-SAT variables and constraints of one core.

    Attributes
    ----------
    at : dict of (meeting, slot) to Boolean
        The meeting takes place in the slot.
    placed : list of Boolean
        Per meeting.
    busy : dict of (participant, slot) to Boolean
    """

    def __init__(self, core: Core) -> None:
        """State every rule except fairness and the objective."""
        self.core = core
        self.model = cp_model.CpModel()
        self.at: dict[tuple[int, int], Any] = {}
        self.placed: list[Any] = []
        self.place: dict[tuple[int, int, int], Any] = {}
        self.busy: dict[tuple[int, int], Any] = {}
        self.breaks_of: list[Any] = []
        self.each_meeting_at_most_one_slot()
        self.one_meeting_per_participant_and_slot()
        self.resources_not_exceeded()
        self.caps_kept()
        self.precedences_kept()
        self.walks_not_too_long()

    def each_meeting_at_most_one_slot(self) -> None:
        """Place a meeting once, and a required one for sure."""
        for meeting, domain in enumerate(self.core.domains):
            for slot in domain:
                self.at[meeting, slot] = self.model.new_bool_var("")
            placed = self.model.new_bool_var("")
            self.model.add_exactly_one(
                [self.at[meeting, slot] for slot in domain] + [placed.negated()]
            )
            if self.core.required[meeting]:
                self.model.add(placed == 1)
            self.placed.append(placed)

    def one_meeting_per_participant_and_slot(self) -> None:
        """Nobody is in two meetings at once; `busy` says whether they are in one."""
        for person, meetings in enumerate(self.core.meetings_of):
            for slot in range(self.core.n_slots):
                here = [self.at[m, slot] for m in meetings if (m, slot) in self.at]
                if here:
                    busy = self.model.new_bool_var("")
                    self.model.add_exactly_one([*here, busy.negated()])
                    self.busy[person, slot] = busy

    def resources_not_exceeded(self) -> None:
        """Tables and interpreters suffice in every slot (Hall's condition)."""
        for resource in self.core.resources:
            for slot, capacity in enumerate(resource.capacity):
                here = [self.at[m, slot] for m in resource.meetings if (m, slot) in self.at]
                if len(here) > capacity:
                    self.model.add(sum(here) <= capacity)

    def caps_kept(self) -> None:
        """Nobody has more meetings than they accept."""
        for meetings, cap in zip(self.core.meetings_of, self.core.caps, strict=True):
            if len(meetings) > cap:
                self.model.add(sum(self.placed[m] for m in meetings) <= cap)

    def precedences_kept(self) -> None:
        """One meeting before another, where both are placed."""
        for before, after in self.core.precedences:
            if not self.core.domains[before] or not self.core.domains[after]:
                continue
            first = sum(slot * self.at[before, slot] for slot in self.core.domains[before])
            second = sum(slot * self.at[after, slot] for slot in self.core.domains[after])
            self.model.add(first + 1 <= second).only_enforce_if(
                self.placed[before], self.placed[after]
            )

    def walks_not_too_long(self) -> None:
        """Choose places too, so that no one has less time between two meetings than the walk takes."""
        walks = self.core.walks
        if walks is None:
            return
        self._choose_places(walks)
        for place, room in walks.rooms:
            for slot, capacity in enumerate(room.capacity):
                here = [
                    self.place[m, slot, place]
                    for m in room.meetings
                    if (m, slot, place) in self.place
                ]
                if len(here) > capacity:
                    self.model.add(sum(here) <= capacity)
        for person in range(self.core.n_participants):
            for a, b, x, y in walks.too_far:
                first, second = self._there(person, a, x), self._there(person, b, y)
                if first and second:
                    between = [
                        self.busy[person, slot]
                        for slot in range(a + 1, b)
                        if (person, slot) in self.busy
                    ]
                    self.model.add(sum(first) + sum(second) <= 1 + sum(between))

    def _choose_places(self, walks: Walks) -> None:
        for (meeting, slot), at in self.at.items():
            choices = walks.choices[meeting]
            for place in choices:
                self.place[meeting, slot, place] = (
                    at if len(choices) == 1 else self.model.new_bool_var("")
                )
            if len(choices) > 1:
                here = [self.place[meeting, slot, place] for place in choices]
                self.model.add_exactly_one([*here, at.negated()])

    def _there(self, person: int, slot: int, place: int) -> list[Any]:
        return [
            self.place[m, slot, place]
            for m in self.core.meetings_of[person]
            if (m, slot, place) in self.place
        ]

    def value(self) -> Any:
        """Value of the placed meetings."""
        return sum(v * p for v, p in zip(self.core.values, self.placed, strict=True))

    def count_breaks(self) -> None:
        """Fill `breaks_of` with an expression per participant, exact in both directions."""
        for person in range(self.core.n_participants):
            self.breaks_of.append(sum(self._idle_runs_ending(person)))

    def _idle_runs_ending(self, person: int) -> list[Any]:
        """Per slot: the participant is busy, was idle the slot before, and was busy earlier."""
        ends: list[Any] = []
        started: Any = self.busy.get((person, 0), False)
        for slot in range(1, self.core.n_slots):
            busy: Any = self.busy.get((person, slot), False)
            previous: Any = self.busy.get((person, slot - 1), False)
            if slot > 1 and busy is not False and started is not False:
                ends.append(self._and(busy, started, previous))
            if busy is not False:
                started = busy if started is False else self._or(started, busy)
        return ends

    def _and(self, busy: Any, started: Any, previous: Any) -> Any:
        literals = [busy, started] + ([] if previous is False else [previous.negated()])
        end = self.model.new_bool_var("")
        self.model.add_bool_and(literals).only_enforce_if(end)
        self.model.add_bool_or([one.negated() for one in literals] + [end])
        return end

    def _or(self, first: Any, second: Any) -> Any:
        either = self.model.new_bool_var("")
        self.model.add_implication(first, either)
        self.model.add_implication(second, either)
        self.model.add_bool_or([first, second, either.negated()])
        return either

    def fair(self, largest_difference: int) -> None:
        """Numbers of breaks of any two participants differ by at most the given number."""
        least = self.model.new_int_var(0, self.core.n_slots, "")
        for breaks in self.breaks_of:
            self.model.add(breaks >= least)
            self.model.add(breaks <= least + largest_difference)

    def hint(self, slots: Sequence[int]) -> None:
        """Start from a schedule."""
        self.model.clear_hints()
        for (meeting, slot), literal in self.at.items():
            self.model.add_hint(literal, slots[meeting] == slot)

    def read(self, value_of: Callable[[Any], bool]) -> list[int]:
        """Slot per meeting, -1 where unplaced."""
        slots = [-1] * self.core.n_meetings
        for (meeting, slot), literal in self.at.items():
            if value_of(literal):
                slots[meeting] = slot
        return slots

    def read_places(self, value_of: Callable[[Any], bool]) -> dict[int, int]:
        """Place per meeting, where places matter."""
        return {m: place for (m, _, place), literal in self.place.items() if value_of(literal)}


class _Watcher(cp_model.CpSolverSolutionCallback):
    """Hands every solution to the search as it is found."""

    def __init__(self, on_solution: Callable[[Callable[[Any], bool]], None]) -> None:
        super().__init__()
        self._on_solution = on_solution

    def on_solution_callback(self) -> None:
        """Called by CP-SAT in one of its threads."""
        self._on_solution(self.boolean_value)


def run_cpsat(
    model: cp_model.CpModel,
    search: Search,
    *,
    workers: int,
    seed: int,
    limit_s: float | None = None,
    on_solution: Callable[[Callable[[Any], bool]], None] | None = None,
    on_bound: Callable[[float], None] | None = None,
) -> tuple[str, cp_model.CpSolver]:
    """Solve in a helper thread while the caller's thread polls the search.

    Returns
    -------
    status : str
        CP-SAT's name of it, such as `OPTIMAL` or `INFEASIBLE`.
    solver : CpSolver
        For values and bounds.
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = max(1, workers)
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_time_in_seconds = max(
        0.01, min(search.left_s, limit_s if limit_s is not None else search.left_s)
    )
    solver.parameters.catch_sigint_signal = False
    if on_bound is not None:
        solver.best_bound_callback = on_bound
    outcome: list[Any] = []
    watcher = _Watcher(on_solution) if on_solution else None
    thread = threading.Thread(
        target=lambda: outcome.append(solver.solve(model, watcher)), daemon=True
    )
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.1)
            if not search.poll():
                solver.stop_search()
    finally:
        while thread.is_alive():
            solver.stop_search()
            thread.join(0.1)
    return (solver.status_name(outcome[0]) if outcome else "UNKNOWN"), solver
