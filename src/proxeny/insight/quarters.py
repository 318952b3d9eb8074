"""Quarters of a year, the periods of boards: `2026-Q3`."""

import re
from datetime import date, timedelta

_NAME = re.compile(r"(\d{4})-Q([1-4])")


def quarter_of(day: date) -> str:
    """Return the quarter of a day."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def days_of(quarter: str) -> tuple[date, date]:
    """Return the first and the last day of a quarter.

    Raises
    ------
    ValueError
        It is not written like `2026-Q3`.
    """
    found = _NAME.fullmatch(quarter)
    if not found:
        raise ValueError(f"{quarter!r} is no quarter. Write for instance 2026-Q3.")
    year, number = int(found[1]), int(found[2])
    first = date(year, 3 * number - 2, 1)
    after = date(year + number // 4, 3 * number % 12 + 1, 1)
    return first, after - timedelta(days=1)


def before(quarter: str) -> str:
    """Return the quarter before."""
    return quarter_of(days_of(quarter)[0] - timedelta(days=1))
