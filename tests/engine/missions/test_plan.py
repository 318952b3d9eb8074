"""The best day, against every order of every set of visits, and a solver that others wrote."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.missions.days import all_ways, best_rank, days, rank, walk
from tests.engine.missions.peer import solve_with_cp_sat

from proxeny.engine.missions import MOST_MINUTES, MOST_VISITS, Day, Visit, plan_day


def _rank_of(found, prefer="end"):
    end, travel = -found.ends_at, -found.travel_min
    return (found.worth, end, travel) if prefer == "end" else (found.worth, travel, end)


def _places(day, found):
    keys = [visit.key for visit in day.visits]
    return tuple(keys.index(key) for key in found.order)


@settings(max_examples=250, deadline=None)
@given(days(), st.sampled_from(["end", "travel"]))
def test_no_order_of_any_set_is_better(day, prefer):
    found = plan_day(day, prefer=prefer)
    ways = all_ways(day)
    best = best_rank(day, ways, prefer)
    assert (found.status == "optimal") == (best is not None)
    if best is not None:
        order = _places(day, found)
        assert _rank_of(found, prefer) == best == rank(day, order, ways[order], prefer)


@settings(max_examples=250, deadline=None)
@given(days())
def test_times_of_a_day_are_what_a_walk_through_it_takes(day):
    found = plan_day(day)
    if found.status == "infeasible":
        assert (found.stops, found.left_out, found.worth) == ((), (), 0)
        return
    order = _places(day, found)
    end, travel, begins = walk(day, order)
    assert (found.ends_at, found.travel_min) == (end, travel)
    assert [stop.begins_at for stop in found.stops] == begins
    here, now = day.start, day.starts_at
    for place, stop in zip(order, found.stops, strict=True):
        visit = day.visits[place]
        assert stop.arrives_at == now + day.travel_min[here][visit.place]
        assert stop.begins_at == stop.arrives_at + visit.buffer_min + stop.waiting_min
        assert stop.waiting_min >= 0
        assert stop.ends_at == stop.begins_at + visit.duration_min
        here, now = visit.place, stop.ends_at
    assert found.waiting_min == sum(stop.waiting_min for stop in found.stops)
    made = {stop.visit for stop in found.stops}
    assert [one.visit for one in found.left_out] == [v.key for v in day.visits if v.key not in made]


@settings(max_examples=250, deadline=None)
@given(days())
def test_no_visit_is_lost_up_to_the_latest_leave_and_one_is_after_it(day):
    found = plan_day(day)
    if found.status == "infeasible":
        return
    order = _places(day, found)
    leaves = [(day.start, found.leaves_by, order)]
    for at, stop in enumerate(found.stops):
        assert stop.slack_min == stop.leaves_by - stop.ends_at >= 0
        leaves.append((day.visits[order[at]].place, stop.leaves_by, order[at + 1 :]))
    for place, latest, rest in leaves:
        assert walk(replace(day, start=place), rest, latest) is not None
        assert walk(replace(day, start=place), rest, latest + 1) is None


@settings(max_examples=150, deadline=None)
@given(days(), st.data())
def test_more_room_never_makes_a_day_worse(day, data):
    before = plan_day(day)
    roomier = [replace(day, ends_by=day.ends_by + 5), replace(day, starts_at=0)]
    if day.visits:
        place = data.draw(st.integers(0, len(day.visits) - 1))
        visit = day.visits[place]
        (opens, _), (_, closes) = (visit.windows or ((0, 0),))[0], (visit.windows or ((0, 0),))[-1]
        wider = (
            [(max(0, opens - 4), visit.windows[0][1]), *visit.windows[1:]] if visit.windows else []
        )
        if wider:
            wider[-1] = (wider[-1][0], closes + 4)
        for other in (
            replace(visit, windows=wider),
            replace(visit, windows=()),
            replace(visit, fixed_at=None),
            replace(visit, must=False),
            replace(visit, buffer_min=0),
            replace(visit, duration_min=0, fixed_at=None),
        ):
            changed = [*day.visits[:place], other, *day.visits[place + 1 :]]
            roomier.append(replace(day, visits=changed))
    for one in roomier:
        after = plan_day(one)
        if before.status == "optimal":
            assert after.status == "optimal"
            assert after.worth >= before.worth
            if after.worth == before.worth and one.starts_at == day.starts_at:
                assert after.ends_at <= before.ends_at


@settings(max_examples=100, deadline=None)
@given(days(), st.randoms(use_true_random=False))
def test_the_same_day_has_the_same_answer_and_its_list_may_be_in_any_order(day, dice):
    found = plan_day(day)
    assert plan_day(replace(day)) == found
    shuffled = list(day.visits)
    dice.shuffle(shuffled)
    other = plan_day(replace(day, visits=shuffled))
    assert (other.status, _rank_of(other)) == (found.status, _rank_of(found))


@pytest.mark.parametrize("seed", range(20))
def test_a_solver_of_others_finds_the_same(seed):
    dice = random.Random(seed)
    day = _random_day(dice, dice.randint(7, 10), must=dice.choice((0, 0.2, 0.5)))
    found = plan_day(day)
    peer = solve_with_cp_sat(day)
    if peer is None:
        assert found.status == "infeasible"
    else:
        assert (found.worth, found.ends_at, found.travel_min) == peer


def _random_day(dice, count, *, must=0.0, hours=8):
    places = count + 1
    travel = [[0 if a == b else dice.randint(5, 45) for b in range(places)] for a in range(places)]
    return Day(
        visits=[_random_visit(dice, number, must) for number in range(count)],
        travel_min=travel,
        start=count,
        starts_at=510,
        end=dice.choice((None, count)),
        ends_by=510 + 60 * hours,
    )


def _random_visit(dice, number, must):
    opens, closes = dice.choice((540, 570, 660)), dice.choice((960, 1020, 1080))
    has_break = dice.random() < 0.4
    return Visit(
        key=number,
        place=number,
        duration_min=dice.choice((20, 30, 45, 60)),
        windows=((opens, 720), (810, closes)) if has_break else ((opens, closes),),
        fixed_at=dice.choice((690, 840, 900)) if dice.random() < 0.1 else None,
        worth=dice.randint(1, 5),
        must=dice.random() < must,
        buffer_min=dice.choice((0, 5, 10)),
    )


def test_the_most_visits_of_a_day():
    day = _random_day(random.Random(5), MOST_VISITS, hours=14)
    found = plan_day(day)
    assert found.status == "optimal"
    assert walk(day, _places(day, found))[:2] == (found.ends_at, found.travel_min)


def test_a_lunch_break_moves_a_visit_to_the_afternoon():
    day = Day(
        visits=[Visit("museum", 1, 60, windows=[(540, 720), (840, 1020)], buffer_min=10)],
        travel_min=[[0, 30], [20, 0]],
        start=0,
        starts_at=640,
        end=0,
        ends_by=1000,
    )
    found = plan_day(day)
    stop = found.stops[0]
    assert (stop.arrives_at, stop.waiting_min, stop.begins_at, stop.ends_at) == (670, 160, 840, 900)
    # Later it could still begin at 920, so that one is home by 1000.
    assert (found.leaves_by, stop.leaves_by, stop.slack_min) == (880, 980, 80)
    assert (found.ends_at, found.travel_min, found.waiting_min) == (920, 50, 160)


def test_less_on_the_way_or_earlier_home():
    visits = [Visit("a", 1, 10, fixed_at=100), Visit("b", 2, 10, windows=[(0, 60), (110, 200)])]
    day = Day(
        visits=visits,
        travel_min=[[0, 20, 20], [20, 0, 1], [20, 20, 0]],
        start=0,
        starts_at=0,
        end=0,
        ends_by=300,
    )
    early, short = plan_day(day), plan_day(day, prefer="travel")
    assert (early.order, early.ends_at, early.travel_min) == (("b", "a"), 130, 60)
    assert (short.order, short.ends_at, short.travel_min) == (("a", "b"), 141, 41)


def test_the_day_may_end_elsewhere_or_anywhere():
    visits = [Visit("a", 1, 10), Visit("b", 2, 10)]
    travel = [[0, 5, 9], [5, 0, 5], [9, 5, 0]]
    ends = {}
    for end in (None, 0, 1):
        day = Day(visits=visits, travel_min=travel, start=0, starts_at=0, end=end, ends_by=99)
        found = plan_day(day)
        ends[end] = (found.order, found.ends_at)
    assert ends == {None: (("a", "b"), 30), 0: (("a", "b"), 39), 1: (("b", "a"), 34)}


def test_a_day_without_visits_is_the_way_to_its_end():
    day = Day(visits=[], travel_min=[[0, 7], [7, 0]], start=0, starts_at=50, end=1, ends_by=60)
    found = plan_day(day)
    assert (found.status, found.stops, found.ends_at, found.travel_min, found.leaves_by) == (
        "optimal",
        (),
        57,
        7,
        53,
    )


def test_two_visits_may_be_worth_the_one_that_ends_later():
    visits = [Visit("large", 1, 60, worth=2), Visit("a", 2, 10), Visit("b", 2, 10)]
    day = Day(
        visits=visits,
        travel_min=[[0, 20, 20], [20, 0, 20], [20, 20, 0]],
        start=0,
        starts_at=0,
        end=0,
        ends_by=100,
    )
    found = plan_day(day)
    assert (found.order, found.worth, found.ends_at) == (("a", "b"), 2, 60)
    assert [(one.visit, one.code) for one in found.left_out] == [("large", "worth")]


@pytest.mark.parametrize("seed", range(6))
def test_the_hour_at_which_a_day_begins_makes_no_difference(seed):
    day = _random_day(random.Random(seed), 7, hours=6)
    later = MOST_MINUTES - 1080  # no visit of these days is open longer
    moved = [
        replace(
            visit,
            windows=[(opens + later, closes + later) for opens, closes in visit.windows],
            fixed_at=None if visit.fixed_at is None else visit.fixed_at + later,
        )
        for visit in day.visits
    ]
    late = replace(day, visits=moved, starts_at=day.starts_at + later, ends_by=day.ends_by + later)
    found, other = plan_day(day), plan_day(late)
    assert (other.order, other.ends_at - later) == (found.order, found.ends_at)
    assert (other.travel_min, other.waiting_min) == (found.travel_min, found.waiting_min)
