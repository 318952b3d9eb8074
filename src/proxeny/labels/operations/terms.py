"""The validity of an award."""

from calendar import monthrange
from datetime import date


def add_months[Day: date](day: Day, months: int) -> Day:
    """Return a day or moment some months later; in a shorter month, its last day.

    Examples
    --------
    >>> add_months(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
