"""Quiet hours and the moments of daily and weekly mails, by the clocks of a person's zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.notices.models import Hours
from proxeny.notices.rules import due_digests, is_quiet, next_moment, zone_of

ATHENS, PARIS, INDIA = "Europe/Athens", "Europe/Paris", "Asia/Kolkata"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "moment", "quiet"),
    [
        # In summer, 20:59 in Athens is 17:59 in UTC.
        (20, 7, "2026-06-10T17:59", True),
        (22, 7, "2026-06-10T18:59", False),
        (22, 7, "2026-06-10T19:00", True),
        (22, 7, "2026-06-11T03:59", True),
        (22, 7, "2026-06-11T04:00", False),
        (12, 14, "2026-06-10T09:00", True),
        (12, 14, "2026-06-10T11:00", False),
        (7, 7, "2026-06-10T04:00", False),
    ],
)
def test_quiet_by_the_clocks_in_athens(start, end, moment, quiet):
    hours = Hours(quiet_from=start, quiet_until=end)
    assert is_quiet(hours, at(moment), ATHENS) is quiet


def test_a_weekend_is_quiet_until_monday_morning():
    hours = Hours(quiet_from=22, quiet_until=7, is_quiet_at_weekends=True)
    friday_night = at("2026-06-12T20:30")
    assert next_moment(hours, friday_night, PARIS) == at("2026-06-15T05:00")
    assert next_moment(hours, at("2026-06-12T10:00"), PARIS) is None


def test_a_zone_half_an_hour_off_has_its_own_full_hours():
    hours = Hours(quiet_from=22, quiet_until=7)
    assert next_moment(hours, at("2026-06-10T20:00"), INDIA) == at("2026-06-11T01:30")


def test_the_night_in_which_clocks_are_changed():
    hours = Hours(quiet_from=22, quiet_until=7)
    # In Paris the night to 29 March 2026 has an hour less, that to 25 October one more.
    assert next_moment(hours, at("2026-03-28T22:00"), PARIS) == at("2026-03-29T05:00")
    assert next_moment(hours, at("2026-10-24T22:00"), PARIS) == at("2026-10-25T06:00")


@given(
    start=st.integers(0, 23),
    end=st.integers(0, 23),
    weekends=st.booleans(),
    minutes=st.integers(0, 365 * 24 * 60),
    zone=st.sampled_from([ATHENS, PARIS, INDIA, "UTC", "America/St_Johns", "nowhere"]),
)
def test_the_moment_is_the_first_that_is_not_quiet(start, end, weekends, minutes, zone):
    hours = Hours(quiet_from=start, quiet_until=end, is_quiet_at_weekends=weekends)
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    moment = next_moment(hours, now, zone)
    if not is_quiet(hours, now, zone):
        assert moment is None
        return
    assert moment is not None
    assert moment > now
    assert not is_quiet(hours, moment, zone)
    assert moment.astimezone(zone_of(zone)).minute == 0
    step = now
    while step < moment - timedelta(hours=1):
        step += timedelta(hours=1)
        assert is_quiet(hours, step, zone)


def test_a_daily_mail_is_due_once_a_day_from_its_hour_on():
    hours = Hours(digest_hour=7)
    assert due_digests(hours, at("2026-06-10T03:59"), ATHENS)[0] is False
    daily, _weekly, today = due_digests(hours, at("2026-06-10T04:00"), ATHENS)
    assert (daily, today) == (True, date(2026, 6, 10))
    hours.daily_on = today
    assert due_digests(hours, at("2026-06-10T18:00"), ATHENS)[0] is False
    # The worker was away in the morning: it is made up for.
    assert due_digests(hours, at("2026-06-11T15:00"), ATHENS)[0] is True


def test_a_weekly_mail_is_due_on_its_day_and_made_up_for_later():
    hours = Hours(digest_hour=7, digest_weekday=1)
    monday, wednesday = at("2026-06-08T08:00"), at("2026-06-10T08:00")
    assert due_digests(hours, monday, PARIS)[1] is True
    assert due_digests(hours, wednesday, PARIS)[1] is False
    hours.weekly_on = date(2026, 6, 1)
    assert due_digests(hours, wednesday, PARIS)[1] is True
    hours.weekly_on = date(2026, 6, 8)
    assert due_digests(hours, wednesday, PARIS)[1] is False
    assert due_digests(hours, at("2026-06-15T08:00"), PARIS)[1] is True


def test_no_daily_mail_in_quiet_hours():
    hours = Hours(digest_hour=7, quiet_from=20, quiet_until=9)
    assert due_digests(hours, at("2026-06-10T06:00"), PARIS)[0] is False
    assert due_digests(hours, at("2026-06-10T07:00"), PARIS)[0] is True
