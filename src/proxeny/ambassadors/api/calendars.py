"""Availability of a person: working hours, and busy times from an uploaded calendar."""

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import File
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from proxeny.ambassadors.api._router import router
from proxeny.ambassadors.models import WorkingHours
from proxeny.ambassadors.operations import calendars as operations
from proxeny.ambassadors.operations.calendars import Brought
from proxeny.ambassadors.queries.calendars import Taken, own_hours, own_taken
from proxeny.kernel.api import In, Out
from proxeny.kernel.requests import Request

_HOURS, _BUSY = "/own/hours", "/own/busy"
Weekday = Annotated[int, Field(ge=0, le=6, description="0 is Monday.")]
#: Default working days.
_USUAL = (0, 1, 2, 3, 4)


class HoursIn(In):
    """Your working days, and the minutes of the day between which you can be met, in your own time
    zone.
    """

    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    opens_min: Annotated[int, Field(ge=0, le=1439)]
    closes_min: Annotated[int, Field(ge=1, le=1440)]


class HoursOut(Out):
    """When you can be met. `is_said` is false as long as the default hours apply."""

    weekdays: list[int]
    opens_min: int
    closes_min: int
    is_said: bool


class BusyOut(Out):
    """How much upcoming time is taken up by the calendar you imported."""

    times: int
    hours: float
    until: datetime | None


class BroughtOut(Out):
    """What was read from a calendar: its events, and the times and hours they take up."""

    events: int
    times: int
    hours: float
    until: datetime


def _told(hours: WorkingHours | None) -> dict[str, Any]:
    shown = hours or WorkingHours(weekdays=[*_USUAL])
    names = ("weekdays", "opens_min", "closes_min")
    return {**{name: getattr(shown, name) for name in names}, "is_said": hours is not None}


@router.get(_HOURS, response=HoursOut, summary="Get your working hours")
def show_working_hours(request: Request) -> dict[str, Any]:
    """Meeting times are suggested within these hours."""
    return _told(own_hours(request.reader))


@router.put(_HOURS, response=HoursOut, summary="Set your working hours")
def set_working_hours(request: Request, hours: HoursIn) -> dict[str, Any]:
    """Give them in your own time zone."""
    return _told(operations.set_working_hours(actor=request.reader, **hours.model_dump()))


@router.get(_BUSY, response=BusyOut, summary="Get your busy times")
def show_busy_times(request: Request) -> Taken:
    """Returns numbers only. What a calendar says about these times is not stored."""
    return own_taken(request.reader, now=timezone.now())


@router.post(_BUSY, response=BroughtOut, summary="Import your calendar")
def bring_calendar(request: Request, file: File[UploadedFile]) -> Brought:
    """Takes an iCalendar file of up to 5 MB, which replaces everything you imported before.

    Only the times are stored.
    """
    operations.refuse_size(file.size or 0)
    return operations.bring_calendar(actor=request.reader, content=file.read(), now=timezone.now())


@router.delete(_BUSY, response={204: None}, summary="Delete your busy times")
def forget_calendar(request: Request) -> Status[None]:
    """Deletes all busy times you have imported."""
    operations.forget_calendar(actor=request.reader)
    return Status(204, None)
