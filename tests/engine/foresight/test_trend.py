"""Mann-Kendall and Sen against pymannkendall, scipy and all orders."""

from itertools import permutations

import pymannkendall
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from proxeny.engine.foresight import mann_kendall, sen_slope

long_series = st.lists(st.integers(-20, 20), min_size=11, max_size=40)
short_series = st.lists(st.integers(-100, 100), min_size=3, max_size=10, unique=True)


@given(long_series)
@settings(deadline=None)
def test_long_series_are_tested_as_pymannkendall_does(values: list[int]) -> None:
    found, theirs = mann_kendall(values), pymannkendall.original_test(values)

    assert found.s == theirs.s
    assert found.variance == pytest.approx(theirs.var_s)
    assert found.p == pytest.approx(theirs.p, abs=1e-12)
    assert not found.exact


@given(short_series)
@settings(deadline=None)
def test_short_series_have_the_exact_p_of_scipy(values: list[int]) -> None:
    theirs = stats.kendalltau(range(len(values)), values, method="exact")

    found = mann_kendall(values)

    assert found.exact
    assert found.p == pytest.approx(theirs.pvalue)


@given(st.lists(st.integers(0, 2), min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_equal_values_are_counted_over_all_orders(values: list[int]) -> None:
    found = mann_kendall(values)
    every = [_s_of(order) for order in permutations(values)]

    assert found.s == _s_of(values)
    assert found.p == pytest.approx(sum(abs(s) >= abs(found.s) for s in every) / len(every))
    # The variance is that of all orders.
    assert found.variance == pytest.approx(sum(s * s for s in every) / len(every))


def _s_of(values: tuple[int, ...] | list[int]) -> int:
    return sum(
        (later > earlier) - (later < earlier)
        for at, earlier in enumerate(values)
        for later in values[at + 1 :]
    )


def test_four_periods_that_only_rise_are_no_proof() -> None:
    assert mann_kendall([1, 2, 3, 4]).p == pytest.approx(2 / 24)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=30), st.sampled_from([0.8, 0.95]))
@settings(deadline=None)
def test_slope_and_interval_are_those_of_scipy(values: list[int], level: float) -> None:
    theirs = stats.theilslopes(values, alpha=level)

    found = sen_slope(values, level=level)

    assert found.slope == pytest.approx(theirs.slope)
    assert found.low == pytest.approx(theirs.low_slope)
    assert found.high == pytest.approx(theirs.high_slope)
    assert found.low <= found.slope <= found.high


@given(long_series)
@settings(deadline=None)
def test_slope_is_that_of_pymannkendall(values: list[int]) -> None:
    assert sen_slope(values).slope == pytest.approx(pymannkendall.sens_slope(values).slope)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=12), st.integers(1, 9))
@settings(deadline=None)
def test_a_series_turned_over_turns_the_trend(values: list[int], factor: int) -> None:
    found, turned = mann_kendall(values), mann_kendall([-factor * one for one in values])

    assert (turned.s, turned.p) == (-found.s, found.p)
    assert sen_slope([factor * one for one in values]).slope == pytest.approx(
        factor * sen_slope(values).slope
    )


@pytest.mark.parametrize("values", [[], [1.0]])
def test_one_period_has_no_trend(values: list[float]) -> None:
    with pytest.raises(ValueError, match="values: a trend needs at least two periods"):
        mann_kendall(values)


def test_what_is_no_number_has_no_trend() -> None:
    with pytest.raises(ValueError, match="values: one is not a finite number"):
        sen_slope([1.0, float("nan")])
    with pytest.raises(ValueError, match=r"level: 1\.0 is not between 0 and 1"):
        sen_slope([1.0, 2.0], level=1.0)
