"""Which solver works on what, and how their answers become one result."""

from pathlib import Path
from typing import Any

from proxeny.engine.agenda._cpsat import AgendaModel, run_cpsat
from proxeny.engine.agenda._rooms import hand_out
from proxeny.engine.agenda._search import Search
from proxeny.engine.agenda.check import check
from proxeny.engine.agenda.model import Assignment, Problem
from proxeny.engine.agenda.result import Result, Status, Unplaced

__all__ = ["run_portfolio"]


def run_portfolio(
    problem: Problem,
    search: Search,
    *,
    workers: int,
    seed: int,
    start: Assignment | None,
    certificate: Path | None,
) -> Result:
    """Run the solvers that suit the problem and gather the result."""
    if start:
        slots = [-1] * search.core.n_meetings
        for placed in start:
            slots[placed.meeting] = placed.slot
        search.offer(slots)
    infeasible = _choose_route(search, workers, seed)
    return finish(problem, search, infeasible=infeasible, seed=seed)


def _choose_route(search: Search, workers: int, seed: int) -> bool:
    """Refutation where every meeting has to be placed, else the plain model."""
    core = search.core
    if core.walking or not all(core.required) or core.caps_bind:
        return _value_then_breaks(search, workers, seed)
    if not all(core.domains):
        return True
    from proxeny.engine.agenda._exact import prove_breaks

    return prove_breaks(core, search, workers=workers, seed=seed)


def _value_then_breaks(search: Search, workers: int, seed: int) -> bool:
    """Two stages of the plain model; returns whether it proved that there is no schedule."""
    stage = AgendaModel(search.core)
    stage.count_breaks()
    if search.fairness is not None:
        stage.fair(search.fairness)
    if search.slots is not None:
        stage.hint(search.slots)

    def take(value_of: Any) -> None:
        search.offer(stage.read(value_of))

    if not all(search.core.required):
        search.report("value")
        stage.model.maximize(stage.value())
        status, solver = run_cpsat(
            stage.model,
            search,
            workers=workers,
            seed=seed,
            on_solution=take,
            limit_s=search.left_s / 2,
        )
        if status == "INFEASIBLE":
            return True
        search.lower_value_bound(int(solver.best_objective_bound + 1e-6))
        if search.slots is None:
            return False
        stage.model.add(stage.value() >= search.value)
        stage.hint(search.slots)
    search.report("breaks")
    stage.model.minimize(sum(stage.breaks_of))
    status, solver = run_cpsat(stage.model, search, workers=workers, seed=seed, on_solution=take)
    if status in ("OPTIMAL", "FEASIBLE"):
        search.raise_bound(int(solver.best_objective_bound + 1 - 1e-6))
    return status == "INFEASIBLE"


def finish(problem: Problem, search: Search, *, infeasible: bool, seed: int) -> Result:
    """Hand out tables, ask the independent checker, and say what is proven."""
    search.report("done")
    notes = _notes(problem)
    if search.slots is None:
        status: Status = "infeasible" if infeasible else "unknown"
        return Result(
            status=status,
            objective=None,
            bound=None,
            value=0,
            value_bound=search.value_bound,
            gap=None,
            seconds=search.seconds,
            seed=seed,
            notes=notes,
        )
    slot_of = {m: slot for m, slot in enumerate(search.slots) if slot >= 0}
    assignment, left = hand_out(problem, slot_of, search.tables)
    verdict = check(problem, assignment, fairness=search.fairness)
    if not verdict.ok or left:
        raise RuntimeError("the solver's schedule breaks a rule: " + "; ".join(verdict.errors))
    return Result(
        status="optimal" if search.proven else "feasible",
        objective=verdict.objective,
        bound=search.bound,
        value=verdict.value,
        value_bound=search.value_bound,
        gap=(verdict.objective - search.bound) / max(1, verdict.objective),
        seconds=search.seconds,
        seed=seed,
        breaks=verdict.breaks,
        assignment=assignment,
        unplaced=tuple(
            Unplaced(m, "value", "Other meetings were worth more.")
            for m, slot in enumerate(search.slots)
            if slot < 0
        ),
        notes=notes,
        verdict=verdict,
    )


def _notes(problem: Problem) -> tuple[str, ...]:
    seen: dict[tuple[int, ...], int] = {}
    notes = []
    for index, meeting in enumerate(problem.meetings):
        parties = tuple(sorted(meeting.parties))
        if parties in seen:
            people = " and ".join(str(party + 1) for party in parties)
            notes.append(
                f"participants {people} meet more than once: "
                f"meetings {seen[parties] + 1} and {index + 1}"
            )
        else:
            seen[parties] = index
    return tuple(notes)
