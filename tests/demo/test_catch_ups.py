"""The told catch-ups make sense on whatever day of the week the demo is loaded."""

from datetime import date, timedelta

import pytest

from proxeny.demo.catch_ups import working_day
from proxeny.demo.texts import read_content

MONDAY = date(2026, 11, 2)
WEEK = [MONDAY + timedelta(days=number) for number in range(7)]
#: The rhythm of the demo: since when, and how long its windows are.
SINCE, MONTH, HALF_YEAR = -304, 30, 182


def _told() -> list[dict]:
    return read_content("catch-ups")["catch_ups"]


@pytest.mark.parametrize("today", WEEK, ids=lambda day: f"{day:%a}")
def test_nothing_happens_before_what_it_follows_from(today):
    for told in _told():
        days = working_day(told["days"], today=today)
        assert (today + timedelta(days=days)).weekday() < 5
        assert told["asked"] + 1 < told.get("called_off", {}).get("days", days) < days + 1
        for action in told.get("minutes", {}).get("actions", ()):
            assert days < action["due"]
            assert days <= action.get("done", days) <= 0
            assert "done" in action or action["due"] > 0


@pytest.mark.parametrize("today", WEEK, ids=lambda day: f"{day:%a}")
def test_one_month_alone_was_missed_and_each_half_year_had_a_visit(today):
    held = [told for told in _told() if "called_off" not in told and not told.get("missed")]
    days = [(working_day(told["days"], today=today), "host" in told) for told in held]
    months = {(one - SINCE) // MONTH for one, _is_visit in days}
    assert months == set(range(11)) - {5}
    visits = [(one - SINCE) // HALF_YEAR for one, is_visit in days if is_visit]
    assert visits == [0, 1]
