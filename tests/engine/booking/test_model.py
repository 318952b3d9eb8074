"""Bad input is named: the field, the value, and whose it is."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from proxeny.engine.booking import MOST_DAYS, MOST_PEOPLE, Person, Request, Taken

FIRST = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
PERSON = Person(key="a", zone="Europe/Athens", hours={0: [(540, 1020)]})
REQUEST = Request(
    people=[PERSON],
    first_at=FIRST,
    last_at=FIRST + HOUR,
    now=FIRST,
    zone="Europe/Athens",
    duration_min=30,
    travel_min=[[0, 5], [6, 0]],
)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            (FIRST.replace(tzinfo=None), FIRST),
            "starts_at: datetime.datetime(2026, 3, 2, 0, 0) is no",
        ),
        ((FIRST, "noon"), "ends_at: 'noon' is no moment with a time zone"),
        ((FIRST, FIRST), "ends_at: 2026-03-02 00:00:00+00:00 is not after starts_at"),
        ((FIRST, FIRST + HOUR, -1), "place: -1 is not a whole number from 0"),
    ],
)
def test_bad_times_taken(values, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Taken(*values)


def test_what_is_taken_is_compared_as_it_elapses_not_by_clocks():
    zone = ZoneInfo("Europe/Athens")
    first = datetime(2026, 10, 25, 3, 30, tzinfo=zone)
    Taken(first, first.replace(minute=10, fold=1))
    with pytest.raises(ValueError, match="is not after starts_at"):
        Taken(first.replace(fold=1), first.replace(minute=50))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("zone", "Europe/Nowhere", "person 'a': zone: there is no time zone 'Europe/Nowhere'"),
        ("zone", "../etc/passwd", "person 'a': zone: there is no time zone"),
        ("zone", "", "person 'a': zone: there is no time zone"),
        ("zone", "Europe", "person 'a': zone: there is no time zone"),
        ("hours", {7: [(0, 5)]}, "person 'a': hours: 7 is not a whole number from 0 to 6"),
        (
            "hours",
            {1: [(0, 1441)]},
            "person 'a': hours[1]: 1441 is not a whole number from 0 to 1440",
        ),
        ("hours", {1: [(9, 9)]}, "person 'a': hours[1]: 9 to 9 does not end after it begins"),
        ("hours", {1: [(0, 9), (8, 10)]}, "person 'a': hours[1]: 8 to 10 begins before 9"),
        ("core", (600, 500), "person 'a': core: 600 to 500 does not end after it begins"),
        ("days_off", [FIRST], "person 'a': days_off: datetime.datetime(2026, 3, 2"),
    ],
)
def test_bad_people(field, value, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        replace(PERSON, **{field: value})


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("people", [], "people: 0 are not 1 to 12"),
        (
            "people",
            [replace(PERSON, key=number) for number in range(MOST_PEOPLE + 1)],
            "people: 13 are not 1 to 12",
        ),
        ("people", [PERSON, PERSON], "person 'a': key: two people have it"),
        (
            "people",
            [replace(PERSON, taken=[Taken(FIRST, FIRST + HOUR, 2)])],
            "person 'a': taken[0]: there is no place 2",
        ),
        ("first_at", FIRST.replace(tzinfo=None), "first_at: datetime.datetime(2026"),
        ("last_at", FIRST - HOUR, "last_at: 2026-03-01 23:00:00+00:00 is before first_at"),
        ("last_at", FIRST + timedelta(days=MOST_DAYS, seconds=1), "last_at: is more than 400 days"),
        ("now", None, "now: None is no moment"),
        ("offered", [date(2026, 3, 2)], "offered: datetime.date(2026, 3, 2) is no moment"),
        ("zone", "Athens", "zone: there is no time zone 'Athens'"),
        ("duration_min", 0, "duration_min: 0 is not a whole number from 1 to 1440"),
        ("step_min", 50, "step_min: 50 does not divide the 1440 of a day"),
        ("step_min", 0, "step_min: 0 is not"),
        ("buffer_min", 1.5, "buffer_min: 1.5 is not"),
        ("wanted", 51, "wanted: 51 is not a whole number from 1 to 50"),
        ("per_day", 0, "per_day: 0 is not"),
        ("notice_min", -1, "notice_min: -1 is not"),
        ("place", 2, "place: there is no place 2"),
        ("travel_min", [[0, 5]], "travel_min[0]: has 2 columns for 1 places"),
        ("travel_min", [[0, 5], [6, 1]], "travel_min[1][1]: from a place to itself it is 0, not 1"),
        ("travel_min", [[0, -5], [6, 0]], "travel_min[0][1]: -5 is not"),
    ],
)
def test_bad_requests(field, value, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        replace(REQUEST, **{field: value})


def test_lists_become_tuples_so_that_a_request_stays_as_it_was_checked():
    assert REQUEST.people == (PERSON,)
    assert REQUEST.travel_min == ((0, 5), (6, 0))
    assert PERSON.hours == {0: ((540, 1020),)}
