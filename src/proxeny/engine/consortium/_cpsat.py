"""The best consortia among some, one after the other, with CP-SAT.

One method per demand, named after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from proxeny.engine.consortium._problem import Problem
from proxeny.engine.consortium.directory import MOST_LEVEL
from proxeny.engine.consortium.model import Who
from proxeny.engine.consortium.rules import Countries, Independent

__all__ = ["ConsortiumModel", "Solved"]


@dataclass(frozen=True, slots=True)
class Solved:
    """Result of a search: members by number (None if nobody), the bound, and others on the way."""

    members: tuple[int, ...] | None
    worth: int
    bound: int
    done: bool
    passed: tuple[tuple[int, tuple[int, ...]], ...] = ()


_NOTHING = Solved(None, 0, 0, done=False)


class _Passed(cp_model.CpSolverSolutionCallback):
    """Keeps what a search finds on its way."""

    def __init__(self, chosen: Sequence[Any]) -> None:
        super().__init__()
        self.chosen = chosen
        self.found: list[tuple[int, tuple[int, ...]]] = []

    def on_solution_callback(self) -> None:
        """Keep one."""
        members = tuple(at for at, one in enumerate(self.chosen) if self.boolean_value(one))
        self.found.append((round(self.objective_value), members))


def _bound_of(solver: cp_model.CpSolver) -> int:
    """Return the whole number that nothing is worth more than."""
    bound: float = solver.best_objective_bound
    return floor(bound + 1e-6)


class ConsortiumModel:
    """CP-SAT variables and constraints of one problem.

    Parameters
    ----------
    problem : Problem
        With all rows.
    without : set of str
        Demands that are left out, to find out which of them cannot be met together.
    has_goal : bool
        Without one, anything that meets the demands will do.
    """

    def __init__(
        self, problem: Problem, *, without: frozenset[str] = frozenset(), has_goal: bool = True
    ) -> None:
        self.problem, self.without = problem, without
        self.model = cp_model.CpModel()
        self.chosen = [self.model.new_bool_var("") for _ in range(problem.count)]
        self.goal: list[tuple[Any, int]] = []
        if "keep" not in without:
            for at in problem.kept.tolist():
                self.model.add(self.chosen[at] == 1)
        self._rows()
        self._different_countries()
        if has_goal:
            self._members_worth()
            self._coverage()
            self._relations()
            self._balance()
            self.model.maximize(self._worth())

    def forbid(self, members: Sequence[int], differ_by: int) -> None:
        """Have so many members that are not of these; a smaller part of them is no other proposal."""
        some = set(members)
        others = [one for at, one in enumerate(self.chosen) if at not in some]
        out = sum(1 - self.chosen[at] for at in some)
        if differ_by == 1:
            self.model.add(sum(others) + out >= 1)
        else:
            self.model.add(sum(others) >= differ_by)

    def at_least(self, worth: int) -> None:
        """Leave out what is worth less."""
        self.model.add(self._worth() >= worth)

    def _worth(self) -> Any:
        return cp_model.LinearExpr.weighted_sum(
            [one for one, _ in self.goal], [weight for _, weight in self.goal]
        )

    def solve(self, time_limit_s: float, workers: int) -> Solved:
        """Return the best; without time nothing is looked for."""
        if time_limit_s <= 0:
            return _NOTHING
        solver = cp_model.CpSolver()
        # Otherwise it would disable Ctrl-C for the calling process, for good.
        solver.parameters.catch_sigint_signal = False
        solver.parameters.num_workers = workers
        solver.parameters.max_time_in_seconds = time_limit_s
        solver.parameters.random_seed = 1
        # The linear relaxation is sharp here; without it in full the search knows next to nothing.
        solver.parameters.linearization_level = 2
        passed = _Passed(self.chosen)
        status = solver.solve(self.model, passed)
        if status == cp_model.INFEASIBLE:
            return Solved(None, 0, 0, done=True)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return _NOTHING
        members = tuple(at for at, one in enumerate(self.chosen) if solver.boolean_value(one))
        worth = round(solver.objective_value) if self.goal else 0
        bound = _bound_of(solver) if self.goal else 0
        return Solved(
            members, worth, max(bound, worth), status == cp_model.OPTIMAL, tuple(passed.found)
        )

    def _rows(self) -> None:
        for row in self.problem.rows:
            if row.name in self.without:
                continue
            on = np.flatnonzero(row.numbers)
            whole = cp_model.LinearExpr.weighted_sum(
                [self.chosen[at] for at in on.tolist()], row.numbers[on].tolist()
            )
            made = []
            if row.has_least:
                made.append(self.model.add(whole >= row.least))
            if row.has_most:
                made.append(self.model.add(whole <= row.most))
            if row.if_any is not None:
                some = np.flatnonzero(row.if_any).tolist()
                is_there = self.model.new_bool_var("")
                self.model.add_max_equality(is_there, [self.chosen[at] for at in some] or [0])
                for one in made:
                    one.only_enforce_if(is_there)

    def _different_countries(self) -> None:
        for rule in self.problem.wish.call.rules:
            if rule.key in self.without:
                continue
            if isinstance(rule, Independent):
                self._independent(rule)
            elif isinstance(rule, Countries):
                self._countries(rule)

    def _independent(self, rule: Independent) -> None:
        """Choose at most one representative of each country and each group."""
        profiles = self.problem.profiles
        meant = profiles.matches(rule.who, sure=True)
        special = meant & profiles.matches(rule.of_which or Who(), sure=True)
        pools: dict[tuple[int, int], list[int]] = {}
        for at in np.flatnonzero(meant).tolist():
            group = int(profiles.group[at]) if rule.independent else -1
            pools.setdefault((int(profiles.country[at]), group), []).append(at)
        stands = {}
        for key, pool in pools.items():
            stands[key] = self.model.new_bool_var("")
            self.model.add(sum(self.chosen[at] for at in pool) >= stands[key])
        for side in (0, 1):
            for number in {key[side] for key in pools} - ({-1} if side else set()):
                of_it = [one for key, one in stands.items() if key[side] == number]
                self.model.add_at_most_one(of_it)
        self.model.add(sum(stands.values()) >= rule.least)
        good = [one for key, one in stands.items() if special[pools[key][0]]]
        self.model.add(sum(good) >= rule.of_which_least)

    def _countries(self, rule: Countries) -> None:
        profiles = self.problem.profiles
        for who_is_sure, bound in ((True, rule.least or None), (False, rule.most)):
            if bound is None:
                continue
            meant = profiles.matches(rule.who, sure=who_is_sure)
            there = []
            for number in sorted(set(profiles.country[meant].tolist())):
                pool = np.flatnonzero(meant & (profiles.country == number)).tolist()
                one = self.model.new_bool_var("")
                self.model.add_max_equality(one, [self.chosen[at] for at in pool])
                there.append(one)
            self.model.add(sum(there) >= bound if who_is_sure else sum(there) <= bound)

    def _members_worth(self) -> None:
        self.goal.extend(zip(self.chosen, self.problem.worth.tolist(), strict=True))

    def _coverage(self) -> None:
        for need, weight in enumerate(self.problem.weights.tolist()):
            self._reached(self.problem.levels[:, need], weight)

    def _reached(self, levels: Any, weight: int, only_if: Any = None) -> None:
        """Earn a weight for each level that somebody chosen has."""
        before = None
        for level in range(1, MOST_LEVEL + 1):
            pool = np.flatnonzero(levels >= level).tolist()
            if not pool or not weight:
                return
            reached = self.model.new_bool_var("")
            self.model.add(sum(self.chosen[at] for at in pool) >= reached)
            if only_if is not None:
                self.model.add_implication(reached, only_if)
            if before is not None:
                self.model.add_implication(reached, before)
            self.goal.append((reached, weight))
            before = reached

    def _relations(self) -> None:
        """Earn for each member the strongest relation it has to another one."""
        problem = self.problem
        levels = np.zeros(problem.count, dtype=np.int64)
        for at in range(problem.count):
            some = slice(problem.start[at], problem.start[at + 1])
            levels[problem.edges[some, 1]] = problem.strength[some]
            self._reached(levels, problem.wish.weights.relation, only_if=self.chosen[at])
            levels[problem.edges[some, 1]] = 0

    def _balance(self) -> None:
        sides = len(self.problem.wish.sides)
        if sides < 2 or not self.problem.wish.weights.balance:
            return
        most = self.problem.wish.most_members
        spread = self.model.new_int_var(0, most, "")
        numbers = [
            sum(self.chosen[at] for at in np.flatnonzero(self.problem.side == side).tolist())
            for side in range(sides)
        ]
        for a in numbers:
            for b in numbers:
                if a is not b:
                    self.model.add(spread >= a - b)
        self.goal.append((spread, -self.problem.wish.weights.balance))
