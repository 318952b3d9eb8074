"""The same question put to others: every set there is, and solvers of integer programs."""

from collections.abc import Mapping
from itertools import compress, product
from typing import Any

from proxeny.engine.funding import Plan

#: What OR-Tools carries, by the names of its interface.
SOLVERS = ("SCIP", "CBC")


def shorts_and_pool(plan: Plan, parts: Mapping[int, int]) -> tuple[list[int], int]:
    """Return what each activity needs beyond its own money, and what may move."""
    own, pool = [0] * len(plan.activities), 0
    for line in plan.lines:
        amount = line.amount * parts.get(line.source, 100) // 100
        if line.activity is None or line.movable:
            pool += amount
        else:
            own[line.activity] += amount
    pairs = zip(plan.activities, own, strict=True)
    return [max(0, one.cost - had) for one, had in pairs], pool


def worth_of(plan: Plan, kept: Any) -> tuple[int, int]:
    """Return the value of the core that is kept, and all value."""
    chosen = [plan.activities[one] for one in kept]
    return sum(one.value for one in chosen if one.core), sum(one.value for one in chosen)


def try_every_set(plan: Plan, parts: Mapping[int, int]) -> tuple[int, int]:
    """Return the best worth by trying every set of activities."""
    shorts, pool = shorts_and_pool(plan, parts)
    places, best = range(len(plan.activities)), (0, 0)
    for picks in product((False, True), repeat=len(plan.activities)):
        kept = set(compress(places, picks))
        if sum(compress(shorts, picks)) <= pool and all(
            set(plan.activities[one].needs) <= kept for one in kept
        ):
            best = max(best, worth_of(plan, kept))
    return best


def solve_as_program(name: str, plan: Plan, parts: Mapping[int, int]) -> tuple[int, int] | None:
    """Return the best worth by a plain integer program; None if it was not proven.

    One goal, in which any worth of the core outweighs all value; which of several equally good sets
    spends least is not asked, so that it does less than the engine.
    """
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver(name)
    solver.SetNumThreads(1)
    solver.SetTimeLimit(60_000)
    shorts, pool = shorts_and_pool(plan, parts)
    keeps = [solver.BoolVar("") for _ in plan.activities]
    for place, activity in enumerate(plan.activities):
        for need in activity.needs:
            solver.Add(keeps[place] <= keeps[need])
    solver.Add(solver.Sum(s * one for s, one in zip(shorts, keeps, strict=True)) <= pool)
    rest = 1 + sum(one.value for one in plan.activities)
    solver.Maximize(
        solver.Sum(
            (activity.value * rest + activity.value if activity.core else activity.value) * one
            for activity, one in zip(plan.activities, keeps, strict=True)
        )
    )
    exact = pywraplp.MPSolverParameters()
    exact.SetDoubleParam(exact.RELATIVE_MIP_GAP, 0.0)
    if solver.Solve(exact) != pywraplp.Solver.OPTIMAL:
        return None
    return worth_of(plan, [at for at, one in enumerate(keeps) if one.solution_value() > 0.5])


def version_of(name: str) -> str:
    """Return what a solver calls itself."""
    from ortools.linear_solver import pywraplp

    return str(pywraplp.Solver.CreateSolver(name).SolverVersion()).partition(" [")[0]
