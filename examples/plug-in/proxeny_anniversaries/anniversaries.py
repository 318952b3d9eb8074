"""The next anniversary of a partnership."""

from calendar import isleap
from datetime import date


def next_anniversary(start: date, today: date) -> tuple[date, int]:
    """Return the first anniversary from today on, and how many years it is.

    A partnership that began on 29 February has its anniversary on 28 February in other years.
    """
    years = max(1, today.year - start.year)
    if _in(start, start.year + years) < today:
        years += 1
    return _in(start, start.year + years), years


def _in(start: date, year: int) -> date:
    is_leap_day = (start.month, start.day) == (2, 29)
    return date(year, 2, 28) if is_leap_day and not isleap(year) else start.replace(year=year)
