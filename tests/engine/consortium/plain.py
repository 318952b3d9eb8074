"""Directories to test with, and the slow and plain way to the best consortia."""

from datetime import date
from itertools import combinations

from hypothesis import strategies as st

from proxeny.engine.consortium import (
    Call,
    Count,
    Countries,
    Independent,
    Need,
    Only,
    Organisation,
    Rate,
    Relation,
    Share,
    Total,
    Weights,
    Who,
    Wish,
    check_consortium,
)

ON = date(2026, 9, 15)
NEEDS = ("a", "b", "c")
SIDES = ("athens", "paris")


@st.composite
def organisations(draw, key):
    cost = draw(st.integers(1, 9))
    return Organisation(
        key=key,
        country=draw(st.sampled_from(("GR", "FR", "NO", "CH", "US", "MA", "INT"))),
        kind=draw(st.sampled_from(("company", "university"))),
        group=draw(st.sampled_from(("", "", "g", "h"))),
        side=draw(st.sampled_from(("", *SIDES))),
        role=draw(st.sampled_from(("beneficiary", "beneficiary", "affiliated_entity"))),
        sme=draw(st.booleans()),
        covers={one: draw(st.integers(0, 3)) for one in NEEDS},
        fit=draw(st.integers(0, 12)),
        cost=cost,
        request=draw(st.integers(0, cost)),
        own_most=draw(st.none() | st.integers(0, 6)),
        free_bids=draw(st.none() | st.integers(0, 3)),
        can_coordinate=draw(st.booleans()),
    )


RULES = (
    Independent(
        key="three",
        who=Who(
            roles=frozenset({"beneficiary"}),
            statuses=frozenset({"member", "associated", "transitional"}),
        ),
        least=3,
        of_which=Who(statuses=frozenset({"member"})),
        of_which_least=1,
    ),
    Independent(
        key="two",
        who=Who(statuses=frozenset({"member", "associated"})),
        least=2,
        independent=False,
    ),
    Count(key="sme", who=Who(sme=True), least=1),
    Count(key="companies", who=Who(kinds=frozenset({"company"})), most=2),
    Countries(key="countries", least=2, most=3),
    Share(key="third", each="country", most=60),
    Share(key="alone", each="participant", least=10, most=55),
    Share(key="own", of="own", base="cost", least=20),
    Total(key="ceiling", of="request", most=14),
    Total(key="each", of="cost", each="country", most=12),
    Count(key="lead", who=Who(coordinator=True, sme=True), least=1),
    Count(key="no-lead", who=Who(coordinator=True, kinds=frozenset({"company"})), most=0),
    Only(key="greek-lead", who=Who(coordinator=True), allowed=Who(countries=frozenset({"GR"}))),
    Rate(key="lead-rate", who=Who(coordinator=True), percent=62.5),
    Rate(key="rate", who=Who(sme=True), percent=66.7, percent_nonprofit=100),
    Total(key="group", of="cost", each="group", least=2, most=11),
    Share(key="side", of="request", each="side", least=33.3),
)


@st.composite
def questions(draw, most=8):
    count = draw(st.integers(0, most))
    keys = [f"o{number}" for number in range(count)]
    directory = [draw(organisations(key)) for key in keys]
    relations = [
        Relation(one, other, draw(st.integers(1, 3)))
        for one, other in combinations(keys, 2)
        if draw(st.integers(0, 3)) == 0
    ]
    largest = draw(st.integers(1, 5))
    wish = Wish(
        call=Call(
            on=ON,
            programme="horizon-europe",
            rules=tuple(draw(st.lists(st.sampled_from(RULES), max_size=3, unique=True))),
        ),
        needs=[
            Need(key=key, weight=draw(st.integers(0, 5)), least=draw(st.sampled_from((0, 0, 1, 2))))
            for key in NEEDS
        ],
        least_members=draw(st.integers(0, largest)),
        most_members=largest,
        sides={
            side: draw(st.sampled_from((0, 0, 1))) for side in draw(st.sampled_from(((), SIDES)))
        },
        request_most=draw(st.none() | st.integers(3, 25)),
        keep=draw(st.lists(st.sampled_from(keys), max_size=2, unique=True)) if keys else (),
        without=draw(st.lists(st.sampled_from(keys), max_size=1)) if keys else (),
        needs_coordinator=draw(st.booleans()),
        count=draw(st.integers(1, 5)),
        differ_by=draw(st.integers(1, 2)),
        weights=Weights(
            fit=1,
            relation=draw(st.integers(0, 4)),
            balance=draw(st.integers(0, 3)),
            member=draw(st.integers(0, 6)),
        ),
    )
    return directory, relations, wish


def worth(members, relations, wish):
    """What members are worth together, word by word."""
    weights = wish.weights
    keys = {one.key for one in members}
    total = sum(weights.fit * one.fit - weights.member for one in members)
    for need in wish.needs:
        total += need.weight * max((one.covers.get(need.key, 0) for one in members), default=0)
    for one in members:
        known = [
            tie.level
            for tie in relations
            if one.key in (tie.one, tie.other) and {tie.one, tie.other} <= keys
        ]
        total += weights.relation * max(known, default=0)
    sides = [sum(one.side == side for one in members) for side in wish.sides]
    return total - weights.balance * (max(sides) - min(sides) if sides else 0)


def is_allowed(members, wish):
    """Whether members meet everything, by the check of each rule."""
    keys = {one.key for one in members}
    if not set(wish.keep) <= keys or keys & set(wish.without):
        return False
    if not wish.least_members <= len(members) <= wish.most_members:
        return False
    if any(one.free_bids == 0 for one in members):
        return False
    if any(one.own_most is not None and one.cost - one.request > one.own_most for one in members):
        return False
    if wish.request_most is not None and sum(one.request for one in members) > wish.request_most:
        return False
    if any(sum(one.side == side for one in members) < n for side, n in wish.sides.items()):
        return False
    if any(sum(one.covers[need.key] > 0 for one in members) < need.least for need in wish.needs):
        return False
    return meets_the_rules(members, wish)


def meets_the_rules(members, wish):
    """Whether the check of each rule says so, with somebody to coordinate if wanted."""
    leads = [one.key for one in members if one.can_coordinate and one.role == "beneficiary"]
    if wish.needs_coordinator and not leads:
        return False
    return any(
        check_consortium(
            [one.as_participant(coordinator=one.key == lead) for one in members], wish.call
        ).status
        == "met"
        for lead in (leads if wish.needs_coordinator else ("", *leads))
    )


def best_worths(directory, relations, wish):
    """The worths of the best, of the best that differs enough from it, and so on."""
    allowed = [
        members
        for size in range(wish.most_members + 1)
        for members in combinations(directory, size)
        if is_allowed(members, wish)
    ]
    return sorted(
        ((worth(one, relations, wish), {x.key for x in one}) for one in allowed),
        key=lambda one: -one[0],
    )


def differs(keys, other, wish):
    """Whether one may be proposed after another."""
    return keys != other if wish.differ_by == 1 else len(keys - other) >= wish.differ_by
