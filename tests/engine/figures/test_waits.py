"""Median times: published examples, and scipy as the judge."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from proxeny.engine.figures import median_wait

# Freireich et al. (1963), weeks of remission of leukaemia: 6-MP, those still in remission marked.
SIX_MP = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
ENDED = [True] * 9 + [False] * 12
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_freireichs_six_mp():
    found = median_wait(SIX_MP, ENDED)
    # Median 23; by the log-log scale from 13, and no upper limit, as SAS and lifelines tell.
    assert (found.median, found.low, found.high) == (23.0, 13.0, None)
    assert (found.answered, found.waiting, found.method) == (9, 12, "survival")


def test_freireichs_placebo_had_no_one_left():
    found = median_wait(PLACEBO, [True] * 21)
    # The sixth and the sixteenth of 21 hold with 97.3%; the seventh and fifteenth with 92%.
    assert (found.median, found.low, found.high, found.method) == (8.0, 4.0, 12.0, "order")


@pytest.mark.parametrize(("count", "place"), [(5, 0), (6, 1), (8, 1), (9, 2), (25, 8), (100, 40)])
def test_ordered_limits_are_those_of_the_tables(count, place):
    # Conover (1999), table A3, and Gibbons' tables of the sign test.
    found = median_wait(list(range(1, count + 1)), [True] * count)
    wanted = (place, count + 1 - place) if place else (None, None)
    assert (found.low, found.high) == wanted


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=2, max_size=60).filter(
        lambda rows: any(yes for _, yes in rows) and not all(yes for _, yes in rows)
    )
)
def test_scipy_finds_the_same_curve(rows):
    times, ended = np.array([t for t, _ in rows]), np.array([yes for _, yes in rows])
    found = median_wait(times, ended)
    data = stats.CensoredData(uncensored=times[ended], right=times[~ended])
    curve = stats.ecdf(data).sf
    with np.errstate(all="ignore"):
        limits = curve.confidence_interval(0.95, method="log-log")

    def first(at, values):
        under = at[np.nan_to_num(values, nan=0.0) <= 0.5 + 1e-9]
        return float(under[0]) if len(under) else None

    assert found.median == first(curve.quantiles, curve.probabilities)
    # Where nobody is left, scipy tells no limits; before, the same.
    inside = (curve.probabilities > 0) & (curve.probabilities < 1)
    for name, one in (("low", limits.low), ("high", limits.high)):
        at = first(curve.quantiles[inside], one.probabilities[inside])
        if at is not None:
            assert getattr(found, name) == at


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(1, 4)), min_size=1))
def test_counted_rows_are_as_good_as_single_ones(rows):
    single = [(t, yes) for t, yes, often in rows for _ in range(often)]
    counted = median_wait(*(list(one) for one in zip(*rows, strict=True)))
    assert counted == median_wait(*(list(one) for one in zip(*single, strict=True)))


def test_of_half_that_wait_for_ever_there_is_no_median():
    found = median_wait([1, 2, 50, 50, 50], [True, True, False, False, False])
    assert found.median is None
    assert median_wait([], []).median is None


@pytest.mark.parametrize("bad", [([1], []), ([-1], [True])])
def test_bad_input_is_told(bad):
    with pytest.raises(ValueError, match="must be"):
        median_wait(*bad)


def test_a_confidence_that_is_none_is_told():
    with pytest.raises(ValueError, match="confidence: must lie between 0 and 1"):
        median_wait([1], [True], confidence=95)
