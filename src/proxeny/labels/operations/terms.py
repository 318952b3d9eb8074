"""How long an award holds."""

from calendar import monthrange
from datetime import date


def add_months[Day: date](day: Day, months: int) -> Day:
    """Return the day or moment so many months later; the last of a month without such a day.

    Examples
    --------
    >>> add_months(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
