"""The checker finds each kind of broken rule; a correct schedule is the control."""

from dataclasses import replace

import pytest

from proxeny.engine.agenda import (
    Interpreter,
    Meeting,
    Participant,
    Placed,
    Precedence,
    Problem,
    Slot,
    Table,
    check,
)

PROBLEM = Problem(
    participants=(
        Participant("Ada", languages=frozenset({"fr"})),
        Participant("Bo", languages=frozenset({"el"}), unavailable=frozenset({3})),
        Participant("Cy", kinds=frozenset({"onsite", "video"})),
        Participant("Di", cap=2),
    ),
    slots=tuple(Slot(1, 30 * slot, 30 * slot + 25) for slot in range(4)),
    tables=(
        Table("1", place="hall"),
        Table("2", place="annex", unavailable=frozenset({2})),
        Table("v", kind="video", seats=2),
    ),
    meetings=(
        Meeting((0, 1)),
        Meeting((1, 2), slots=frozenset({1, 2})),
        Meeting((2, 3), required=False),
        Meeting((0, 3), table=0),
    ),
    precedences=(Precedence(0, 1),),
    interpreters=(Interpreter(("fr", "el"), unavailable=frozenset({3})),),
    travel_min={("hall", "annex"): 20},
)
GOOD = (Placed(0, 0, 0, 0), Placed(1, 2, 0), Placed(2, 1, 0), Placed(3, 3, 0))


def test_a_correct_schedule_passes_with_its_breaks():
    verdict = check(PROBLEM, GOOD)
    assert verdict.errors == ()
    assert verdict.ok
    assert verdict.breaks == (1, 1, 0, 1)
    assert (verdict.objective, verdict.value, verdict.placed) == (3, 4, 4)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((Placed(0, 0, 0, 0), Placed(1, 2, 0)), "meeting 4 is required"),
        ((*GOOD[:1], Placed(1, 3, 0), *GOOD[2:3], Placed(3, 2, 0)), "own slots do not allow"),
        ((Placed(0, 3, 1, 0), *GOOD[1:]), "participant 2 is unavailable"),
        ((*GOOD[:3], Placed(3, 1, 0)), "participant 4 has meetings 3 and 4 in slot 2"),
        ((*GOOD[:3], Placed(3, 1, 0)), "table 1 holds 2 meetings in slot 2"),
        ((*GOOD[:3], Placed(3, 3, 1)), "locked to table 1"),
        ((Placed(0, 0, 2, 0), *GOOD[1:]), "participant 1 does not accept"),
        ((*GOOD[:1], Placed(1, 2, 1), *GOOD[2:]), "table 2, which cannot be used in slot 3"),
        ((Placed(0, 3, 0, 0), *GOOD[1:3], Placed(3, 0, 0)), "meeting 1 must be before meeting 2"),
        ((Placed(0, 0, 0), *GOOD[1:]), "no interpreter"),
        ((Placed(0, 3, 0, 0), *GOOD[1:3], Placed(3, 0, 0)), "interpreter 1 is unavailable"),
        ((*GOOD[:2], Placed(2, 1, 0, 0), *GOOD[3:]), "interpreter 1 does not speak"),
        ((*GOOD[:2], Placed(2, 1, 1), *GOOD[3:]), "5 minutes for a walk of 20"),
    ],
)
def test_each_broken_rule_is_named(change, words):
    if "does not speak" in words:
        people = list(PROBLEM.participants)
        people[2] = replace(people[2], languages=frozenset({"de"}))
        problem = replace(PROBLEM, participants=tuple(people))
    else:
        problem = PROBLEM
    verdict = check(problem, change)
    assert not verdict.ok
    assert any(words in error for error in verdict.errors), verdict.errors


def test_caps_seats_and_fairness():
    people = [*PROBLEM.participants[:3], replace(PROBLEM.participants[3], cap=1)]
    capped = check(replace(PROBLEM, participants=tuple(people)), GOOD)
    assert capped.errors == ("participant 4 has 2 meetings, more than the cap of 1",)
    trio = replace(
        PROBLEM, meetings=(Meeting((0, 2, 3)),), precedences=(), tables=(Table(seats=2),)
    )
    assert check(trio, (Placed(0, 0, 0),)).errors == (
        "meeting 1 is at table 1, which has 2 seats for 3",
    )
    assert check(PROBLEM, GOOD, fairness=0).errors == (
        "breaks of participants 1 and 3 differ by 1, more than 0",
    )


@pytest.mark.parametrize(
    ("placed", "words"),
    [
        (Placed(9, 0, 0), "row 1: meeting 10 does not exist"),
        (Placed(0, 9, 0), "row 1: slot 10 does not exist"),
        (Placed(0, 0, 9), "row 1: table 10 does not exist"),
        (Placed(0, 0, 0, 4), "row 1: interpreter 5 does not exist"),
    ],
)
def test_unknown_numbers_are_bad_input(placed, words):
    with pytest.raises(ValueError, match=words):
        check(PROBLEM, (placed,))


def test_a_meeting_placed_twice_is_bad_input():
    with pytest.raises(ValueError, match="meeting 1 is placed twice"):
        check(PROBLEM, (Placed(0, 0, 0, 0), Placed(0, 1, 0, 0)))
