"""Why a visit is not made, and which must-visits do not fit, against every way there is."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from tests.engine.missions.days import all_ways, best_rank, days, musts_of, smallest_conflicts

from proxeny.engine.missions import Conflict, Day, LeftOut, Visit, plan_day

TRAVEL = [[0, 30, 40], [30, 0, 15], [40, 15, 0]]


def _day(*visits, travel=TRAVEL, starts_at=540, end=0, ends_by=1020):
    return Day(
        visits=visits, travel_min=travel, start=0, starts_at=starts_at, end=end, ends_by=ends_by
    )


def _code_alone(day, place):
    """What a visit lacks, by trying all ways on days of any length."""
    if not day.visits[place].begins:
        return "closed"
    if any(place in order for order in all_ways(day)):
        return None
    endless = replace(day, ends_by=200)
    return "no_return" if any(place in order for order in all_ways(endless)) else "too_late"


@settings(max_examples=400, deadline=None)
@given(days(most=5, longest=25))
def test_the_conflict_is_the_smallest_and_first(day):
    musts = replace(day, visits=[replace(v, must=v.must or len(v.key) == 2) for v in day.visits])
    for one in (day, musts):
        found = plan_day(one)
        if found.status == "optimal":
            assert found.conflict is None
            continue
        first = smallest_conflicts(one, all_ways(one))[0]
        assert found.conflict.visits == tuple(one.visits[place].key for place in first)
        if not first:
            assert found.conflict.code == "end"
        elif len(first) == 1:
            assert found.conflict.code == _code_alone(one, first[0])
        else:
            assert found.conflict.code == "together"


@settings(max_examples=150, deadline=None)
@given(days(most=4, longest=25))
def test_each_visit_left_out_has_its_reason(day):
    ways = all_ways(day)
    for one in plan_day(day).left_out:
        place = next(at for at, visit in enumerate(day.visits) if visit.key == one.visit)
        with_it = musts_of(day) | {place}
        fits = any(with_it <= set(order) for order in ways)
        assert one.code == (_code_alone(day, place) or ("worth" if fits else "musts"))


@settings(max_examples=150, deadline=None)
@given(days(most=5))
def test_a_conflict_less_one_of_its_visits_is_none(day):
    day = replace(day, visits=[replace(visit, must=True) for visit in day.visits])
    conflict = plan_day(day).conflict
    if conflict is None or conflict.code != "together":
        return
    for left in conflict.visits:
        fewer = [
            replace(visit, must=visit.key in conflict.visits and visit.key != left)
            for visit in day.visits
        ]
        eased = replace(day, visits=fewer)
        assert best_rank(eased, all_ways(eased)) is not None
        assert plan_day(eased).status == "optimal"


@pytest.mark.parametrize(
    ("visit", "code"),
    [
        (Visit("x", 1, 90, windows=[(600, 660), (700, 780)]), "closed"),
        (Visit("x", 1, 30, windows=[(600, 660)], fixed_at=640), "closed"),
        (Visit("x", 1, 30, windows=[(480, 595)]), "too_late"),
        (Visit("x", 1, 30, fixed_at=569), "too_late"),
        (Visit("x", 1, 30, fixed_at=570, buffer_min=1), "too_late"),
        (Visit("x", 1, 30, windows=[(960, 1200)], fixed_at=961), "no_return"),
        (Visit("x", 1, 421), "no_return"),
    ],
)
def test_one_visit_alone(visit, code):
    other = Visit("other", 2, 10)
    assert plan_day(_day(other, visit)).left_out == (LeftOut("x", code),)
    found = plan_day(_day(other, replace(visit, must=True)))
    assert (found.status, found.conflict) == ("infeasible", Conflict(code, ("x",)))


def test_just_in_time_is_in_time():
    visit = Visit("x", 1, 30, fixed_at=580, buffer_min=10, must=True)
    assert plan_day(_day(visit, ends_by=640)).ends_at == 640
    assert plan_day(_day(visit, ends_by=639)).conflict == Conflict("no_return", ("x",))


def test_two_agreed_meetings_too_close_to_each_other():
    first = Visit("first", 1, 60, fixed_at=600, must=True)
    second = Visit("second", 2, 60, fixed_at=670, must=True)
    third = Visit("third", 1, 30, must=True)
    found = plan_day(_day(third, first, second))
    assert found.conflict == Conflict("together", ("first", "second"))
    assert plan_day(_day(third, first, replace(second, fixed_at=675))).status == "optimal"


def test_three_of_which_any_two_fit():
    visits = [Visit(key, 1, 100, must=True) for key in "abc"]
    found = plan_day(_day(*visits, ends_by=540 + 60 + 299))
    assert found.conflict == Conflict("together", ("a", "b", "c"))
    assert plan_day(_day(*visits, ends_by=540 + 60 + 300)).status == "optimal"


def test_an_end_out_of_reach():
    found = plan_day(_day(Visit("x", 0, 5, must=True), end=2, ends_by=579))
    assert found.conflict == Conflict("end")
    assert plan_day(_day(Visit("x", 0, 5), end=2, ends_by=580)).order == ()


def test_what_the_must_visits_leave_no_room_for_and_what_is_worth_less():
    must = Visit("must", 1, 60, fixed_at=700, must=True)
    meanwhile = Visit("meanwhile", 2, 60, fixed_at=720, worth=9)
    small = Visit("small", 2, 30, fixed_at=900)
    large = Visit("large", 1, 30, fixed_at=910, worth=2)
    found = plan_day(_day(must, meanwhile, small, large))
    assert found.order == ("must", "large")
    assert found.left_out == (LeftOut("meanwhile", "musts"), LeftOut("small", "worth"))


def test_a_visit_on_the_way_may_make_another_one_possible():
    travel = [[0, 10, 90], [10, 0, 10], [90, 10, 0]]
    inn, fair = Visit("inn", 1, 0), Visit("fair", 2, 10, windows=[(540, 580)], must=True)
    assert plan_day(_day(inn, fair, travel=travel)).order == ("inn", "fair")
    assert plan_day(_day(fair, travel=travel)).conflict == Conflict("too_late", ("fair",))


def test_what_is_possible_only_on_the_way_is_no_part_of_a_conflict():
    travel = [[0, 10, 90], [10, 0, 10], [90, 10, 0]]
    inn = Visit("inn", 1, 0)
    fair = Visit("fair", 2, 10, windows=[(540, 580)], must=True)
    talks = [Visit(key, 2, 30, fixed_at=at, must=True) for key, at in (("x", 700), ("y", 720))]
    found = plan_day(_day(inn, fair, *talks, travel=travel))
    assert found.conflict == Conflict("together", ("x", "y"))
    wish = replace(fair, must=False)
    assert plan_day(_day(inn, wish, talks[0], travel=travel)).order == ("inn", "fair", "x")
    early = Visit("early", 1, 30, fixed_at=550, worth=5)
    found = plan_day(_day(inn, wish, early, travel=travel))
    assert found.left_out == (LeftOut("fair", "worth"),)
