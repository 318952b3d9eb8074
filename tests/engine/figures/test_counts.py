"""Costs per outcome and give and take: published limits, and scipy as the judge."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from proxeny.engine.figures import cost_per, count_limits, weigh_two


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood (1936), and the tables of Ulm (1990): 95% limits.
    [
        (1, 0.0253, 5.5716),
        (2, 0.2422, 7.2247),
        (5, 1.6235, 11.6683),
        (10, 4.7954, 18.3904),
        (20, 12.2165, 30.8884),
        (100, 81.3640, 121.6268),
    ],
)
def test_garwoods_limits(count, low, high):
    assert count_limits(count) == pytest.approx((low, high), abs=0.0001)


@settings(deadline=None)
@given(st.integers(1, 300_000), st.sampled_from([0.8, 0.95, 0.99]))
def test_scipy_finds_the_same_limits(count, confidence):
    tail = (1 - confidence) / 2
    wanted = (stats.chi2.ppf(tail, 2 * count) / 2, stats.chi2.isf(tail, 2 * count + 2) / 2)
    assert count_limits(count, confidence=confidence) == pytest.approx(wanted, rel=1e-7)


def test_without_an_outcome_the_rule_of_three():
    assert count_limits(0) == pytest.approx((0.0, 2.9957), abs=0.0001)
    found = cost_per(30_000, 0)
    assert (found.value, found.high) == (None, None)
    assert found.low == pytest.approx(10_014.3, abs=0.1)


def test_a_cost_is_divided_by_the_limits_of_the_count():
    found = cost_per(1000, 10)
    assert (found.count, found.value) == (10, 100.0)
    assert (found.low, found.high) == pytest.approx((1000 / 18.3904, 1000 / 4.7954), rel=1e-4)


@settings(deadline=None)
@given(st.integers(0, 4000), st.integers(0, 4000))
def test_scipy_finds_the_same_share(a, b):
    found = weigh_two(a, b)
    if not a + b:
        assert (found.share, found.low, found.high, found.is_even) == (None, 0.0, 1.0, True)
        return
    wanted = stats.binomtest(a, a + b).proportion_ci(0.95, method="exact")
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=1e-8)
    assert found.share == a / (a + b)


@pytest.mark.parametrize(
    ("a", "b", "even"), [(5, 0, True), (6, 0, False), (1, 9, False), (3, 9, True)]
)
def test_what_cannot_be_told_apart_from_even(a, b, even):
    assert weigh_two(a, b).is_even is even


def test_a_third_of_three_sides_is_even():
    assert weigh_two(20, 40, even=1 / 3).is_even
    assert not weigh_two(40, 40, even=1 / 3).is_even


@pytest.mark.parametrize(
    "call",
    [
        lambda: count_limits(-1),
        lambda: cost_per(-1, 1),
        lambda: weigh_two(-1, 2),
        lambda: count_limits(1, confidence=95),
        lambda: weigh_two(1, 2, even=0),
        lambda: weigh_two(1, 2, confidence=95),
    ],
)
def test_bad_input_is_told(call):
    with pytest.raises(ValueError, match="must"):
        call()
