"""Event days: the times for meetings, cut into slots."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Annotated, Any

from django.http import HttpResponse
from pydantic import Field

from proxeny.events import operations, times
from proxeny.events.api._router import router
from proxeny.events.api._shapes import SlotOut
from proxeny.events.api._values import Clock
from proxeny.events.models import Event, Slot
from proxeny.events.queries.agenda.places import list_slots
from proxeny.events.queries.events import get_event, get_organised
from proxeny.events.queries.setup import preview_slots
from proxeny.events.times import read_days
from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version
from proxeny.kernel.api.times import Day
from proxeny.kernel.requests import Request


class BreakIn(In):
    """A break in a day."""

    starts: Clock
    ends: Clock
    name: Annotated[str, Field(max_length=60)] = ""


class DayIn(In):
    """A day with meetings, in the event's local time."""

    on: Day
    starts: Clock
    ends: Clock
    slot_min: Annotated[
        int, Field(ge=5, le=240, description="The length of a meeting in minutes.")
    ] = 20
    changeover_min: Annotated[
        int, Field(ge=0, le=60, description="Minutes between two meetings.")
    ] = 0
    breaks: Annotated[list[BreakIn], Field(max_length=20)] = []


class DayPlanIn(In):
    """The days with meetings."""

    days: Annotated[list[DayIn], Field(min_length=1, max_length=14)]


class DaysIn(DayPlanIn):
    """The days with meetings.

    Set `accept_loss` to go ahead although participants have already said when they are free.
    """

    accept_loss: bool = False


class BreakOut(Out):
    """A break in a day, in the event's local time."""

    starts: str
    ends: str
    name: str


class DayOut(Out):
    """A day with its slot settings, in the event's local time."""

    on: date
    starts: str
    ends: str
    slot_min: int
    changeover_min: int
    breaks: list[BreakOut]


class DaysOut(Out):
    """The days of an event and their slots."""

    time_zone: str
    days: list[DayOut]
    slots: list[SlotOut]


class SlotDraft(Out):
    """A slot that would be created."""

    number: int
    session: int
    starts_at: datetime
    ends_at: datetime


@router.get("/{event_id}/days", response=DaysOut, summary="Get days and slots")
def show_event_days(request: Request, response: HttpResponse, event_id: Id) -> DaysOut:
    """Returns the days of the event with their breaks, and the slots in order of time."""
    return _show(response, get_event(event_id))


@router.put("/{event_id}/days", response=DaysOut, summary="Set the event days")
def set_days(
    request: Request,
    response: HttpResponse,
    event_id: Id,
    plan: DaysIn,
    if_match: IfMatch = None,
) -> DaysOut:
    """Divides the days into slots and replaces the existing ones. The ETag is that of the event."""
    event = get_event(event_id)
    operations.set_days(
        actor=request.reader,
        event_id=event_id,
        days=_days(plan.days),
        accept_loss=plan.accept_loss,
        version=match_version(if_match, event.version),
    )
    return _show(response, get_event(event_id))


@router.post("/{event_id}/days/preview", response=list[SlotDraft], summary="Preview event days")
def preview_days(request: Request, event_id: Id, plan: DayPlanIn) -> list[Slot]:
    """Returns the slots that these days would be divided into. Nothing is saved."""
    return preview_slots(get_organised(request.reader, event_id), _days(plan.days))


def _show(response: HttpResponse, event: Event) -> DaysOut:
    show_version(response, event.version)
    days = [
        DayOut(
            on=day.on,
            starts=_text(day.starts),
            ends=_text(day.ends),
            slot_min=day.slot_min,
            changeover_min=day.changeover_min,
            breaks=[
                BreakOut(starts=_text(one.starts), ends=_text(one.ends), name=one.name)
                for one in day.breaks
            ],
        )
        for day in read_days(event.days)
    ]
    slots: list[Any] = list_slots(event.pk)
    return DaysOut(time_zone=event.time_zone, days=days, slots=slots)


def _text(at: time) -> str:
    return at.strftime("%H:%M")


def _days(days: Iterable[DayIn]) -> list[times.Day]:
    return [
        times.Day(
            on=day.on,
            starts=time.fromisoformat(day.starts),
            ends=time.fromisoformat(day.ends),
            slot_min=day.slot_min,
            changeover_min=day.changeover_min,
            breaks=tuple(
                times.Break(
                    time.fromisoformat(one.starts), time.fromisoformat(one.ends), one.name.strip()
                )
                for one in day.breaks
            ),
        )
        for day in days
    ]
