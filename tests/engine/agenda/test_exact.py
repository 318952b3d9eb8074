"""The parts of the exact route: formula against brute force, bounds, certificates, annealing."""

import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pysat.solvers import Solver

from proxeny.engine.agenda import Meeting, Participant, Precedence, Problem, Slot, Table, solve
from proxeny.engine.agenda._anneal import Annealer
from proxeny.engine.agenda._bounds import cover_by_hubs, window_bound
from proxeny.engine.agenda._clauses import Clauses
from proxeny.engine.agenda._core import build_core
from proxeny.engine.agenda._formula import AgendaFormula
from proxeny.engine.agenda._search import Search, breaks_per_participant, core_accepts
from proxeny.engine.agenda._value import choose_by_value


@st.composite
def events(draw):
    n_slots = draw(st.integers(2, 6))
    people = tuple(
        Participant(unavailable=draw(st.frozensets(st.integers(0, n_slots - 1), max_size=2)))
        for _ in range(draw(st.integers(2, 6)))
    )
    pair = st.permutations(range(len(people))).map(lambda order: tuple(order[:2]))
    meetings = tuple(Meeting(one) for one in draw(st.lists(pair, min_size=1, max_size=9)))
    orders = (Precedence(0, 1),) if len(meetings) > 1 and draw(st.booleans()) else ()
    return Problem(
        people, (Slot(),) * n_slots, (Table(),) * draw(st.integers(1, 3)), meetings, orders
    )


def by_plain_model(problem, fairness):
    """Fewest breaks by the CP-SAT model, a second encoding and another solver; None if none."""
    search = Search(build_core(problem), fairness, time.monotonic() + 30)
    optional = replace(search.core, required=(False, *search.core.required[1:]))
    search.core = replace(optional, values=(10**6, *search.core.values[1:]))
    search.value_bound = sum(search.core.values)
    hopeless = choose_by_value(search, workers=1, seed=0)
    if hopeless or search.slots is None or min(search.slots) < 0:
        return None
    return search.breaks


@given(problem=events(), fairness=st.sampled_from([None, 0, 1, 2]))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_formula_and_bound_agree_with_the_plain_model(problem, fairness):
    core = build_core(problem)
    hubs = cover_by_hubs(core)
    best = by_plain_model(problem, fairness)
    bound = window_bound(core, hubs) if all(core.domains) else None
    if best is not None:
        assert bound is not None
        assert bound <= best
    if not all(core.domains):
        assert best is None
        return
    formula = AgendaFormula(core, fairness=fairness, hubs=hubs, top=12)
    with Solver(name="glucose4", bootstrap_with=formula.clauses) as solver:
        assert solver.solve() == (best is not None)
        for most in range(min(4, len(formula.more_than))):
            possible = solver.solve(assumptions=[-formula.more_than[most]])
            assert possible == (best is not None and best <= most)


@given(size=st.integers(0, 6), limit=st.none() | st.integers(0, 6))
@settings(deadline=None)
def test_totalizer_counts(size, limit):
    clauses = Clauses()
    inputs = [clauses.new() for _ in range(size)]
    outputs = clauses.totalizer(inputs, limit)
    with Solver(name="glucose4", bootstrap_with=clauses.clauses) as solver:
        for chosen in range(2**size):
            signs = [x if chosen >> i & 1 else -x for i, x in enumerate(inputs)]
            count = chosen.bit_count()
            assert solver.solve(assumptions=signs) == (limit is None or count <= limit)
            if limit is None or count <= limit:
                true = set(solver.get_model())
                assert [one in true for one in outputs] == [j < count for j in range(len(outputs))]


@given(problem=events(), seed=st.integers(0, 99))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_annealing_keeps_its_books(problem, seed):
    core = build_core(problem)
    annealer = Annealer(core, fairness=None, seed=seed, idle=0.0)
    annealer.run(0.02)
    slots = annealer.best
    assert core_accepts(replace(core, required=(False,) * core.n_meetings, precedences=()), slots)
    broken = sum(
        slots[a] >= slots[b] for a, b in core.precedences if slots[a] >= 0 and slots[b] >= 0
    )
    cost = sum(breaks_per_participant(core, slots)) + 8 * slots.count(-1) + 6 * broken
    assert annealer.best_cost == pytest.approx(cost)


TIGHT = Problem(
    participants=(Participant(), Participant(unavailable=frozenset({1})), *[Participant()] * 2),
    slots=(Slot(),) * 3,
    tables=(Table(),) * 2,
    meetings=(Meeting((0, 1)), Meeting((1, 2)), Meeting((0, 3)), Meeting((2, 3))),
)


def refutes(formula_file: Path, proof_file: Path) -> bool:
    """Check a proof clause by clause: each must follow by unit propagation (RUP), up to the empty.

    Written for this test on its own: Goldberg and Novikov, "Verification of proofs of
    unsatisfiability for CNF formulas", DATE 2003. Deletions are skipped, which keeps more clauses
    than needed and so stays sound.
    """
    lines = formula_file.read_text().splitlines()
    clauses = [[int(x) for x in line.split()[:-1]] for line in lines if line[0] not in "pc"]
    for line in proof_file.read_text().splitlines():
        if line.startswith("d"):
            continue
        clause = [int(x) for x in line.split()[:-1]]
        if not follows(clauses, clause):
            return False
        clauses.append(clause)
        if not clause:
            return True
    return follows(clauses, [])


def follows(clauses, clause):
    false = set(clause)
    changed = True
    while changed:
        changed = False
        for one in clauses:
            if any(-literal in false for literal in one):
                continue
            left = [literal for literal in one if literal not in false]
            if not left:
                return True
            if len(left) == 1:
                false.add(-left[0])
                changed = True
    return False


def test_a_certificate_is_a_proof_that_an_independent_checker_accepts(tmp_path):
    proof = tmp_path / "bound.drat"
    result = solve(TIGHT, time_limit_s=20, certificate=proof)
    assert result.status == "optimal"
    assert result.objective == 2
    assert any("certificate: bound.drat" in note for note in result.notes)
    formula = tmp_path / "bound.drat.cnf"
    assert refutes(formula, proof)
    # The control: the same proof refutes nothing once the formula allows another break.
    text = formula.read_text().splitlines()
    (tmp_path / "weak.cnf").write_text("\n".join(text[:-1]) + "\n")
    assert not refutes(tmp_path / "weak.cnf", proof)
    if shutil.which("drat-trim"):
        done = subprocess.run(["drat-trim", formula, proof], capture_output=True, text=True)
        assert "s VERIFIED" in done.stdout


def test_infeasibility_has_a_certificate_too(tmp_path):
    triangle = Problem(
        (Participant(),) * 3,
        (Slot(),) * 2,
        (Table(),) * 2,
        (Meeting((0, 1)), Meeting((1, 2)), Meeting((2, 0))),
    )
    proof = tmp_path / "none.drat"
    assert solve(triangle, time_limit_s=20, certificate=proof).status == "infeasible"
    assert refutes(tmp_path / "none.drat.cnf", proof)


def test_no_bound_no_certificate(tmp_path):
    easy = replace(TIGHT, participants=(Participant(),) * 4)
    result = solve(easy, time_limit_s=20, certificate=tmp_path / "a.drat")
    assert result.objective == 0
    assert any("no certificate" in note for note in result.notes)
    assert not (tmp_path / "a.drat").exists()


def test_children_are_gone_afterwards():
    before = children()
    solve(TIGHT, time_limit_s=20)
    assert children() == before


def children():
    found = set()
    for task in Path("/proc/self/task").glob("*/children"):
        found |= set(task.read_text().split())
    return found
