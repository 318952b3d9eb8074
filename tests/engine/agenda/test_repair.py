"""Repair: as few moves as possible, by brute force on small agendas."""

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proxeny.engine.agenda import (
    Meeting,
    Participant,
    Placed,
    Problem,
    Slot,
    Table,
    check,
    repair,
    solve,
)
from proxeny.engine.agenda.repair import apply_change


@st.composite
def published_agendas(draw):
    n_slots = draw(st.integers(2, 4))
    pairs = draw(
        st.lists(
            st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda pair: pair[0] < pair[1]),
            min_size=1,
            max_size=4,
        )
    )
    problem = Problem(
        participants=(Participant(),) * 4,
        slots=(Slot(),) * n_slots,
        tables=(Table(),) * draw(st.integers(1, 2)),
        meetings=tuple(Meeting(pair, required=False) for pair in pairs),
    )
    return problem, solve(problem, time_limit_s=10, workers=1).assignment


def best_by_brute_force(problem, published, gone):
    """Most meetings kept, then fewest that change slot or table."""
    wanted = [one for one in published if one.meeting not in gone]
    places = [None, *product(range(len(problem.slots)), range(len(problem.tables)))]
    best = None
    for choice in product(places, repeat=len(wanted)):
        placed = tuple(
            Placed(was.meeting, *where)
            for was, where in zip(wanted, choice, strict=True)
            if where is not None
        )
        if check(problem, placed).ok:
            moves = sum(
                where is not None and where != (was.slot, was.table)
                for was, where in zip(wanted, choice, strict=True)
            )
            key = (-len(placed), moves)
            best = key if best is None else min(best, key)
    return best


@given(
    agenda=published_agendas(),
    late=st.dictionaries(st.integers(0, 3), st.integers(0, 3), max_size=2),
    lost=st.sets(st.just(0), max_size=1),
    gone=st.sets(st.integers(0, 3), max_size=1),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_repair_equals_brute_force(agenda, late, lost, gone):
    problem, published = agenda
    result = repair(
        problem, published, late=late, lost_tables=lost, gone_participants=gone, time_limit_s=20
    )
    changed = apply_change(problem, late=late, lost_tables=lost, gone_participants=gone)
    assert result.verdict.ok
    assert check(changed, result.assignment).ok
    kept, moves = best_by_brute_force(changed, published, set(result.cancelled))
    assert -len(result.assignment) == kept
    assert result.moves_bound <= moves <= len(result.moved)
    if result.status == "optimal":
        assert len(result.moved) == moves
    there = {one.meeting for one in result.assignment}
    wanted = {one.meeting for one in published} - set(result.cancelled)
    assert {one.meeting for one in result.dropped} == wanted - there


PROBLEM = Problem(
    participants=(Participant("Ada"), Participant("Bo"), Participant("Cy"), Participant("Di")),
    slots=(Slot(),) * 4,
    tables=(Table(), Table()),
    meetings=(Meeting((0, 1)), Meeting((2, 3)), Meeting((0, 2))),
)
PUBLISHED = (Placed(0, 0, 0), Placed(1, 0, 1), Placed(2, 1, 0))


def test_a_no_show_moves_nobody():
    result = repair(PROBLEM, PUBLISHED, gone_participants=[1])
    assert result.status == "optimal"
    assert result.cancelled == (0,)
    assert (result.moved, result.dropped) == ((), ())
    assert result.assignment == PUBLISHED[1:]


def test_what_is_over_stays():
    result = repair(PROBLEM, PUBLISHED, gone_participants=[0], from_slot=1)
    assert result.cancelled == (2,)
    assert result.assignment == PUBLISHED[:2]


def test_a_late_arrival_moves_only_that_meeting():
    result = repair(PROBLEM, PUBLISHED, late={1: 1})
    assert result.status == "optimal"
    assert [one.meeting for one in result.moved] == [0]
    assert (result.moves_bound, result.dropped) == (1, ())


def test_a_lost_table_moves_the_meeting_to_the_other_or_another_slot():
    result = repair(PROBLEM, PUBLISHED, lost_tables=[1])
    assert [(one.meeting, one.from_table, one.to_table) for one in result.moved] == [(1, 1, 0)]
    assert result.status == "optimal"


def test_a_dropped_meeting_says_why():
    result = repair(PROBLEM, PUBLISHED, late={1: 4})
    assert [(one.meeting, one.code) for one in result.dropped] == [(0, "no-common-slot")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"gone_participants": [9]}, "gone_participants: 10"),
        ({"gone_meetings": [9]}, "gone_meetings: 10"),
        ({"lost_tables": [9]}, "lost_tables: 10"),
        ({"late": {9: 1}}, "late: 10"),
    ],
)
def test_unknown_numbers_are_bad_input(change, field):
    with pytest.raises(ValueError, match=field):
        repair(PROBLEM, PUBLISHED, **change)
