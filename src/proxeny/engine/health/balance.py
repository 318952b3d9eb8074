"""Give and take, and a rhythm kept or missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["Rhythm", "measure_imbalance", "measure_rhythm"]


def measure_imbalance(given: float, received: float) -> float | None:
    """Return (given - received) / (given + received): -1 to 1, 0 when even, None without either.

    Raises
    ------
    ValueError
        On a negative amount.

    Examples
    --------
    >>> measure_imbalance(3, 1)
    0.5
    """
    if given < 0 or received < 0:
        raise ValueError("given, received: must not be negative")
    return (given - received) / (given + received) if given + received else None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """An agreed rhythm over a time, window by window.

    Parameters
    ----------
    windows : tuple of (date, date, bool)
        First and last day of each window that is over, and whether something took place in it.
    due_on : date or None
        The last day on which the next one keeps the rhythm.
    """

    windows: tuple[tuple[date, date, bool], ...]
    due_on: date | None

    @property
    def kept(self) -> int:
        """The number of windows that were kept."""
        return sum(kept for _first, _last, kept in self.windows)

    @property
    def missed(self) -> int:
        """The number of windows that were missed."""
        return len(self.windows) - self.kept

    @property
    def missed_in_a_row(self) -> int:
        """The number of consecutive windows missed at the end."""
        count = 0
        for _first, _last, kept in reversed(self.windows):
            if kept:
                break
            count += 1
        return count


def measure_rhythm(days: Iterable[date], *, since: date, every_days: int, today: date) -> Rhythm:
    """Say which windows of an agreed rhythm were kept.

    Windows follow each other from `since` on, each of `every_days` days; one is kept if one of
    `days` lies in it, and is judged when it is over. In the running window the next is due on its
    last day, or, if it is kept already, on the last day of the one after it.

    Raises
    ------
    ValueError
        On a rhythm shorter than a day.

    Examples
    --------
    >>> found = measure_rhythm(
    ...     [date(2026, 1, 20)], since=date(2026, 1, 1), every_days=30, today=date(2026, 3, 15)
    ... )
    >>> found.kept, found.missed, found.due_on
    (1, 1, datetime.date(2026, 3, 31))
    """
    if every_days < 1:
        raise ValueError("every_days: must be at least 1")
    step = timedelta(days=every_days)
    held = {(day - since).days // every_days for day in days if day >= since}
    windows = []
    number, first = 0, since
    while first + step <= today:
        windows.append((first, first + step - timedelta(days=1), number in held))
        number, first = number + 1, first + step
    running_is_kept = number in held
    due_on = first + step * (2 if running_is_kept else 1) - timedelta(days=1)
    return Rhythm(tuple(windows), due_on)
