"""Conditions that are easily got wrong: what the check says and what is proposed agree."""

from datetime import date
from itertools import combinations

import pytest

from proxeny.engine.consortium import (
    Call,
    Count,
    Countries,
    Independent,
    Only,
    Organisation,
    Participant,
    Rate,
    Settings,
    Share,
    Total,
    Weights,
    Who,
    Wish,
    check_consortium,
    propose_consortia,
)

LEADS = Who(coordinator=True)
FREE = Weights(member=0)


def org(key, country="GR", **more):
    return Organisation(key=key, country=country, **more)


def call(*rules):
    return Call(on=date(2026, 9, 15), programme="horizon-europe", rules=rules)


@pytest.mark.parametrize("each", ["participant", "group"])
def test_equal_heads_with_other_sums_are_told_apart(each):
    """Many dear ones come first; one alone of them would have too much."""
    dear = [org(f"dear{at:02}", cost=1000, request=0, fit=10) for at in range(20)]
    cheap = [org(f"cheap{at}", cost=10, request=0) for at in range(3)]
    wish = Wish(
        call=call(Total(key="each", of="cost", each=each, most=100)),
        least_members=3,
        most_members=3,
        weights=FREE,
    )
    found = propose_consortia(dear + cheap, wish, settings=Settings(first=2, time_limit_s=60))
    assert found.status == "optimal"
    assert set(found.proposals[0].members) == {"cheap0", "cheap1", "cheap2"}
    assert found.is_complete


def test_a_list_that_is_full_is_not_said_to_be_all_there_are():
    """Three searches, the bar lower each time: one of them ends before the list is full."""
    directory = [org(f"o{at:02}", fit=100 * (at // 2)) for at in range(20)]
    for count in range(1, 20):
        wish = Wish(call=call(), least_members=1, most_members=1, count=count, weights=FREE)
        few = Settings(first=1, narrow=1, time_limit_s=60)
        found = propose_consortia(directory, wish, settings=few)
        assert len(found.proposals) == count
        assert not found.is_complete, count


def test_a_rate_binds_only_whom_it_is_about():
    rule = Rate(key="small", who=Who(sme=True), percent=50)
    directory = [
        org("small", sme=True, cost=100, request=51),
        org("large", "FR", cost=100, request=100),
    ]
    wish = Wish(call=call(rule), least_members=1, most_members=1)
    found = propose_consortia(directory, wish)
    assert found.left_out == {"small": 1}
    assert [one.members for one in found.proposals] == [("large",)]
    assert found.proposals[0].report.status == "met"


@pytest.mark.parametrize(
    ("percent", "cost", "asked"), [(70.1, 1000, 701), (33.3, 10**12, 333 * 10**9)]
)
def test_percents_are_what_is_written(percent, cost, asked):
    """The nearest floating-point number lies a little below or above."""
    people = [org("a", cost=cost, request=asked), org("b", "FR", cost=cost, request=asked + 1)]
    rate, share = (
        Rate(key="rate", percent=percent),
        Share(key="share", of="request", base="cost", most=percent),
    )
    for one, status in zip(people, ("met", "broken"), strict=True):
        report = check_consortium([one.as_participant()], call(rate, share))
        assert [verdict.status for verdict in report.verdicts] == [status, status]
    for rule in (rate, share):
        found = propose_consortia(people, Wish(call=call(rule), least_members=1, most_members=1))
        assert [one.members for one in found.proposals] == [("a",)]


def test_shares_of_large_sums_do_not_run_over():
    people = [org(f"o{at}", cost=10**12 - at, request=0) for at in range(4)]
    rule = Share(key="each", each="participant", most=33.34)
    found = propose_consortia(people, Wish(call=call(rule), least_members=1, most_members=3))
    assert found.status == "optimal"
    assert {len(one.members) for one in found.proposals} == {3}


def test_sums_that_are_too_large_to_compare_are_named():
    people = [org(f"o{at}", cost=10**15, request=0) for at in range(4)]
    rule = Share(key="each", each="participant", most=33.3333)
    with pytest.raises(ValueError, match="cost: sums of 4 organisations"):
        propose_consortia(people, Wish(call=call(rule)))


@pytest.mark.parametrize("percent", [-1, float("nan"), float("inf"), 1e-9, "70"])
def test_a_percent_is_a_number_of_few_places(percent):
    with pytest.raises(ValueError, match="rule 'r': percent: "):
        Rate(key="r", percent=percent)
    with pytest.raises(ValueError, match="rule 'r': most: "):
        Share(key="r", most=percent)


BODIES = [
    Participant(key="jrc", country="INT", cost=40),
    Participant(key="embl", country="int", cost=40),
    Participant(key="athens", country="GR", cost=20),
]


def test_each_body_counts_as_a_country_of_its_own_everywhere():
    rules = (
        Countries(key="countries", least=3),
        Share(key="share", each="country", most=60),
        Total(key="total", of="cost", each="country", most=40),
        Independent(key="independent", least=3),
    )
    report = check_consortium(BODIES, call(*rules))
    assert {one.rule.key: one.status for one in report.verdicts} == dict.fromkeys(
        ("countries", "share", "total", "independent"), "met"
    )
    directory = [org(one.key, one.country, cost=one.cost, request=0) for one in BODIES]
    found = propose_consortia(directory, Wish(call=call(*rules), least_members=3))
    assert found.status == "optimal"
    assert found.proposals[0].report.status == "met"


def test_a_body_that_has_too_much_is_named():
    report = check_consortium(BODIES, call(Total(key="t", of="cost", each="country", most=30)))
    gaps = report["t"].gaps
    assert [(one.place, one.participants, one.amount) for one in gaps] == [
        ("INT", ("embl",), 10),
        ("INT", ("jrc",), 10),
    ]
    report = check_consortium(BODIES, call(Countries(key="c", least=4)))
    assert report["c"].gaps[0].outside == ("GR",)


COORDINATOR_RULES = (
    Count(key="no-company-leads", who=Who(coordinator=True, kinds=frozenset({"company"})), most=0),
    Count(key="sme-leads", who=Who(coordinator=True, sme=True), least=1),
    Count(key="one-leads", who=LEADS, most=1),
    Only(key="greek-lead", who=LEADS, allowed=Who(countries=frozenset({"GR"}))),
    Rate(key="lead-rate", who=LEADS, percent=50),
)


@pytest.mark.parametrize("count", [1, 2])
def test_rules_on_the_coordinator_hold_for_the_one_that_is_proposed(count):
    directory = [
        org("a", kind="company", sme=True, cost=10, request=0, fit=9, can_coordinate=True),
        org("b", kind="university", sme=True, cost=10, request=9, fit=8, can_coordinate=True),
        org("c", "FR", kind="university", sme=True, cost=10, request=5, fit=7, can_coordinate=True),
        org("d", kind="university", sme=False, cost=10, request=5, fit=6, can_coordinate=True),
        org("e", kind="university", sme=True, cost=10, request=5, fit=5, can_coordinate=True),
        org("f", "FR", kind="company", cost=10, request=10, fit=4),
    ]
    for needs in (False, True):
        for rules in combinations(COORDINATOR_RULES, count):
            wish = Wish(
                call=call(*rules),
                least_members=1,
                most_members=1,
                count=10,
                weights=FREE,
                needs_coordinator=needs,
            )
            found = propose_consortia(directory, wish)
            leads = [[one.key] for one in directory if one.can_coordinate]
            allowed = {
                one.key
                for one in directory
                if any(
                    check_consortium(
                        [one.as_participant(coordinator=one.key in lead)], wish.call
                    ).status
                    == "met"
                    for lead in ([] if needs else [[]]) + leads
                    if not lead or lead == [one.key]
                )
            }
            assert {one.members[0] for one in found.proposals} == allowed, (needs, rules)
            assert all(one.report.status == "met" for one in found.proposals)
            assert not needs or all(one.coordinator for one in found.proposals)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Share(key="r", who=LEADS), "rule 'r': who: coordinator: a coordinator may"),
        (lambda: Total(key="r", who=LEADS), "rule 'r': who: coordinator: a coordinator may"),
        (lambda: Countries(key="r", who=LEADS), "rule 'r': who: coordinator: a coordinator may"),
        (
            lambda: Independent(key="r", least=1, who=LEADS),
            "rule 'r': who: coordinator: a coordinator may",
        ),
        (lambda: Count(key="r", least=1, who=Who(coordinator=False)), "rule 'r': who: coordinator"),
        (lambda: Count(key="r", least=2, who=LEADS), "rule 'r': least: 2"),
        (lambda: Only(key="r", allowed=LEADS), "rule 'r': allowed: "),
    ],
)
def test_what_cannot_be_asked_of_a_coordinator_is_said(make, says):
    with pytest.raises(ValueError, match=says):
        make()
