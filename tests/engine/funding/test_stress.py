"""What goes on without some money, against every set of activities there is."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxeny.engine.funding import Activity, Line, Plan, find_pillars, find_rescue, stress


@st.composite
def _plans(draw):
    count = draw(st.integers(1, 7))
    activities = [
        Activity(
            cost=draw(st.integers(0, 12)),
            value=draw(st.integers(1, 5)),
            core=draw(st.booleans()),
            needs=tuple(draw(st.sets(st.integers(0, place - 1), max_size=2))) if place else (),
        )
        for place in range(count)
    ]
    lines = draw(
        st.lists(
            st.builds(
                Line,
                source=st.integers(0, 3),
                amount=st.integers(0, 15),
                activity=st.none() | st.integers(0, count - 1),
                movable=st.booleans(),
            ),
            max_size=6,
        )
    )
    return Plan(activities, lines)


def _remaining(plan, parts):
    own, pool = [0] * len(plan.activities), 0
    for line in plan.lines:
        amount = line.amount * parts.get(line.source, 100) // 100
        if line.activity is None or line.movable:
            pool += amount
        else:
            own[line.activity] += amount
    return [max(0, a.cost - had) for a, had in zip(plan.activities, own, strict=True)], pool


def _all_sets(plan, short, pool):
    for size in range(len(plan.activities) + 1):
        for some in combinations(range(len(plan.activities)), size):
            chosen = set(some)
            if all(set(plan.activities[one].needs) <= chosen for one in some):
                spent = sum(short[one] for one in some)
                if spent <= pool:
                    yield chosen, spent


def _worth(plan, chosen, spent):
    core = sum(plan.activities[i].value for i in chosen if plan.activities[i].core)
    return core, sum(plan.activities[i].value for i in chosen), -spent


@settings(max_examples=300, deadline=None)
@given(_plans(), st.dictionaries(st.integers(0, 3), st.sampled_from([0, 0, 35, 50, 100])))
def test_no_set_is_better(plan, parts):
    found = stress(plan, parts)
    short, pool = _remaining(plan, parts)
    sets = list(_all_sets(plan, short, pool))
    best = max(_worth(plan, *one) for one in sets)
    assert found.status == "optimal"
    assert _worth(plan, found.kept, found.spent) == best
    assert (set(found.kept), found.spent) in sets
    assert found.value == sum(plan.activities[one].value for one in found.kept)
    assert found.left == pool - found.spent


@settings(max_examples=200, deadline=None)
@given(_plans(), st.dictionaries(st.integers(0, 3), st.sampled_from([0, 50])))
def test_sums_that_save_are_enough_and_the_smallest(plan, parts):
    found = stress(plan, parts)
    short, pool = _remaining(plan, parts)
    core = plan.with_needs([i for i, one in enumerate(plan.activities) if one.core])
    for wanted, sum_ in [
        (core, found.rescue.core),
        (set(range(len(plan.activities))), found.rescue.everything),
        *((plan.with_needs([s.activity]) | set(found.kept), s.missing) for s in found.stopped),
    ]:
        spent = sum(short[one] for one in wanted)
        assert spent <= pool + sum_
        assert sum_ == 0 or spent > pool + sum_ - 1
    assert found.core_kept == (core <= set(found.kept)) == (found.rescue.core == 0)
    assert find_rescue(plan, parts) == found.rescue
    assert sorted([*found.kept, *(s.activity for s in found.stopped)]) == list(
        range(len(plan.activities))
    )


def test_why_an_activity_stops():
    plan = Plan(
        [Activity(100, 5), Activity(10, 1, needs=(0,)), Activity(20, 2)],
        [Line(0, 100, activity=0), Line(1, 40, movable=True)],
    )
    found = stress(plan, {0: 0})
    assert found.kept == (2,)
    assert [(one.activity, one.code, one.missing) for one in found.stopped] == [
        (0, "money", 80),
        (1, "needs", 90),
    ]


def test_a_grant_pays_for_its_own_activity_only():
    activities = [Activity(100), Activity(100)]
    grant = Plan(activities, [Line(0, 200, activity=0)])
    own = Plan(activities, [Line(0, 200, activity=0, movable=True)])
    assert stress(grant).kept == (0,)
    assert stress(own).kept == (0, 1)


def test_pillars_are_found_one_by_one():
    plan = Plan(
        [Activity(100, 1, core=True), Activity(50, 1)],
        [Line(7, 100, activity=0), Line(9, 50, activity=1)],
    )
    found = find_pillars(plan)
    assert {source: one.core_kept for source, one in found.items()} == {7: False, 9: True}
    assert find_pillars(plan, [9])[9].kept == (0,)


@settings(max_examples=100, deadline=None)
@given(_plans())
def test_pillars_are_the_same_as_one_test_each(plan):
    assert find_pillars(plan) == {one: stress(plan, {one: 0}) for one in plan.sources}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Plan([Activity(-1)]), r"activities\[0\].cost"),
        (lambda: Plan([Activity(1, value=0)]), r"activities\[0\].value"),
        (lambda: Plan([Activity(1, needs=(4,))]), r"activities\[0\].needs: no such"),
        (lambda: Plan([Activity(1, needs=(1,)), Activity(1, needs=(0,))]), "in a circle"),
        (lambda: Plan([Activity(1, needs=(0,))]), "in a circle"),
        (lambda: Plan([], [Line(0, -1)]), r"lines\[0\].amount"),
        (lambda: Plan([], [Line(0, 1, activity=0)]), r"lines\[0\].activity"),
        (lambda: stress(Plan([]), {3: 101}), r"parts_left\[3\]"),
        (lambda: find_rescue(Plan([]), {3: -1}), r"parts_left\[3\]"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_long_chains_are_sorted_without_recursion():
    many = [Activity(1, needs=(place - 1,) if place else ()) for place in range(5000)]
    assert Plan(many).order == tuple(range(5000))
