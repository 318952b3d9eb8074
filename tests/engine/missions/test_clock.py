"""Minutes of a day as they elapse, on days on which clocks change as well."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.missions import minutes_since, moment_of

ATHENS, PARIS = ZoneInfo("Europe/Athens"), ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("day", "hour", "minutes"),
    [
        ((2026, 3, 28), 8, 480),
        ((2026, 3, 29), 8, 420),  # forward at 03:00
        ((2026, 3, 29), 2, 120),
        ((2026, 10, 25), 8, 540),  # back at 04:00
    ],
)
def test_hours_that_are_skipped_or_come_twice(day, hour, minutes):
    midnight, moment = datetime(*day, tzinfo=ATHENS), datetime(*day, hour, tzinfo=ATHENS)
    assert minutes_since(midnight, moment) == minutes
    assert moment_of(midnight, minutes) == moment
    assert moment_of(midnight, minutes).hour == hour


def test_both_passes_through_an_hour_that_comes_twice():
    midnight = datetime(2026, 10, 25, tzinfo=ATHENS)
    first, second = (datetime(2026, 10, 25, 3, 30, tzinfo=ATHENS, fold=fold) for fold in (0, 1))
    assert minutes_since(midnight, first) == 210
    assert minutes_since(midnight, second) == 270
    assert moment_of(midnight, 270).fold == 1


def test_a_moment_of_another_time_zone():
    midnight = datetime(2026, 5, 4, tzinfo=ATHENS)
    assert minutes_since(midnight, datetime(2026, 5, 4, 8, tzinfo=PARIS)) == 540
    assert minutes_since(midnight, datetime(2026, 5, 4, 6, 0, 59, tzinfo=UTC)) == 540


@given(st.datetimes(timezones=st.just(PARIS)), st.integers(0, 3000))
def test_there_and_back(midnight, minutes):
    assert minutes_since(midnight, moment_of(midnight, minutes)) == minutes


def test_moments_need_a_time_zone():
    aware, naive = datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 5, 4, 8)  # noqa: DTZ001
    with pytest.raises(ValueError, match="moment: 2026-05-04 08:00:00 has no time zone"):
        minutes_since(aware, naive)
    with pytest.raises(ValueError, match="midnight: "):
        minutes_since(naive, aware)
    with pytest.raises(ValueError, match="midnight: "):
        moment_of(naive, 5)


def test_python_alone_would_be_an_hour_wrong():
    midnight, moment = (datetime(2026, 3, 29, hour, tzinfo=ATHENS) for hour in (0, 8))
    assert moment - midnight == timedelta(hours=8)
