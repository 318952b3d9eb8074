"""What the engine is compared with: a plain CP-SAT model, and MaxSAT on the paper's encoding.

Both are run as a child process of the benchmark, so that a solver that cannot be stopped can be
ended: `python -m benchmarks.agenda.baselines cpsat|maxsat FILE SECONDS` prints one JSON object.
"""

import json
import sys
from itertools import combinations
from pathlib import Path

from proxeny.engine.agenda import Problem, read_problem

__all__ = ["plain_cpsat", "plain_maxsat"]


def allowed(problem: Problem) -> list[list[int]]:
    """Slots open to each meeting."""
    everything = range(len(problem.slots))
    return [
        [
            slot
            for slot in (everything if one.slots is None else sorted(one.slots))
            if not any(slot in problem.participants[p].unavailable for p in one.parties)
        ]
        for one in problem.meetings
    ]


def plain_cpsat(problem: Problem, fairness: int, seconds: float) -> dict[str, object]:
    """One Boolean per meeting and slot, busy and started literals, nothing implied."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    slots = range(len(problem.slots))
    at = [{slot: model.new_bool_var("") for slot in domain} for domain in allowed(problem)]
    for row in at:
        model.add_exactly_one(row.values())
    for slot in slots:
        model.add(sum(row[slot] for row in at if slot in row) <= len(problem.tables))
    for order in problem.precedences:
        first = sum(slot * var for slot, var in at[order.before].items())
        second = sum(slot * var for slot, var in at[order.after].items())
        model.add(first < second)
    breaks = []
    for person in range(len(problem.participants)):
        mine = [row for row, one in zip(at, problem.meetings, strict=True) if person in one.parties]
        busy = [sum(row[slot] for row in mine if slot in row) for slot in slots]
        for expression in busy:
            model.add(expression <= 1)
        started = [model.new_bool_var("") for _ in slots]
        ends = []
        for slot in slots:
            before = started[slot - 1] if slot else 0
            model.add(started[slot] >= busy[slot])
            model.add(started[slot] >= before)
            model.add(started[slot] <= before + busy[slot])
            if slot:
                end = model.new_bool_var("")
                model.add(end >= busy[slot] - busy[slot - 1] + before - 1)
                model.add(end <= busy[slot])
                model.add(end <= 1 - busy[slot - 1])
                model.add(end <= before)
                ends.append(end)
        breaks.append(sum(ends))
    least = model.new_int_var(0, len(problem.slots), "")
    for number in breaks:
        model.add(number >= least)
        model.add(number <= least + fairness)
    model.minimize(sum(breaks))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return {
        "status": solver.status_name(status).lower(),
        "objective": round(solver.objective_value) if found else None,
        "seconds": solver.wall_time,
    }


def plain_maxsat(  # noqa: C901 - an encoding reads best in one piece
    problem: Problem, fairness: int, _seconds: float
) -> dict[str, object]:
    """Encoding of JAIR 74 (2022), section 4 with the implied constraints, solved with RC2.

    `busy`, `started` and hole literals as the paper has them, busy slots per participant equal to
    meetings, busy participants per slot at most twice the tables and even. The paper's own solver
    for it is closed to us; RC2 with Glucose 4 is what python-sat brings.
    """
    import time

    from pysat.card import CardEnc, EncType
    from pysat.examples.rc2 import RC2Stratified
    from pysat.formula import WCNF, IDPool

    begun = time.monotonic()
    pool, formula = IDPool(), WCNF()
    slots = range(len(problem.slots))
    at = [{slot: pool.id(("x", m, slot)) for slot in d} for m, d in enumerate(allowed(problem))]

    def count(kind: str, literals: list[int], bound: int) -> None:
        make = {"atmost": CardEnc.atmost, "equals": CardEnc.equals}[kind]
        if kind == "atmost" and bound >= len(literals):
            return
        formula.extend(make(literals, bound, vpool=pool, encoding=EncType.seqcounter).clauses)

    for row in at:
        count("equals", list(row.values()), 1)
    for slot in slots:
        count("atmost", [row[slot] for row in at if slot in row], len(problem.tables))
    for order in problem.precedences:
        for a, x in at[order.before].items():
            formula.extend([[-x, -y] for b, y in at[order.after].items() if b <= a])
    holes: list[list[int]] = []
    busy_at: list[list[int]] = [[] for _ in slots]
    for person in range(len(problem.participants)):
        mine = [row for row, one in zip(at, problem.meetings, strict=True) if person in one.parties]
        busy = [pool.id(("y", person, slot)) for slot in slots]
        started = [pool.id(("s", person, slot)) for slot in slots]
        ends = [pool.id(("h", person, slot)) for slot in slots]
        for slot in slots:
            here = [row[slot] for row in mine if slot in row]
            formula.extend([[-a, -b] for a, b in combinations(here, 2)])
            formula.extend([[-one, busy[slot]] for one in here])
            formula.append([-busy[slot], *here])
            before = [started[slot - 1]] if slot else []
            formula.extend([[-one, started[slot]] for one in (busy[slot], *before)])
            formula.append([-started[slot], busy[slot], *before])
            if slot:
                formula.append([-busy[slot], busy[slot - 1], -started[slot - 1], ends[slot]])
                formula.extend([[-ends[slot], busy[slot]], [-ends[slot], -busy[slot - 1]]])
                formula.append([-ends[slot], started[slot - 1]])
            else:
                formula.append([-ends[slot]])
            busy_at[slot].append(busy[slot])
        if mine:
            count("equals", busy, len(mine))
        else:
            formula.extend([[-one] for one in busy])
        # Nobody but a participant without a meeting is sure to have no break; the files have some.
        count("atmost", ends, fairness)
        holes.append(ends)
    for slot in slots:
        card = CardEnc.atmost(
            busy_at[slot], 2 * len(problem.tables), vpool=pool, encoding=EncType.seqcounter
        )
        formula.extend(card.clauses)
    for ends in holes:
        for end in ends:
            formula.append([-end], weight=1)
    with RC2Stratified(formula, solver="g4") as solver:
        found = solver.compute()
        cost = solver.cost
    return {
        "status": "optimal" if found else "infeasible",
        "objective": cost if found else None,
        "seconds": time.monotonic() - begun,
    }


if __name__ == "__main__":
    solver = {"cpsat": plain_cpsat, "maxsat": plain_maxsat}[sys.argv[1]]
    print(json.dumps(solver(read_problem(Path(sys.argv[2])), 2, float(sys.argv[3]))))
