"""When one can be met: working hours, and busy times from a calendar that one brings."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
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

_HOURS, _BUSY = "/own/hours", "/own/busy"
Weekday = Annotated[int, Field(ge=0, le=6, description="0 is Monday.")]
#: What counts for who has said nothing.
_USUAL = (0, 1, 2, 3, 4)


class HoursIn(In):
    """On which days, and between which minutes of the day by one's own clocks."""

    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    opens_min: Annotated[int, Field(ge=0, le=1439)]
    closes_min: Annotated[int, Field(ge=1, le=1440)]


class HoursOut(Out):
    """When one can be met; `is_said` is false while the usual hours stand for one's own."""

    weekdays: list[int]
    opens_min: int
    closes_min: int
    is_said: bool


class BusyOut(Out):
    """How much of the time to come is taken by the calendar that one brought."""

    times: int
    hours: float
    until: datetime | None


class BroughtOut(Out):
    """What was read of a calendar: events, and the times and hours that they take."""

    events: int
    times: int
    hours: float
    until: datetime


def _told(hours: WorkingHours | None) -> dict[str, Any]:
    shown = hours or WorkingHours(weekdays=[*_USUAL])
    names = ("weekdays", "opens_min", "closes_min")
    return {**{name: getattr(shown, name) for name in names}, "is_said": hours is not None}


@router.get(_HOURS, response=HoursOut, summary="One's working hours")
def show_working_hours(request: HttpRequest) -> dict[str, Any]:
    """Times for meetings are worked out within them."""
    return _told(own_hours(request.reader))


@router.put(_HOURS, response=HoursOut, summary="Say one's working hours")
def set_working_hours(request: HttpRequest, hours: HoursIn) -> dict[str, Any]:
    """By one's own clocks."""
    return _told(operations.set_working_hours(actor=request.reader, **hours.model_dump()))


@router.get(_BUSY, response=BusyOut, summary="One's busy times")
def show_busy_times(request: HttpRequest) -> Taken:
    """In numbers: what a calendar says of them is not kept."""
    return own_taken(request.reader, now=timezone.now())


@router.post(_BUSY, response=BroughtOut, summary="Bring one's calendar")
def bring_calendar(request: HttpRequest, file: File[UploadedFile]) -> Brought:
    """An iCalendar file of up to 5 MB, in place of all that was brought before. Only times are kept."""
    operations.refuse_size(file.size or 0)
    return operations.bring_calendar(actor=request.reader, content=file.read(), now=timezone.now())


@router.delete(_BUSY, response={204: None}, summary="Forget one's calendar")
def forget_calendar(request: HttpRequest) -> Status[None]:
    """All busy times that one has brought are deleted."""
    operations.forget_calendar(actor=request.reader)
    return Status(204, None)
