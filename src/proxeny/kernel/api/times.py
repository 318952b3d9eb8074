"""Dates and times sent by programs, within the range accepted from people."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from proxeny.kernel.calendar_ends import FIRST, LAST, is_near


def refuse_far[Day: date](value: Day) -> Day:
    """Return a day or a moment; `ValueError` where calendars of people do not reach it."""
    if not is_near(value):
        raise ValueError(f"must lie from {FIRST} to {LAST}")
    return value


#: A day; a moment with its zone.
Day = Annotated[date, AfterValidator(refuse_far)]
Moment = Annotated[AwareDatetime, AfterValidator(refuse_far)]
