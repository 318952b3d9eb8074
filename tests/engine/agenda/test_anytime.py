"""A stop at any time keeps a schedule, and what was told of it can be gone on from."""

import random
import time

import pytest

from proxeny.engine.agenda import Meeting, Participant, Problem, Slot, Table, check, solve


def wished_event(*, walking=False):
    """34 participants, 104 wished meetings, 14 slots, 16 tables, at most 6 meetings each."""
    rng = random.Random(7)
    pairs = set()
    while len(pairs) < 104:
        pairs.add((rng.randrange(17), rng.randrange(17, 34)))
    return Problem(
        participants=tuple(
            Participant(cap=6, unavailable=frozenset(rng.sample(range(14), rng.randrange(3))))
            for _ in range(34)
        ),
        slots=tuple(Slot(1, 30 * slot, 30 * slot + 25) for slot in range(14)),
        tables=tuple(
            Table(place=("hall", "annex")[number % 2] if walking else "") for number in range(16)
        ),
        meetings=tuple(
            Meeting(pair, value=rng.randint(1, 9), required=False) for pair in sorted(pairs)
        ),
        travel_min={("hall", "annex"): 10} if walking else {},
    )


@pytest.mark.parametrize("walking", [False, True])
@pytest.mark.parametrize("fairness", [None, 1])
@pytest.mark.parametrize("after_s", [0.0, 0.5])
def test_a_stop_keeps_a_schedule(walking, fairness, after_s):
    problem = wished_event(walking=walking)
    begun = time.monotonic()
    seen = []
    result = solve(
        problem,
        fairness=fairness,
        on_progress=seen.append,
        should_stop=lambda: time.monotonic() - begun > after_s,
    )
    assert result.verdict.ok
    assert result.value >= 0.9 * result.value_bound
    first = next(one for one in seen if one.has_schedule)
    assert first is seen[0], "the first word already brings a schedule"
    # Seen at 0.005 s; the promise is a second, which a busy machine keeps too.
    assert first.seconds < 1
    assert check(problem, first.assignment, fairness=fairness).value == first.value


@pytest.mark.parametrize("walking", [False, True])
def test_a_run_goes_on_from_what_another_told(walking):
    problem = wished_event(walking=walking)
    told = []
    solve(problem, time_limit_s=3, on_progress=told.append)
    last = [one for one in told if one.assignment is not None][-1]
    result = solve(problem, start=last.assignment, should_stop=lambda: True)
    assert (-result.value, result.objective) <= (-last.value, last.breaks)


def test_a_schedule_is_told_only_where_it_improved():
    told = []
    solve(wished_event(), time_limit_s=3, on_progress=told.append)
    keys = [(-one.value, one.breaks) for one in told if one.assignment is not None]
    assert keys == sorted(set(keys), reverse=True)
    assert len(keys) < len(told)
