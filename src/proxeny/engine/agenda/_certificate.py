"""Keep the refutation behind a bound where anyone can check it: a DRAT proof and its formula."""

from dataclasses import replace
from pathlib import Path

from proxeny.engine.agenda._bounds import cover_by_hubs
from proxeny.engine.agenda._core import Core
from proxeny.engine.agenda._formula import AgendaFormula
from proxeny.engine.agenda._search import Search
from proxeny.engine.agenda.model import Problem
from proxeny.engine.agenda.result import Result

__all__ = ["write_certificate"]


def write_certificate(problem: Problem, search: Search, result: Result, path: Path) -> Result:
    """Refute "at most bound - 1 breaks" (or any schedule, if infeasible) with a proof on disk.

    The refutation runs again without a deadline of its own, by a solver that writes proofs. Writes
    the proof to `path` (DRAT, one clause per line) and the formula to `path` with `.cnf` added.

    Returns
    -------
    Result
        With a note of what was written, or why nothing was.
    """
    formula = _formula_to_refute(search, result)
    if formula is None:
        words = "no certificate: the bound needs no refutation, or the solver used has none"
        return replace(result, notes=(*result.notes, words))
    from pysat.solvers import Solver

    with Solver(name="cadical195", bootstrap_with=formula.clauses, with_proof=True) as solver:
        if solver.solve():
            words = "no certificate: the bound comes from a stronger argument than this formula"
            return replace(result, notes=(*result.notes, words))
        proof = solver.get_proof()
    path.write_text("".join(f"{line}\n" for line in proof), encoding="ascii")
    cnf = path.with_name(path.name + ".cnf")
    with cnf.open("w", encoding="ascii") as file:
        file.write(f"p cnf {formula.n_vars} {len(formula.clauses)}\n")
        file.writelines(" ".join(map(str, clause)) + " 0\n" for clause in formula.clauses)
    words = f"certificate: {path.name} (DRAT) refutes {cnf.name}"
    return replace(result, notes=(*result.notes, words))


def _formula_to_refute(search: Search, result: Result) -> AgendaFormula | None:
    core: Core = search.core
    every = all(core.required) or (search.slots is not None and min(search.slots) >= 0)
    if core.walking or core.caps_bind or not every or not all(core.domains):
        return None
    if result.status not in ("optimal", "infeasible"):
        return None
    if result.status == "optimal" and not result.bound:
        return None
    most = (result.bound or 0) - 1
    formula = AgendaFormula(
        core, fairness=search.fairness, hubs=cover_by_hubs(core), top=max(0, most)
    )
    if result.status != "infeasible" and most < len(formula.more_than):
        formula.add(-formula.more_than[most])
    return formula
