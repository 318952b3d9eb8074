"""The largest part of its cost that one may ask for: what the check says of it, and of a cent more."""

from datetime import date
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.consortium import (
    Call,
    Participant,
    Rate,
    Who,
    check_consortium,
    find_rate,
)
from proxeny.engine.consortium.model import ROLES

PERCENT = st.integers(0, 1_000_000).map(lambda one: one / 10_000)
WHO = st.builds(
    Who,
    roles=st.sets(st.sampled_from(ROLES)).map(frozenset),
    # What a country is to the programme may be in doubt.
    statuses=st.sampled_from([frozenset(), frozenset({"member"}), frozenset({"associated"})]),
    countries=st.sampled_from([frozenset(), frozenset({"GR", "CH"})]),
    kinds=st.sampled_from([frozenset(), frozenset({"company"})]),
    sides=st.sampled_from([frozenset(), frozenset({"Athens"})]),
    tags=st.sampled_from([frozenset(), frozenset({"cluster"})]),
    sme=st.sampled_from([None, True, False]),
    coordinator=st.sampled_from([None, True]),
    paid=st.sampled_from([None, True, False]),
)


@st.composite
def calls(draw):
    found = draw(st.lists(st.tuples(PERCENT, st.none() | PERCENT, WHO), max_size=4))
    rules = tuple(
        Rate(key=str(at), percent=one, percent_nonprofit=other, who=who)
        for at, (one, other, who) in enumerate(found)
    )
    return Call(on=date(2026, 9, 15), programme="horizon-europe", rules=rules)


@st.composite
def participants(draw):
    role = draw(st.sampled_from(ROLES))
    return {
        "key": "one",
        "role": role,
        "country": draw(st.sampled_from(["GR", "FR", "MA", "CH", "??"])),
        "kind": draw(st.sampled_from(["", "company"])),
        "side": draw(st.sampled_from(["", "Athens"])),
        "tags": draw(st.sampled_from([frozenset(), frozenset({"cluster"})])),
        "sme": draw(st.booleans()),
        "nonprofit": draw(st.booleans()),
        "coordinator": role == "beneficiary" and draw(st.booleans()),
        "cost": draw(st.integers(1, 10**9)),
    }


@given(calls(), participants())
def test_so_much_breaks_nothing_and_a_cent_more_does(call, facts):
    rate = find_rate(Participant(**facts), call)
    most = floor(rate * facts["cost"])
    if most:
        report = check_consortium([Participant(**facts, request=most)], call)
        assert all(not one.gaps for one in report.verdicts)
    if rate < 1:
        report = check_consortium([Participant(**facts, request=most + 1)], call)
        assert any(one.gaps for one in report.verdicts)


def test_without_a_rule_all_of_it():
    call = Call(on=date(2026, 9, 15), programme="horizon-europe")
    assert find_rate(Participant(key="a", country="GR"), call) == 1


@pytest.mark.parametrize(
    ("who", "rate"),
    [
        (Who(paid=True), Fraction(1, 2)),
        # What is asked of those who ask for nothing does not hold one who asks.
        (Who(paid=False), 1),
        (Who(statuses=frozenset({"third"})), 1),
    ],
)
def test_whom_a_rule_means(who, rate):
    rules = (Rate(key="half", percent=50, who=who),)
    call = Call(on=date(2026, 9, 15), programme="horizon-europe", rules=rules)
    assert find_rate(Participant(key="a", country="GR", request=0), call) == rate
