"""The independent checker finds each fault; that it agrees with the search is tested beside it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from proxeny.engine.booking import Person, Request, Taken, check_times, find_times

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
PERSON = Person(
    key="a",
    zone="UTC",
    hours={0: [(540, 1020)], 1: [(540, 1020)]},
    taken=[Taken(MONDAY + 12 * HOUR, MONDAY + 13 * HOUR, 0)],
)
REQUEST = Request(
    people=[PERSON],
    first_at=MONDAY,
    last_at=MONDAY + 48 * HOUR,
    now=MONDAY,
    zone="UTC",
    duration_min=60,
    travel_min=[[0, 30], [30, 0]],
    place=1,
    wanted=3,
)
FOUND = find_times(REQUEST)


def test_what_holds_has_no_errors():
    assert FOUND.status == "enough"
    assert check_times(REQUEST, FOUND) == ()


@pytest.mark.parametrize(
    ("hour", "message"),
    [
        (8, "outside of working hours"),
        (11, "too close to what is taken"),
        (13, "too close to what is taken"),
        (10.1, "does not begin at a round time"),
        (-15, "begins before the first moment"),
        (47.5, "ends after the last moment"),
    ],
)
def test_a_proposal_that_breaks_a_rule(hour, message):
    start = MONDAY + hour * HOUR
    moved = replace(FOUND.proposals[0], starts_at=start, ends_at=start + HOUR)
    errors = check_times(REQUEST, replace(FOUND, proposals=(moved,)))
    assert any(message in error for error in errors)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"notice_min": 5000}, "begins without the notice"),
        ({"offered": [FOUND.proposals[0].starts_at]}, "was offered before"),
        ({"per_day": 1}, "proposals on one day"),
        ({"wanted": 2}, "there are 3 proposals for 2 wanted"),
        ({"wanted": 4}, "status: 3 of 4 proposals are fewer, not enough"),
        ({"duration_min": 30}, "does not last as long"),
        ({"people": [replace(PERSON, days_off=[date(2026, 3, 2)])]}, "is on a day off"),
        ({"people": [replace(PERSON, core=(0, 60))]}, "off_core is"),
        ({"people": [replace(PERSON, core=(0, 60))]}, "cost is"),
    ],
)
def test_a_request_that_an_answer_does_not_fit(changes, message):
    assert any(message in error for error in check_times(replace(REQUEST, **changes), FOUND))


def test_proposals_that_overlap_or_stand_in_no_order():
    first, *rest = FOUND.proposals
    again = replace(first, starts_at=first.starts_at + HOUR / 4, ends_at=first.ends_at + HOUR / 4)
    errors = check_times(REQUEST, replace(FOUND, proposals=(first, again, rest[-1])))
    assert any("overlap" in error for error in errors)
    errors = check_times(REQUEST, replace(FOUND, proposals=FOUND.proposals[::-1]))
    assert errors == ("proposals are not in the order of their starts",)


def test_a_way_that_is_tighter_than_said():
    wrong = replace(FOUND.proposals[0], tight=(("a", 1),))
    errors = check_times(REQUEST, replace(FOUND, proposals=(wrong, *FOUND.proposals[1:])))
    assert errors[0] == "proposal 1: tight is (('a', 0),), not (('a', 1),)"
