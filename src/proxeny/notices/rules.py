"""Timing of mails: quiet hours and digest times, in each person's own time zone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_SATURDAY = 6
#: More than this many hours cannot be quiet in a row: a weekend between two quiet nights.
_MOST_HOURS = 24 * 4


class Clock(Protocol):
    """The hours that a person has chosen; see `models.Hours`."""

    digest_hour: int
    digest_weekday: int
    quiet_from: int
    quiet_until: int
    is_quiet_at_weekends: bool
    daily_on: date | None
    weekly_on: date | None


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name; UTC where nobody knows it."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def is_quiet(hours: Clock, at: datetime, zone: str) -> bool:
    """Whether no mail may reach the person at that (aware) moment."""
    local = at.astimezone(zone_of(zone))
    if hours.is_quiet_at_weekends and local.isoweekday() >= _SATURDAY:
        return True
    first, last = hours.quiet_from, hours.quiet_until
    if first == last:
        return False
    if first < last:
        return first <= local.hour < last
    return local.hour >= first or local.hour < last


def next_moment(hours: Clock, now: datetime, zone: str) -> datetime | None:
    """Return when quiet hours end, in UTC, or None when it is not quiet now.

    It is the first full hour by the person's clocks that is not quiet. The night in which clocks are
    changed counts as they show it: hours are walked through in UTC.
    """
    if not is_quiet(hours, now, zone):
        return None
    # Zones that lie half an hour off have their full hours then.
    local = now.astimezone(zone_of(zone))
    at = (local.replace(minute=0, second=0, microsecond=0)).astimezone(UTC)
    for _step in range(_MOST_HOURS):
        at += timedelta(hours=1)
        if not is_quiet(hours, at, zone):
            return at
    return None


def due_digests(hours: Clock, now: datetime, zone: str) -> tuple[bool, bool, date]:
    """Return whether the daily and the weekly mail are due, and the day by the person's clocks.

    Each is due once a day, from its hour on, and not in quiet hours: what an hour was missed by,
    because no worker ran, is made up for on the same day. The weekly one is due on its weekday, and
    later in the week where it was missed.
    """
    local = now.astimezone(zone_of(zone))
    today = local.date()
    if local.hour < hours.digest_hour or is_quiet(hours, now, zone):
        return False, False, today
    daily = hours.daily_on is None or hours.daily_on < today
    start = today - timedelta(days=(today.isoweekday() - hours.digest_weekday) % 7)
    weekly = hours.weekly_on is None or hours.weekly_on < start
    if hours.weekly_on is None:
        # The first weekly mail waits for its weekday.
        weekly = today == start
    return daily, weekly, today


def tell_hour(hour: int) -> time:
    """Return a full hour as a time of the day."""
    return time(hour)
