"""Tables, kinds, interpreters and walking against brute force over slots, tables, interpreters."""

from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proxeny.engine.agenda import (
    Interpreter,
    Meeting,
    Participant,
    Placed,
    Problem,
    Slot,
    Table,
    check,
    solve,
)

LANGUAGES = [frozenset(), frozenset({"fr"}), frozenset({"el"}), frozenset({"fr", "el"})]
KINDS = [frozenset({"onsite"}), frozenset({"video"}), frozenset({"onsite", "video"})]


@st.composite
def product_problems(draw):
    n_slots = draw(st.integers(1, 3))
    people = tuple(
        Participant(languages=draw(st.sampled_from(LANGUAGES)), kinds=draw(st.sampled_from(KINDS)))
        for _ in range(4)
    )
    tables = tuple(
        Table(
            kind=draw(st.sampled_from(["onsite", "onsite", "video"])),
            place=draw(st.sampled_from(["hall", "annex"])),
            capacity=draw(st.integers(1, 2)),
            seats=draw(st.sampled_from([None, 2])),
            unavailable=draw(st.frozensets(st.integers(0, n_slots - 1), max_size=1)),
        )
        for _ in range(draw(st.integers(1, 3)))
    )
    meetings = tuple(
        Meeting(
            tuple(draw(st.permutations(range(4)))[: draw(st.sampled_from([2, 2, 3]))]),
            value=draw(st.integers(1, 3)),
            required=draw(st.sampled_from([False, False, True])),
            table=draw(st.sampled_from([None, None, 0])),
        )
        for _ in range(draw(st.integers(1, 3)))
    )
    return Problem(
        participants=people,
        slots=tuple(Slot(1, 30 * slot, 30 * slot + 25) for slot in range(n_slots)),
        tables=tables,
        meetings=meetings,
        interpreters=(Interpreter(("fr", "el"), frozenset({0})),) if draw(st.booleans()) else (),
        travel_min={("hall", "annex"): draw(st.sampled_from([0, 10, 50]))},
    )


def best_by_brute_force(problem):
    one_meeting = [None] + [
        (slot, table, interpreter)
        for slot in range(len(problem.slots))
        for table in range(len(problem.tables))
        for interpreter in (None, *range(len(problem.interpreters)))
    ]
    best = None
    for choice in product(one_meeting, repeat=len(problem.meetings)):
        placed = tuple(Placed(m, *where) for m, where in enumerate(choice) if where is not None)
        verdict = check(problem, placed)
        if verdict.ok:
            key = (-verdict.value, verdict.objective)
            best = key if best is None else min(best, key)
    return best


@given(problem=product_problems())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_solve_equals_brute_force_over_tables_and_interpreters(problem):
    result = solve(problem, time_limit_s=30, workers=1)
    best = best_by_brute_force(problem)
    if best is None:
        assert result.status == "infeasible"
        assert result.clashes
        return
    assert result.status == "optimal"
    assert (-result.value, result.objective) == best
    assert check(problem, result.assignment).ok
    left = {one.meeting for one in result.unplaced}
    assert left == set(range(len(problem.meetings))) - {one.meeting for one in result.assignment}


def reasons(problem):
    return {one.meeting: one.code for one in solve(problem, time_limit_s=10).unplaced}


def optional(*parties, **fields):
    return Meeting(parties, required=False, **fields)


def test_each_unplaced_meeting_has_its_reason():
    ada, bo, cy = Participant("Ada"), Participant("Bo"), Participant("Cy")
    base = {"slots": (Slot(), Slot()), "tables": (Table(),)}
    early = Participant("Di", unavailable=frozenset({1}))
    late = Participant("Ed", unavailable=frozenset({0}))
    result = solve(Problem((early, late), meetings=(optional(0, 1),), **base), time_limit_s=10)
    assert result.unplaced[0].code == "no-common-slot"
    assert result.unplaced[0].words == (
        "There is no slot in which Di and Ed could meet: "
        "Di is unavailable in slot 2; Ed is unavailable in slot 1."
    )
    remote = Participant("Fi", kinds=frozenset({"video"}))
    assert reasons(Problem((ada, remote), meetings=(optional(0, 1),), **base)) == {0: "no-table"}
    capped = Participant("Gi", cap=1)
    two = (optional(0, 1, value=5), optional(0, 2))
    assert reasons(Problem((capped, bo, cy), meetings=two, **base)) == {1: "cap"}
    french = Participant("Hu", languages=frozenset({"fr"}))
    greek = Participant("Io", languages=frozenset({"el"}))
    assert reasons(Problem((french, greek), meetings=(optional(0, 1),), **base)) == {
        0: "no-interpreter"
    }
    one_slot = {"slots": (Slot(),), "tables": (Table(), Table())}
    crowd = (optional(0, 1, value=5), optional(0, 2))
    result = solve(Problem((ada, bo, cy), meetings=crowd, **one_slot), time_limit_s=10)
    assert result.unplaced[0].words == (
        "In every slot open to Ada and Cy one of them is busy: Ada has another meeting in slot 1."
    )
    apart = (optional(0, 1, value=5), optional(2, 3))
    full = {"slots": (Slot(),), "tables": (Table(),)}
    people = (ada, bo, cy, Participant("Jo"))
    assert reasons(Problem(people, meetings=apart, **full)) == {1: "tables-full"}
    spoken = (french, greek, replace_name(french, "Ka"), replace_name(greek, "Lu"))
    shared = Problem(spoken, meetings=apart, interpreters=(Interpreter(("el", "fr")),), **one_slot)
    assert reasons(shared) == {1: "interpreters-busy"}


def replace_name(person, name):
    return Participant(name, languages=person.languages)


def test_a_language_can_be_interpreted_and_the_interpreter_is_named():
    problem = Problem(
        (Participant(languages=frozenset({"fr"})), Participant(languages=frozenset({"el"}))),
        slots=(Slot(),),
        tables=(Table(),),
        meetings=(Meeting((0, 1)),),
        interpreters=(Interpreter(("de", "fr")), Interpreter(("el", "fr"))),
    )
    assert solve(problem, time_limit_s=10).assignment == (Placed(0, 0, 0, 1),)


def test_more_slots_than_a_machine_word_has_bits():
    problem = Problem(
        (Participant(),) * 6,
        slots=(Slot(),) * 70,
        tables=(Table(),),
        meetings=tuple(
            Meeting((a, b), slots=frozenset({60 + 2 * a + b % 2, 3 * b}))
            for a in range(3)
            for b in range(3, 6)
        ),
    )
    result = solve(problem, time_limit_s=20)
    assert result.status in ("optimal", "infeasible")
    assert result.status == "infeasible" or result.verdict.ok
