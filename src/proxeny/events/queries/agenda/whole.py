"""Every meeting of an event on one page, as plain values ready to draw, and a mark of its content."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format

from proxeny.events.models import AgendaEntry, Event
from proxeny.kernel.prepared_statements import prepared_cursor

_FIELDS = (
    "pk",
    "slot__starts_at",
    "table__name",
    "first__organisation__name",
    "second__organisation__name",
    "first__group__side",
    "is_locked",
)


@dataclass(frozen=True, slots=True)
class Meet:
    """One meeting as it is drawn; `a` is the participant of side A where the sides differ."""

    table: str
    a: str
    b: str
    url: str
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Time:
    """The meetings that begin at one time, by table; `starts` as a clock shows it."""

    starts: str
    meetings: tuple[Meet, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day's meetings; `name` with the day of the week, in the reader's language."""

    name: str
    times: tuple[Time, ...]


def find_mark(event_id: int) -> str:
    """Return a mark of everything the page of an event shows to its room; empty for others.

    Two marks are the same only where every row behind the page is. One query, prepared.
    """
    with prepared_cursor() as cursor:
        cursor.execute("SELECT proxeny_agenda_mark(%s)", [event_id])
        return str(cursor.fetchone()[0] or "")


def read_days(event: Event) -> tuple[Day, ...]:
    """Return all current meetings by day and time, in the event's time zone. One query."""
    zone = ZoneInfo(event.time_zone)
    found = AgendaEntry.objects.filter(event=event, is_live=True)
    rows = found.order_by("slot__starts_at", "table__number").values_list(*_FIELDS)
    # One reverse for all: hundreds of them would take as long as the rest of the page.
    address = reverse("events:entry", args=[event.pk, 0])
    local = ((row[1].astimezone(zone), row) for row in rows)
    return tuple(
        Day(
            f"{date_format(day, 'l')} {date_format(day, 'MONTH_DAY_FORMAT')}",
            tuple(_times(of_day, address)),
        )
        for day, of_day in groupby(local, key=lambda one: one[0].date())
    )


def _times(of_day: Iterator[tuple[datetime, tuple[object, ...]]], address: str) -> Iterator[Time]:
    for starts, of_time in groupby(of_day, key=lambda one: one[0]):
        yield Time(
            date_format(starts, "H:i"), tuple(_meet(row, address) for _starts, row in of_time)
        )


def _meet(row: tuple[object, ...], address: str) -> Meet:
    pk, _starts, table, first, second, side, is_locked = row
    a, b = (second, first) if side == "B" else (first, second)
    return Meet(str(table), str(a), str(b), address.replace("/0/", f"/{pk}/"), bool(is_locked))
