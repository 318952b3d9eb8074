"""`solve` against brute force: every schedule of tiny events is tried."""

import threading
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proxeny.engine.agenda import (
    Meeting,
    Participant,
    Placed,
    Precedence,
    Problem,
    Slot,
    Table,
    check,
    solve,
)


def best_by_brute_force(problem, fairness):
    """Most value, then fewest breaks, over every way to place or leave out every meeting."""
    choices = [range(-1, len(problem.slots))] * len(problem.meetings)
    best = None
    for slots in product(*choices):
        used = dict.fromkeys(range(len(problem.slots)), 0)
        placed = []
        for meeting, slot in enumerate(slots):
            if slot >= 0:
                if used[slot] == len(problem.tables):
                    break
                placed.append(Placed(meeting, slot, used[slot]))
                used[slot] += 1
        else:
            verdict = check(problem, tuple(placed), fairness=fairness)
            if verdict.ok:
                key = (-verdict.value, verdict.objective)
                best = key if best is None else min(best, key)
    return best


@st.composite
def small_problems(draw):
    n_people = draw(st.integers(2, 4))
    n_slots = draw(st.integers(1, 5))
    n_meetings = draw(st.integers(0, 5))
    slot_sets = st.frozensets(st.integers(0, n_slots - 1))
    people = tuple(
        Participant(
            unavailable=draw(slot_sets) if draw(st.booleans()) else frozenset(),
            cap=draw(st.sampled_from([None, None, 1, 2])),
        )
        for _ in range(n_people)
    )
    meetings = []
    for _ in range(n_meetings):
        size = min(n_people, draw(st.sampled_from([2, 2, 2, 3])))
        parties = draw(st.permutations(range(n_people)))[:size]
        slots = draw(st.none() | st.frozensets(st.integers(0, n_slots - 1), min_size=1))
        meetings.append(
            Meeting(
                tuple(parties),
                slots=slots,
                value=draw(st.integers(0, 3)),
                required=draw(st.booleans()),
            )
        )
    orders = ()
    if n_meetings >= 2 and draw(st.booleans()):
        orders = (Precedence(0, 1),)
    return Problem(
        participants=people,
        slots=(Slot(),) * n_slots,
        tables=(Table(),) * draw(st.integers(1, 2)),
        meetings=tuple(meetings),
        precedences=orders,
    )


@given(problem=small_problems(), fairness=st.sampled_from([None, 0, 1, 2]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_solve_equals_brute_force(problem, fairness):
    result = solve(problem, fairness=fairness, time_limit_s=30, workers=1)
    best = best_by_brute_force(problem, fairness)
    if best is None:
        assert result.status == "infeasible"
        return
    assert result.status == "optimal"
    assert (-result.value, result.objective) == best
    assert result.bound == result.objective
    assert result.value_bound == result.value
    assert check(problem, result.assignment, fairness=fairness).ok


def test_stop_keeps_the_best_so_far():
    problem = Problem(
        participants=(Participant(),) * 30,
        slots=(Slot(),) * 12,
        tables=(Table(),) * 14,
        meetings=tuple(Meeting((a, b)) for a in range(15) for b in range(15, 30) if (a + b) % 3),
    )
    seen = []
    result = solve(
        problem,
        time_limit_s=60,
        on_progress=seen.append,
        should_stop=lambda: bool(seen) and seen[-1].has_schedule,
    )
    assert result.status in ("feasible", "optimal")
    assert result.verdict is not None
    assert result.verdict.ok
    assert result.seconds < 20
    assert seen[-1].phase == "done"


def test_solve_runs_in_a_thread_and_progress_comes_in_that_thread():
    problem = Problem(
        participants=(Participant(),) * 6,
        slots=(Slot(),) * 4,
        tables=(Table(),) * 3,
        meetings=tuple(Meeting((a, b)) for a in range(3) for b in range(3, 6)),
    )
    seen, results = [], []

    def work():
        results.append(
            solve(
                problem,
                time_limit_s=20,
                on_progress=lambda progress: seen.append(threading.current_thread()),
            )
        )

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert results[0].status == "optimal"
    assert set(seen) == {thread}


def test_start_is_kept_when_nothing_better_is_found():
    problem = Problem(
        participants=(Participant(),) * 3,
        slots=(Slot(),) * 3,
        tables=(Table(),),
        meetings=(Meeting((0, 1)), Meeting((1, 2))),
    )
    first = solve(problem, time_limit_s=10)
    again = solve(problem, time_limit_s=10, start=first.assignment)
    assert again.objective == first.objective == 0


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"time_limit_s": 0}, "time_limit_s"),
        ({"fairness": -1}, "fairness"),
        ({"workers": 0}, "workers"),
    ],
)
def test_bad_arguments_name_the_field(arguments, field):
    problem = Problem((Participant(),) * 2, (Slot(),), (Table(),), (Meeting((0, 1)),))
    with pytest.raises(ValueError, match=field):
        solve(problem, **arguments)
