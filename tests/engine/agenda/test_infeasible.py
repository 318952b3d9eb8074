"""An infeasible event names requirements that clash, and none of them can be spared."""

from proxeny.engine.agenda import Meeting, Participant, Precedence, Problem, Slot, Table, solve


def clashes(problem, **options):
    result = solve(problem, time_limit_s=20, **options)
    assert result.status == "infeasible"
    assert result.assignment == ()
    assert result.objective is None
    return result.clashes


def test_too_few_slots_for_one_participant():
    problem = Problem(
        (Participant("Ada", unavailable=frozenset({0})), *[Participant()] * 3),
        slots=(Slot(),) * 3,
        tables=(Table(),) * 3,
        meetings=(Meeting((0, 1)), Meeting((0, 2)), Meeting((0, 3)), Meeting((1, 2))),
    )
    assert clashes(problem) == (
        "Meeting 1 (Ada and participant 2) is required.",
        "Meeting 2 (Ada and participant 3) is required.",
        "Meeting 3 (Ada and participant 4) is required.",
        "Ada is in all 3 of them, and together they can only take slots 2 and 3: 2 in number.",
    )


def test_orders_against_sessions_name_just_these():
    problem = Problem(
        tuple(Participant() for _ in range(8)),
        slots=(Slot(),) * 4,
        tables=(Table(),) * 4,
        meetings=(
            Meeting((0, 1), slots=frozenset({2, 3})),
            Meeting((2, 3), slots=frozenset({0, 1})),
            Meeting((4, 5)),
            Meeting((6, 7)),
        ),
        precedences=(Precedence(2, 3), Precedence(0, 1)),
    )
    assert clashes(problem) == (
        "Meeting 1 (participant 1 and participant 2) is required.",
        "Meeting 2 (participant 3 and participant 4) is required.",
        "Meeting 1 (participant 1 and participant 2) may only be in slots 3 and 4.",
        "Meeting 2 (participant 3 and participant 4) may only be in slots 1 and 2.",
        "Meeting 1 is before meeting 2.",
    )


def test_too_few_tables():
    problem = Problem(
        tuple(Participant() for _ in range(6)),
        slots=(Slot(), Slot()),
        tables=(Table(),),
        meetings=(Meeting((0, 1)), Meeting((2, 3)), Meeting((4, 5))),
    )
    assert clashes(problem) == (
        "3 required meetings compete for the same tables.",
        "These tables hold 2 meetings over all slots.",
    )


def test_cap_below_required_meetings():
    problem = Problem(
        (Participant("Ada", cap=1), Participant(), Participant()),
        slots=(Slot(), Slot()),
        tables=(Table(),),
        meetings=(Meeting((0, 1)), Meeting((0, 2))),
    )
    assert clashes(problem) == ("Ada has 2 required meetings.", "Ada accepts at most 1.")


def test_an_odd_circle_in_two_slots():
    problem = Problem(
        tuple(Participant() for _ in range(3)),
        slots=(Slot(), Slot()),
        tables=(Table(),) * 3,
        meetings=(Meeting((0, 1)), Meeting((1, 2)), Meeting((2, 0))),
    )
    words = clashes(problem)
    assert len(words) == 3
    assert all(word.endswith("is required.") for word in words)


def test_fairness_alone():
    problem = Problem(
        tuple(Participant() for _ in range(3)),
        slots=(Slot(),) * 3,
        tables=(Table(),),
        meetings=(
            Meeting((0, 1), slots=frozenset({0})),
            Meeting((0, 2), slots=frozenset({2})),
        ),
    )
    assert clashes(problem, fairness=0) == (
        "No schedule keeps everybody's number of breaks within 0 of each other's.",
    )
    assert solve(problem, fairness=1, time_limit_s=10).status == "optimal"
