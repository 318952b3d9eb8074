"""The best consortia: against trying all of them, and what is said of them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.engine.consortium import plain

from proxeny.engine.consortium import (
    Call,
    Need,
    Organisation,
    Relation,
    Settings,
    Total,
    Weights,
    Wish,
    find_rules,
    propose_consortia,
)
from proxeny.engine.consortium._problem import build_problem
from proxeny.engine.consortium._search import Found, complete

LONG = Settings(time_limit_s=60)
RIA = Call(
    on=date(2026, 9, 15), programme="horizon-europe", rules=find_rules("horizon-europe-ria").rules
)


@settings(
    max_examples=60, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck)
)
@given(plain.questions())
def test_as_good_as_trying_all(question):
    directory, relations, wish = question
    found = propose_consortia(directory, wish, relations=relations, settings=LONG)
    ranked = plain.best_worths(directory, relations, wish)
    if not ranked:
        assert found.status == "infeasible"
        assert found.conflicts
        return
    assert found.status == "optimal"
    by_key = {one.key: one for one in directory}
    taken = []
    for proposal in found.proposals:
        keys = set(proposal.members)
        members = [by_key[key] for key in proposal.members]
        assert plain.is_allowed(members, wish)
        assert proposal.worth.total == plain.worth(members, relations, wish)
        open_ = [
            value
            for value, other in ranked
            if all(plain.differs(other, one, wish) for one in taken)
        ]
        assert proposal.worth.total == open_[0] == proposal.bound
        assert all(plain.differs(keys, one, wish) for one in taken)
        assert proposal.report.status == "met"
        taken.append(keys)
    rest = [other for _, other in ranked if all(plain.differs(other, one, wish) for one in taken)]
    assert len(found.proposals) == wish.count or not rest
    assert found.is_complete <= (not rest)


@settings(
    max_examples=40, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck)
)
@given(plain.questions(most=7))
def test_few_candidates_first_changes_nothing(question):
    directory, relations, wish = question
    few = Settings(time_limit_s=60, first=1, narrow=1)
    all_ = Settings(time_limit_s=60, is_pruned=False)
    one = propose_consortia(directory, wish, relations=relations, settings=few)
    other = propose_consortia(directory, wish, relations=relations, settings=all_)
    assert one.status == other.status
    # Of equal ones either may be first; what may come after it then differs.
    if wish.differ_by == 1:
        assert [x.worth.total for x in one.proposals] == [x.worth.total for x in other.proposals]


def org(key, country, **more):
    return Organisation(key=key, country=country, **more)


DIRECTORY = [
    org("athens", "GR", covers={"a": 3}, fit=500, side="athens", can_coordinate=True),
    org("paris", "FR", covers={"b": 2}, fit=500, side="paris"),
    org("lyon", "FR", covers={"c": 3}, fit=450, side="paris"),
    org("oslo", "NO", covers={"b": 3}, fit=400),
    org("bern", "CH", covers={"c": 1}, fit=300),
    org("boston", "US", covers={"c": 3}, fit=900, cost=0, request=0),
]
WISH = Wish(
    call=RIA,
    needs=[Need(key="a"), Need(key="b"), Need(key="c", kind="work_package")],
    most_members=4,
    needs_coordinator=True,
)


def test_keep_these_and_complete_the_rest():
    found = propose_consortia(DIRECTORY, replace(WISH, keep=["athens", "paris"], most_members=3))
    assert found.status == "optimal"
    best = found.proposals[0]
    # Lyon and Boston are worth more and bring no third country that counts.
    assert best.members == ("athens", "paris", "oslo")
    assert best.coordinator == "athens"
    assert [one.kept for one in best.added] == [True, True, False]
    assert best.added[2].needs == {"b": 1}
    assert best.added[2].rules == ("he-three", "members")
    assert best.levels == {"a": 3, "b": 3, "c": 0}


def test_what_is_worth_less_than_nothing_is_proven_as_well():
    found = propose_consortia([org("a", "GR")], Wish(call=replace(RIA, rules=()), least_members=1))
    assert [(one.worth.total, one.bound) for one in found.proposals] == [(-300, -300)]


def test_what_each_adds_is_what_would_be_lost():
    relations = [Relation("athens", "oslo", 2), Relation("oslo", "paris", 3)]
    best = propose_consortia(DIRECTORY, WISH, relations=relations).proposals[0]
    oslo = next(one for one in best.added if one.member == "oslo")
    assert oslo.knows == {"athens": 2, "paris": 3} if "paris" in best.members else {"athens": 2}
    by_key = {one.key: one for one in DIRECTORY}
    members = [by_key[key] for key in best.members]
    for one in best.added:
        rest = [other for other in members if other.key != one.member]
        lost = plain.worth(members, relations, WISH) - plain.worth(rest, relations, WISH)
        assert one.worth.total == lost


def test_the_best_ten_differ_by_as_many_as_wanted():
    many = [
        org(f"o{number}", ("GR", "FR", "DE", "IT")[number % 4], fit=number) for number in range(12)
    ]
    wish = Wish(
        call=RIA, least_members=4, most_members=4, count=5, differ_by=2, weights=Weights(member=0)
    )
    found = propose_consortia(many, wish)
    assert found.proposals[0].worth.total == 8 + 9 + 10 + 11
    for at, one in enumerate(found.proposals):
        for other in found.proposals[:at]:
            assert len(set(one.members) - set(other.members)) >= 2


def test_the_same_question_has_the_same_answer():
    assert propose_consortia(DIRECTORY, WISH) == propose_consortia(DIRECTORY, WISH)


@pytest.mark.parametrize(
    ("change", "conflicts"),
    [
        ({"keep": ["nobody"]}, [("unknown", "nobody", "", ())]),
        ({"keep": ["athens"], "without": ["athens"]}, [("unfit", "athens", "without", ())]),
        (
            {"keep": ["athens", "paris", "lyon"], "most_members": 2, "least_members": 1},
            [("size", "", "", ("keep", "members"))],
        ),
        (
            {"keep": ["paris", "lyon", "boston"], "most_members": 3, "needs_coordinator": False},
            [("together", "", "", ("members", "he-three", "keep"))],
        ),
        ({"sides": {"rome": 1}}, [("together", "", "", ("side:rome",))]),
        (
            {"needs": [Need(key="law", least=1)]},
            [("together", "", "", ("need:law",))],
        ),
    ],
)
def test_infeasible_is_an_answer_with_a_reason(change, conflicts):
    found = propose_consortia(DIRECTORY, replace(WISH, **change))
    assert found.status == "infeasible"
    assert found.proposals == ()
    assert [(one.code, one.member, one.reason, one.demands) for one in found.conflicts] == conflicts


def test_a_budget_that_nobody_can_keep_to():
    dear = [replace(one, cost=900, request=900) for one in DIRECTORY[:-1]]
    found = propose_consortia(dear, replace(WISH, request_most=2000))
    assert found.status == "infeasible"
    assert found.conflicts[0].demands in (("members", "request_most"), ("request_most", "he-three"))
    assert propose_consortia(dear, replace(WISH, request_most=2700)).status == "optimal"


def test_who_cannot_take_part_is_told_by_reason():
    directory = [
        *DIRECTORY,
        org("busy", "DE", fit=1000, free_bids=0),
        org("poor", "DE", fit=1000, cost=100, request=60, own_most=30),
        org("dear", "DE", fit=1000, cost=100, request=120),
        org("texas", "US", fit=1000, cost=100, request=100),
        org("nowhere", "XX", fit=1000, cost=100, request=100),
    ]
    found = propose_consortia(directory, WISH)
    assert found.left_out == {"free_bids": 1, "he-full-rate": 1, "he-paid": 2, "own_most": 1}
    ceiling = Total(key="ceiling", of="request", most=1000)
    wish = replace(WISH, call=replace(RIA, rules=(*RIA.rules, ceiling)))
    assert propose_consortia(directory, wish).left_out["figures"] == len(DIRECTORY) - 1


def test_a_country_in_doubt_is_nobody_that_a_rule_asks_for():
    directory = [org("athens", "GR"), org("paris", "FR"), org("rabat", "MA", fit=900)]
    found = propose_consortia(directory, Wish(call=RIA, most_members=3))
    assert found.status == "infeasible"


def test_time_that_is_up_is_no_proof():
    many = [
        org(f"o{number}", ("GR", "FR", "DE", "IT")[number % 4], fit=number % 50)
        for number in range(300)
    ]
    times = iter(range(0, 10_000, 5))
    found = propose_consortia(
        many, Wish(call=RIA), settings=Settings(time_limit_s=1), clock=lambda: next(times)
    )
    assert found.status in ("feasible", "unknown")
    assert not found.is_complete


def up_after(looks):
    """A clock that stands still for so many looks at it; then time is up."""
    times = iter([0.0] * looks)
    return lambda: next(times, 30.0)


@pytest.mark.parametrize("count", [300, 600])
def test_what_is_there_when_time_is_up_meets_everything_and_tells_its_gap(count):
    """Whether few enough to be compared at once or not."""
    many = [
        org(
            f"o{number}",
            ("GR", "FR", "DE", "IT")[number % 4],
            fit=number,
            covers={"a": number % 4, "b": number % 3},
        )
        for number in range(count)
    ]
    wish = Wish(call=RIA, needs=[Need(key="a"), Need(key="b")], weights=Weights(member=20))
    exact = propose_consortia(many, wish, settings=Settings(time_limit_s=60))
    assert exact.status == "optimal"
    best = [one.worth.total for one in exact.proposals]
    statuses = []
    for looks in range(1, 40):
        found = propose_consortia(
            many, wish, settings=Settings(time_limit_s=30), clock=up_after(looks)
        )
        statuses.append(found.status)
        assert not found.is_complete
        if found.status == "optimal":
            break
        totals = [one.worth.total for one in found.proposals]
        assert len(totals) == (10 if found.status == "feasible" else 0)
        assert totals == sorted(totals, reverse=True)
        assert len({frozenset(one.members) for one in found.proposals}) == len(totals)
        for at, one in enumerate(found.proposals):
            assert one.report.status != "broken"
            # Of ten that are the best, at most so many are before it.
            assert one.worth.total <= best[at] <= one.bound
    assert statuses[0] == "unknown"
    assert statuses[-1] == "optimal"
    assert statuses.count("feasible") > 3


@pytest.mark.parametrize("last", [192, 190])
def test_what_is_not_proven_is_in_order_with_bounds_that_hold_for_it(last):
    directory = [org(f"o{number}", "GR", fit=500 - 10 * number) for number in range(5)]
    wish = Wish(call=replace(RIA, rules=()), least_members=1, most_members=1, count=3)
    problem = build_problem(directory, [], wish)
    found = Found(members=[(0,), (2,), (1,)], worths=[200, 180, 190], bounds=[200, 195, last])
    found.passed = dict(zip(found.members, found.worths, strict=True))
    told = complete(problem, found, np.arange(5))
    assert told.members == [(0,), (1,), (2,)]
    assert told.worths == [200, 190, 180]
    # Nothing but the first is worth more than 195; the last one holds only for what is not the third.
    assert told.bounds == [200, 195, 195]
    assert not told.is_proven


def test_a_rare_one_is_told_even_if_there_is_no_time_to_better_it():
    common = [org(f"o{number:02}", "US", fit=900, cost=0, request=0) for number in range(30)]
    rare = [org("athens", "GR"), org("paris", "FR"), org("oslo", "NO")]
    wish = Wish(call=RIA, most_members=3)
    few = Settings(first=3, narrow=3, time_limit_s=30)
    statuses = set()
    for looks in range(1, 40):
        found = propose_consortia(common + rare, wish, settings=few, clock=up_after(looks))
        statuses.add(found.status)
        assert all(set(one.members) == {"athens", "paris", "oslo"} for one in found.proposals)
        assert all(one.worth.total == -900 <= one.bound for one in found.proposals)
    assert statuses == {"unknown", "feasible", "optimal"}


def test_why_there_is_none_is_found_out_in_the_same_time():
    dear = [replace(one, cost=900, request=900) for one in DIRECTORY]
    wish = replace(WISH, request_most=1000)
    known = propose_consortia(dear, wish).conflicts[0]
    assert known.is_minimal
    seen = set()
    for looks in range(1, 30):
        found = propose_consortia(dear, wish, clock=up_after(looks))
        for one in found.conflicts:
            assert one.is_minimal == (one == known)
            assert set(one.demands) >= set(known.demands)
            seen.add(one.is_minimal)
    assert seen == {False, True}


def test_many_alike_whose_first_bounds_are_far_above_the_best():
    """None of them is worth what each of them might be at first: nobody may be left out by that."""
    many = [
        org(f"o{at}", ("NO", "IT", "DE")[at % 3], covers={"b": 3} if at % 3 else {"a": 3, "c": 3})
        for at in range(1000)
    ]
    directory = [org("one", "GR", fit=1000, covers={"a": 3}), org("two", "FR"), *many]
    wish = Wish(
        call=RIA, needs=[Need(key=key) for key in "abc"], least_members=6, most_members=12, count=3
    )
    found = propose_consortia(directory, wish, settings=LONG)
    assert found.status == "optimal"
    assert [one.worth.total for one in found.proposals] == [100, 100, 100]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: org("a", "GR", fit=-1), "organisation 'a': fit: -1"),
        (lambda: org("a", "GR", covers={"x": 4}), r"organisation 'a': covers\['x'\]: 4"),
        (lambda: Need(key="a", weight=-1), "need 'a': weight: -1"),
        (lambda: Relation("a", "b", 9), "relation 'a' 'b': level: 9"),
        (lambda: Weights(member=-1), "member: -1"),
        (lambda: Wish(call=RIA, least_members=5, most_members=4), "least_members: 5"),
        (
            lambda: Wish(call=replace(RIA, rules=(Total(key="members"),))),
            "rule 'members': key: a demand",
        ),
        (
            lambda: Wish(call=RIA, needs=[Need(key="a"), Need(key="a")]),
            "needs: two have the key 'a'",
        ),
        (
            lambda: propose_consortia([org("a", "GR"), org("a", "FR")], WISH),
            "organisations: two have the key 'a'",
        ),
    ],
)
def test_bad_input_names_the_field(make, says):
    with pytest.raises(ValueError, match=says):
        make()
