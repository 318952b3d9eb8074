"""The timetable by table and by participant, as plain values ready to draw."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from proxeny.events.models import AgendaEntry, Event, Participation, Slot, Table
from proxeny.events.queries.agenda.board import (
    NO_GAP,
    busy_slots,
    count_breaks,
    find_longest_gap,
    slot_times,
)

TABLES_A_PAGE = 8
PEOPLE_A_PAGE = 10

_FIELDS = (
    "pk",
    "slot_id",
    "table_id",
    "first_id",
    "second_id",
    "first__organisation__name",
    "second__organisation__name",
    "first__group__side",
    "is_locked",
    "slot__number",
    "slot__starts_at",
    "table__name",
    "second__organisation__country",
    "first__organisation__country",
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A meeting in the grid; `a` is the participant of side A where the sides differ."""

    a: str
    b: str
    url: str
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A slot with one cell per table; `day` is set where a day begins, `pause` after a gap."""

    starts_at: datetime
    ends_at: datetime
    cells: tuple[tuple[str, Cell | None], ...]
    day: date | None = None
    pause: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A page of the timetable by table."""

    tables: tuple[str, ...]
    rows: tuple[Row, ...]
    page: int
    pages: int
    first: int
    last: int
    total: int


@dataclass(frozen=True, slots=True)
class Line:
    """A meeting in a participant's line."""

    starts_at: datetime
    other: str
    country: str
    table: str
    url: str
    is_locked: bool


@dataclass(slots=True)
class PersonRow:
    """A participant with all its meetings."""

    name: str
    contact: str
    side: str
    lines: list[Line] = field(default_factory=list)
    breaks: int = 0
    longest_gap: timedelta = NO_GAP


def _entries(event: Event) -> list[dict[str, Any]]:
    found = AgendaEntry.objects.filter(event=event, is_live=True)
    return list(found.order_by("slot__number", "table__number").values(*_FIELDS))


def _url(event: Event, pk: object) -> str:
    # One reverse for all: thousands of cells would spend half of the page's time in it.
    return reverse("events:entry", args=[event.pk, 0]).replace("/0/", f"/{pk}/")


def read_grid(event: Event, *, page: int = 1, every_table: bool = False) -> Grid:
    """Return slots by tables, eight tables a page; three queries."""
    tables = list(Table.objects.filter(event=event))
    size = max(1, len(tables)) if every_table else TABLES_A_PAGE
    pages = max(1, -(-len(tables) // size))
    page = min(max(1, page), pages)
    shown = tables[(page - 1) * size : page * size]
    cells = {(row["slot_id"], row["table_id"]): _cell(event, row) for row in _entries(event)}
    rows: list[Row] = []
    before: Slot | None = None
    for slot in Slot.objects.filter(event=event):
        new_day = before is None or before.starts_at.date() != slot.starts_at.date()
        rows.append(
            Row(
                slot.starts_at,
                slot.ends_at,
                tuple((table.name, cells.get((slot.pk, table.pk))) for table in shown),
                day=slot.starts_at.date() if new_day else None,
                pause=not new_day and before is not None and before.session != slot.session,
            )
        )
        before = slot
    first = (page - 1) * size + 1
    return Grid(
        tuple(table.name for table in shown),
        tuple(rows),
        page,
        pages,
        first,
        first + len(shown) - 1,
        len(tables),
    )


def _cell(event: Event, row: dict[str, Any]) -> Cell:
    names = [str(row["first__organisation__name"]), str(row["second__organisation__name"])]
    if row["first__group__side"] == "B":
        names.reverse()
    return Cell(names[0], names[1], _url(event, row["pk"]), bool(row["is_locked"]))


def read_people(
    event: Event, *, search: str = "", page: int = 1, everybody: bool = False
) -> tuple[list[PersonRow], int, int]:
    """Return participants with their meetings, the page shown, and the page count; four queries.

    Parameters
    ----------
    search : str
        Part of the organisation's name or of its contact's.
    """
    found = Participation.objects.filter(event=event, state=Participation.State.REGISTERED)
    if search:
        found = found.filter(Q(organisation__name__icontains=search) | Q(contact__icontains=search))
    rows = found.order_by("organisation__name", "pk").values_list(
        "pk", "organisation__name", "contact", "group__side"
    )
    total = rows.count()
    size = max(1, total) if everybody else PEOPLE_A_PAGE
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    people = {
        pk: PersonRow(name, contact, side)
        for pk, name, contact, side in rows[(page - 1) * size : page * size]
    }
    entries = _entries(event)
    for row in entries:
        _add_lines(event, people, row)
    busy = busy_slots((row["first_id"], row["second_id"], row["slot__number"]) for row in entries)
    times = slot_times(event)
    for pk, person in people.items():
        person.breaks = count_breaks(busy.get(pk, ()))
        person.longest_gap = find_longest_gap(busy.get(pk, ()), times)
    return list(people.values()), page, pages


def _add_lines(event: Event, people: dict[int, PersonRow], row: dict[str, Any]) -> None:
    for own, other in (("first", "second"), ("second", "first")):
        person = people.get(row[f"{own}_id"])
        if person is not None:
            person.lines.append(
                Line(
                    row["slot__starts_at"],
                    str(row[f"{other}__organisation__name"]),
                    str(row[f"{other}__organisation__country"]),
                    str(row["table__name"]),
                    _url(event, row["pk"]),
                    bool(row["is_locked"]),
                )
            )
