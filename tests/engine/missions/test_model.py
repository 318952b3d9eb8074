"""Bad input is named: the field, the value, and which visit."""

import re
from dataclasses import replace

import pytest

from proxeny.engine.missions import MOST_MINUTES, MOST_VISITS, Day, Visit

DAY = Day(
    visits=[Visit("a", 1, 30)],
    travel_min=[[0, 5], [6, 0]],
    start=0,
    starts_at=500,
    end=0,
    ends_by=900,
)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("place", -1, "visit 'a': place: -1 is not a whole number from 0 to 8388607"),
        ("duration_min", 2.5, "visit 'a': duration_min: 2.5 is not"),
        ("buffer_min", -3, "visit 'a': buffer_min: -3 is not"),
        ("worth", 0, "visit 'a': worth: 0 is not a whole number from 1"),
        ("fixed_at", MOST_MINUTES + 1, "visit 'a': fixed_at: 8388608 is not"),
        ("windows", [(5, 9), (10, -1)], "visit 'a': windows[1]: -1 is not"),
        ("windows", [(9, 5)], "visit 'a': windows[0]: 9 to 5 ends before it begins"),
        (
            "windows",
            [(5, 9), (8, 12)],
            "visit 'a': windows[1]: 8 to 12 begins before the one before it ends, at 9",
        ),
    ],
)
def test_bad_visits(field, value, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        replace(DAY.visits[0], **{field: value})


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("visits", [Visit("b", 2, 5)], "visit 'b': place: there is no place 2"),
        ("visits", [Visit("b", 1, 5)] * 2, "visit 'b': key: two visits have it"),
        (
            "visits",
            [Visit(number, 0, 5) for number in range(MOST_VISITS + 1)],
            "visits: 17 are more than 16",
        ),
        ("travel_min", [[0, 5]], "travel_min[0]: has 2 columns for 1 places"),
        ("travel_min", [[0, 5], [6, 1]], "travel_min[1][1]: from a place to itself it is 0, not 1"),
        ("travel_min", [[0, -5], [6, 0]], "travel_min[0][1]: -5 is not"),
        ("travel_min", [[0, 5], [1.5, 0]], "travel_min[1][0]: 1.5 is not"),
        ("start", 2, "start: there is no place 2"),
        ("end", -1, "end: there is no place -1"),
        ("starts_at", -1, "starts_at: -1 is not"),
        ("ends_by", 499, "ends_by: 499 is before the day starts, 500"),
    ],
)
def test_bad_days(field, value, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        replace(DAY, **{field: value})


def test_lists_become_tuples_so_that_a_day_stays_as_it_was_checked():
    assert DAY.visits == (Visit("a", 1, 30),)
    assert DAY.travel_min == ((0, 5), (6, 0))
    assert Visit("a", 1, 30, windows=[[1, 40]]).windows == ((1, 40),)
    assert hash(DAY) == hash(replace(DAY))


@pytest.mark.parametrize(
    ("windows", "fixed_at", "begins"),
    [
        ((), None, ((0, MOST_MINUTES - 30),)),
        (((10, 39), (50, 80), (90, 200)), None, ((50, 50), (90, 170))),
        (((10, 39), (50, 90)), 55, ((55, 55),)),
        (((10, 39), (50, 90)), 61, ()),
    ],
)
def test_when_a_visit_may_begin(windows, fixed_at, begins):
    assert Visit("a", 1, 30, windows=windows, fixed_at=fixed_at).begins == begins
