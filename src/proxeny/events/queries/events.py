"""Reading events: the list, one event, its days, its rules, and what comes next for a reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import BooleanField, Case, Count, DateField, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.events.models import Event, Group, Participation, Slot
from proxeny.events.rules import Directions, can_organise
from proxeny.events.times import Day, read_days
from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import load_zone
from proxeny.partnerships.models import Partnership

#: The list of events; by default upcoming ones come first.
EVENTS = Rows(
    "events",
    (
        Column("title", gettext_lazy("Event"), lambda one: one.title, ("title",)),
        Column("when", gettext_lazy("When"), lambda one: one.starts_on, ("starts_on",)),
        Column("place", gettext_lazy("Where"), lambda one: one.place, ("place",)),
        Column("state", gettext_lazy("State"), lambda one: one.get_state_display(), ("state",)),
        Column(
            "participants",
            gettext_lazy("Participants"),
            lambda one: one.participants,
            ("participants",),
            end=True,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class DaySlot:
    """A slot as a page shows it, in the event's own time."""

    number: int
    starts: str
    ends: str
    session: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """A line of a day's picture: a slot, or a pause (`slot` is None)."""

    starts: str
    ends: str
    name: str = ""
    slot: DaySlot | None = None


@dataclass(frozen=True, slots=True)
class DayBlock:
    """A stretch of a day: slots without a pause between them, or a pause (no `rows`)."""

    starts: str
    ends: str
    name: str = ""
    rows: tuple[DayRow, ...] = ()

    @property
    def minutes(self) -> int:
        """How long its first slot is, in minutes."""
        first, last = (
            60 * int(at[:2]) + int(at[3:]) for at in (self.rows[0].starts, self.rows[0].ends)
        )
        return (last - first) % (24 * 60)


@dataclass(frozen=True, slots=True)
class HalfDay:
    """The slots of one session."""

    session: int
    is_morning: bool
    slots: tuple[DaySlot, ...]


@dataclass(frozen=True, slots=True)
class DayView:
    """A day of an event: its half-days, and its lines with the pauses between."""

    on: date
    halves: tuple[HalfDay, ...]
    rows: tuple[DayRow, ...]

    @property
    def blocks(self) -> list[DayBlock]:
        """Its lines with the slots of a stretch together."""
        found: list[DayBlock] = []
        for is_slot, group in groupby(self.rows, key=lambda row: row.slot is not None):
            rows = tuple(group)
            if is_slot:
                found.append(DayBlock(rows[0].starts, rows[-1].ends, rows=rows))
            else:
                found += [DayBlock(one.starts, one.ends, one.name) for one in rows]
        return found


def get_event(event_id: int) -> Event:
    """Return an event with its partnership.

    Raises
    ------
    NotFound
        The reader does not see it.
    """
    event = Event.objects.select_related("partnership").filter(pk=event_id).first()
    if event is None:
        raise NotFound(_("We couldn’t find this event."))
    return event


def event_titles(event_ids: Iterable[int]) -> dict[int, str]:
    """Return the titles of events, as far as the reader may see them. One query."""
    return dict(Event.objects.filter(pk__in=set(event_ids)).values_list("pk", "title"))


def get_organised(reader: Reader, event_id: int) -> Event:
    """Return an event to its organisers.

    Raises
    ------
    NotFound, NotAllowed
        Not visible; visible, but the reader is no manager of one of its clusters.
    """
    event = get_event(event_id)
    if not can_organise(reader, event):
        raise NotAllowed(_("Only cluster managers can see this part of the event."))
    return event


def local_deadline(event: Event) -> datetime:
    """Return until when requests are taken, as the event's clocks show it.

    Without a zone: templates would turn an aware moment into the reader's own time.
    """
    return event.deadline_at.astimezone(load_zone(event.time_zone)).replace(tzinfo=None)


def list_events(
    *,
    today: date,
    partnership_id: int | None = None,
    state: str = "",
    search: str = "",
) -> QuerySet[Event]:
    """Return events the reader may see: those to come first, the nearest at the top.

    Parameters
    ----------
    state : str
        One of `Event.State`, or empty for all.
    search : str
        Words, each in the title, the place or the partnership's title.
    """
    events = Event.objects.select_related("partnership").annotate(
        participants=Count(
            "participations", filter=Q(participations__state=Participation.State.REGISTERED)
        ),
        is_past=Case(
            When(ends_on__lt=today, then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
        ahead=Case(When(ends_on__gte=today, then=F("starts_on")), output_field=DateField()),
    )
    if partnership_id is not None:
        events = events.filter(partnership_id=partnership_id)
    if state in Event.State.values:
        events = events.filter(state=state)
    for word in search.split():
        events = events.filter(
            Q(title__icontains=word)
            | Q(place__icontains=word)
            | Q(partnership__title__icontains=word)
        )
    return events.order_by("is_past", F("ahead").asc(nulls_last=True), "-starts_on", "pk")


def list_coming(*, today: date) -> QuerySet[Event]:
    """Return the events that are not over, the nearest first, each with its partnership."""
    coming = Event.objects.select_related("partnership").filter(ends_on__gte=today)
    return coming.order_by("starts_on", "pk")


def partnerships_to_choose(chosen: int | None) -> list[tuple[int, str]]:
    """Return `(id, title)` of each partnership that has an event the reader sees, and of the chosen.

    A room leads here before its first event, too.
    """
    with_events = Event.objects.values("partnership_id")
    found = Partnership.objects.filter(Q(pk__in=with_events) | Q(pk=chosen))
    return list(found.order_by("title", "pk").values_list("pk", "title"))


def directions_of(event: Event) -> Directions:
    """Return which group may ask which, as `{(asking, asked): bool}`. One query."""
    return {(rule.source_id, rule.target_id): rule.is_allowed for rule in event.rules.all()}


def groups_of(event: Event) -> list[Group]:
    """Return the event's groups with the number of registered participants. One query."""
    registered = Q(participations__state=Participation.State.REGISTERED)
    counted = event.groups.annotate(registered=Count("participations", filter=registered))
    # Counting drops the model's own order.
    return list(counted.order_by("pk"))


def days_of(event: Event) -> list[DayView]:
    """Return the event's days with slots and pauses, in the event's time. One query."""
    return view_days(event, list(event.slots.all()))


def view_days(
    event: Event, slots: list[Slot], *, days: Sequence[Day] | None = None
) -> list[DayView]:
    """Return days to show from slots in the order of time; no query.

    `days` says where the pauses are, the event's own by default.
    """
    zone = load_zone(event.time_zone)
    plan = {day.on: day for day in (read_days(event.days) if days is None else days)}
    local = [
        (slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone), slot) for slot in slots
    ]
    views = []
    for on, group in groupby(local, key=lambda row: row[0].date()):
        found = [_day_slot(*row) for row in group]
        halves = tuple(
            HalfDay(session, session % 2 == 1, tuple(part))
            for session, part in groupby(found, key=lambda slot: slot.session)
        )
        views.append(DayView(on, halves, tuple(_rows(found, plan.get(on)))))
    return views


def _day_slot(starts: datetime, ends: datetime, slot: Slot) -> DaySlot:
    return DaySlot(slot.number, f"{starts:%H:%M}", f"{ends:%H:%M}", slot.session)


def _rows(slots: list[DaySlot], day: Day | None) -> list[DayRow]:
    pauses = [
        DayRow(f"{one.starts:%H:%M}", f"{one.ends:%H:%M}", one.name)
        for one in (day.breaks if day else ())
    ]
    rows = [DayRow(slot.starts, slot.ends, slot=slot) for slot in slots]
    return sorted([*rows, *pauses], key=lambda row: (row.starts, row.slot is not None))
