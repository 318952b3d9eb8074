"""Give and take, and a rhythm."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.health import measure_imbalance, measure_rhythm

SINCE = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("given_", "received", "expected"), [(3, 1, 0.5), (0, 4, -1), (2, 2, 0), (0, 0, None)]
)
def test_imbalance(given_, received, expected):
    assert measure_imbalance(given_, received) == expected


def test_negative_amounts_are_refused():
    with pytest.raises(ValueError, match="must not be negative"):
        measure_imbalance(-1, 2)


def test_windows_kept_and_missed():
    days = [date(2026, 1, 5), date(2026, 1, 9), date(2026, 3, 2)]
    found = measure_rhythm(days, since=SINCE, every_days=30, today=date(2026, 4, 10))
    assert [kept for *_days, kept in found.windows] == [True, False, True]
    assert (found.kept, found.missed, found.missed_in_a_row) == (2, 1, 0)
    assert found.windows[0][:2] == (SINCE, date(2026, 1, 30))
    assert found.due_on == date(2026, 4, 30)


def test_kept_early_is_due_a_window_later():
    found = measure_rhythm([SINCE], since=SINCE, every_days=30, today=date(2026, 1, 3))
    assert (found.windows, found.due_on) == ((), date(2026, 3, 1))


def test_missed_in_a_row_counts_from_the_end():
    found = measure_rhythm([SINCE], since=SINCE, every_days=10, today=SINCE + timedelta(days=35))
    assert found.missed_in_a_row == 2


def test_what_was_before_counts_for_nothing():
    found = measure_rhythm([date(2025, 12, 30)], since=SINCE, every_days=7, today=date(2026, 1, 9))
    assert found.kept == 0


def test_no_rhythm_below_a_day():
    with pytest.raises(ValueError, match="every_days"):
        measure_rhythm([], since=SINCE, every_days=0, today=SINCE)


@given(st.lists(st.integers(0, 400)), st.integers(1, 60), st.integers(0, 400))
def test_windows_touch_and_end_before_today(offsets, every, now):
    today = SINCE + timedelta(days=now)
    days = [SINCE + timedelta(days=one) for one in offsets]
    found = measure_rhythm(days, since=SINCE, every_days=every, today=today)
    assert len(found.windows) == now // every
    assert found.due_on >= today
    for first, last, kept in found.windows:
        assert (last - first).days == every - 1
        assert kept == any(first <= day <= last for day in days)
