"""Days and moments that programs send, within what calendars of people reach.

Beyond that, moments of the years 1 and 9999 overflow as soon as they are moved to another zone.
"""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)


def _refuse_far_days(value: date) -> date:
    if not _FIRST <= value <= _LAST:
        raise ValueError(f"must lie from {_FIRST} to {_LAST}")
    return value


def _refuse_far_moments(value: datetime) -> datetime:
    if not datetime(1900, 1, 2, tzinfo=UTC) <= value <= datetime(2199, 12, 30, tzinfo=UTC):
        raise ValueError(f"must lie from {_FIRST} to {_LAST}")
    return value


#: A day; a moment with its zone.
Day = Annotated[date, AfterValidator(_refuse_far_days)]
Moment = Annotated[AwareDatetime, AfterValidator(_refuse_far_moments)]
