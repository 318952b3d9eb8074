"""Minutes of a day from moments, and back; days on which clocks change included."""

from datetime import UTC, datetime, timedelta

__all__ = ["minutes_since", "moment_of"]

_MINUTE = timedelta(minutes=1)


def minutes_since(midnight: datetime, moment: datetime) -> int:
    """Return the whole minutes that pass from a day's local midnight to a moment.

    They are counted as they elapse: 08:00 on a day on which clocks went forward an hour at night is
    minute 420, and everything on that day is as far apart as it is on a stopwatch.

    Parameters
    ----------
    midnight, moment : datetime
        With time zones, which may differ. Where midnight itself is skipped, the day's first moment.

    Raises
    ------
    ValueError
        On a moment without a time zone.

    Notes
    -----
    Python's own difference of two moments of one time zone is that of their clocks, not of what
    elapsed; hence the way over UTC.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> athens = ZoneInfo("Europe/Athens")
    >>> minutes_since(datetime(2026, 3, 29, tzinfo=athens), datetime(2026, 3, 29, 8, tzinfo=athens))
    420
    """
    return (_in_utc("moment", moment) - _in_utc("midnight", midnight)) // _MINUTE


def moment_of(midnight: datetime, minute: int) -> datetime:
    """Return the moment at which a minute of the day begins, in the time zone of its midnight.

    Raises
    ------
    ValueError
        On a midnight without a time zone.
    """
    return (_in_utc("midnight", midnight) + minute * _MINUTE).astimezone(midnight.tzinfo)


def _in_utc(name: str, moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"{name}: {moment} has no time zone")
    return moment.astimezone(UTC)
