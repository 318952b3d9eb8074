"""The best way through a day of visits, and why something does not fit, in sentences."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from proxeny.ambassadors.models import Introduction, Mission, Stop
from proxeny.ambassadors.queries.briefing import is_call
from proxeny.ambassadors.queries.calendars import busy_of
from proxeny.ambassadors.queries.missions import (
    Spot,
    booked_on,
    day_of,
    proposed_on,
    spot_of,
    spot_of_start,
    spot_of_stop,
    stops_of,
)
from proxeny.engine.missions import (
    MODES,
    MOST_VISITS,
    Conflict,
    Day,
    Itinerary,
    Point,
    Visit,
    minutes_since,
    moment_of,
    plan_day,
    travel_minutes,
)
from proxeny.kernel.lists import join_items

State = Introduction.State
#: Worth of an optional visit.
_WORTH = {Stop.Weight.SHOULD: 3, Stop.Weight.COULD: 1}
#: Farther apart than that the speeds of city streets say nothing, in minutes by car.
_FAR_MIN = 180

type Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Item:
    """Something to do on a day, before it has a time: a booked meeting, or a visit of the plan."""

    key: str
    name: str
    spot: Spot
    duration_min: int
    must: bool
    place: str = ""
    worth: int = 1
    hours: tuple[Span, ...] = ()
    fixed_at: int | None = None
    case: Introduction | None = None
    stop: Stop | None = None

    @property
    def is_booked(self) -> bool:
        """Whether it is booked already."""
        return self.stop is None


@dataclass(frozen=True, slots=True)
class Row:
    """A visit with its time and the travel to it."""

    item: Item
    travel_min: int
    arrives_at: datetime
    waiting_min: int
    begins_at: datetime
    ends_at: datetime
    slack_min: int
    is_proposed: bool

    @property
    def choice(self) -> str:
        """The value of the choice in forms: the visit, and the time."""
        return f"{self.item.stop.pk if self.item.stop else 0}@{self.begins_at.isoformat()}"

    @property
    def can_be_proposed(self) -> bool:
        """Whether both sides can be asked for this time."""
        stop, case = self.item.stop, self.item.case
        return bool(stop and case) and not self.is_proposed


@dataclass(frozen=True, slots=True)
class Plan:
    """Best plan of a day.

    If there is none, there are no rows: `conflict` says why and what would help, `blocking` lists
    the items in each other's way, and `others` the remaining ones. Leaving at `leaves_at` avoids
    waiting before the first visit; `leaves_by` is the latest departure that misses none.
    """

    rows: tuple[Row, ...]
    left: tuple[tuple[Item, str], ...]
    conflict: str
    blocking: tuple[Item, ...]
    others: tuple[Item, ...]
    notes: tuple[str, ...]
    leaves_at: datetime
    leaves_by: datetime
    ends_at: datetime
    back_min: int
    travel_min: int
    waiting_min: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to plan."""
        return not (self.rows or self.left or self.conflict)


def plan_mission(mission: Mission) -> Plan:
    """Return the best way through a planned day, proven by the engine. At most seven queries.

    Bookings stay fixed; all visits with the priority `must` are made, then as many of the others as
    fit, by priority; then the day ends as early as possible. No visit takes place during busy times
    of the traveller's calendar.
    """
    stops = stops_of(mission)
    booked = booked_on(mission)
    clock = _Clock(mission)
    items, aside = _items(mission, stops, booked, clock)
    kept, over = items[:MOST_VISITS], items[MOST_VISITS:]
    aside += [
        (one, _("A plan can hold up to %(count)d visits.") % {"count": MOST_VISITS}) for one in over
    ]
    start = spot_of_start(mission)
    spots = [start, *(start if is_call(one.place) else one.spot for one in kept)]
    matrix = ways_between(spots, mission.mode, mission.apart_min)
    day = Day(
        visits=[_visit(one, place) for place, one in enumerate(kept, start=1)],
        travel_min=matrix,
        start=0,
        starts_at=clock.minute(mission.starts_min),
        ends_by=clock.minute(mission.ends_min),
        end=0 if mission.returns else None,
    )
    return _tell(
        day,
        plan_day(day),
        kept,
        aside,
        clock,
        proposed_on(stops),
        tuple(_notes(kept, spots, matrix, mission)),
    )


class _Clock:
    """Turns what clocks show on a day into the engine's minutes, and back."""

    def __init__(self, mission: Mission) -> None:
        self.midnight, self.until = day_of(mission.on, mission.time_zone)
        self.busy = busy_of([mission.person_id or 0], self.midnight, self.until)

    def minute(self, shown: int) -> int:
        """Return the minute of the day at which the clocks show so many minutes."""
        moment = datetime.combine(
            self.midnight.date(), time(*divmod(shown, 60)), tzinfo=self.midnight.tzinfo
        )
        return self.of(moment)

    def of(self, moment: datetime) -> int:
        """Return the minute of the day of a moment; 0 for one before it."""
        return max(0, minutes_since(self.midnight, moment))

    def at(self, minute: int) -> datetime:
        """Return the moment of a minute."""
        return moment_of(self.midnight, minute)


def _items(
    mission: Mission, stops: Sequence[Stop], booked: Sequence[Introduction], clock: _Clock
) -> tuple[list[Item], list[tuple[Item, str]]]:
    """Return what is to be planned, booked meetings first, and what cannot be, each with why."""
    items = [_booked_item(one, clock) for one in booked]
    busy = _busy(booked, clock)
    aside: list[tuple[Item, str]] = []
    for stop in stops:
        item = _stop_item(stop, mission, clock, busy)
        why = _why_not(stop, booked)
        if why is None:
            items.append(item)
        elif why:
            aside.append((item, why))
    return items, aside


def _booked_item(case: Introduction, clock: _Clock) -> Item:
    meeting = case.meeting
    assert meeting is not None  # noqa: S101
    begins = clock.of(meeting.starts_at)
    return Item(
        key=f"case-{case.pk}",
        name=f"{case.member.name} · {case.stakeholder.name}",
        spot=spot_of(case),
        place=meeting.place or case.place,
        must=True,
        fixed_at=begins,
        duration_min=clock.of(meeting.ends_at) - begins,
        case=case,
    )


def _stop_item(stop: Stop, mission: Mission, clock: _Clock, busy: Sequence[Span]) -> Item:
    case = stop.introduction
    hours = list(zip(stop.hours[::2], stop.hours[1::2], strict=True))
    spans = [(clock.minute(first), clock.minute(last)) for first, last in hours]
    whole = [(clock.minute(mission.starts_min), clock.minute(mission.ends_min))]
    return Item(
        key=f"stop-{stop.pk}",
        spot=spot_of_stop(stop, mission),
        name=f"{case.member.name} · {case.stakeholder.name}" if case else stop.name,
        place=case.place if case else stop.address,
        duration_min=case.duration_min if case else stop.duration_min,
        must=stop.weight == Stop.Weight.MUST,
        worth=_WORTH.get(Stop.Weight(stop.weight), 1),
        hours=tuple(_without(spans or whole, busy)),
        fixed_at=None if stop.fixed_min is None else clock.minute(stop.fixed_min),
        case=case,
        stop=stop,
    )


def _why_not(stop: Stop, booked: Iterable[Introduction]) -> str | None:
    """Return why a visit is not planned: empty if it is booked on the day; None if it is planned."""
    case = stop.introduction
    if case is None or case.state == State.FINDING:
        return None
    if case.pk in {one.pk for one in booked}:
        return ""
    if case.state == State.BOOKED:
        return _("It’s booked for another time.")
    return _("It’s no longer looking for a time.")


def _busy(booked: Iterable[Introduction], clock: _Clock) -> list[Span]:
    """Return the traveller's busy times other than the day's booked meetings, in order."""
    known = {(one.meeting.starts_at, one.meeting.ends_at) for one in booked if one.meeting}
    rows = [one for spans in clock.busy.values() for one in spans if one not in known]
    return sorted((clock.of(first), clock.of(last)) for first, last in rows)


def _without(spans: Iterable[Span], busy: Iterable[Span]) -> Iterator[Span]:
    """Yield what is left of stretches of time, rising, without those that are taken.

    A visit that nothing leaves room for keeps a stretch of no length, in which it does not fit.
    """
    left = sorted(spans)
    for first, last in busy:
        left = [
            piece
            for begin, end in left
            for piece in ((begin, min(end, first)), (max(begin, last), end))
            if piece[0] < piece[1]
        ]
    yield from left or [(0, 0)]


def _visit(item: Item, place: int) -> Visit[str]:
    return Visit(
        key=item.key,
        place=place,
        duration_min=item.duration_min,
        windows=item.hours,
        fixed_at=item.fixed_at,
        must=item.must,
        worth=item.worth,
    )


def ways_between(spots: Sequence[Spot], mode: str, apart_min: int) -> list[list[int]]:
    """Return estimated minutes from each place (row) to each (column).

    Between two addresses of which no more is known than one and the same point, or nothing,
    `apart_min` are assumed; from a place to itself there is no way.
    """
    return [[_way(one, two, mode, apart_min) for two in spots] for one in spots]


def _way(one: Spot, two: Spot, mode: str, apart_min: int) -> int:
    if one.key == two.key:
        return 0
    here, there = _point(one), _point(two)
    if here is None or there is None or here == there:
        return apart_min
    return travel_minutes(here, there, MODES[mode])


def _point(spot: Spot) -> Point | None:
    if spot.latitude is None or spot.longitude is None:
        return None
    return Point(spot.latitude, spot.longitude)


def _notes(
    items: Sequence[Item], spots: Sequence[Spot], matrix: Sequence[Sequence[int]], mission: Mission
) -> Iterator[str]:
    """Yield what one should know of the estimates."""
    pairs = list(zip(items, spots[1:], matrix[0][1:], strict=True))
    vague = _vague(spots)
    rough = [
        item.name for item, spot, _way in pairs if spot.key in vague and not is_call(item.place)
    ]
    if rough:
        yield _(
            "The exact address isn’t known for: %(names)s. Between two of them in the same city, "
            "we allow %(minutes)d minutes of travel."
        ) % {"names": join_items(rough), "minutes": mission.apart_min}
    far = [item.name for item, _spot, way in pairs if way > _FAR_MIN]
    if far:
        yield _(
            "Far from the starting point: %(names)s. Travel is estimated as if within a city, so "
            "check the train or flight."
        ) % {"names": join_items(far)}
    calls = [item.name for item in items if is_call(item.place)]
    if calls:
        yield _("By call, planned from the starting point: %(names)s.") % {
            "names": join_items(calls)
        }


def _vague(spots: Sequence[Spot]) -> set[str]:
    """Return the keys of places of which no more than the city is known, or a point that several
    addresses share."""
    keys: dict[Point | None, set[str]] = {}
    for one in spots:
        keys.setdefault(_point(one), set()).add(one.key)
    shared = {key for some in keys.values() if len(some) > 1 for key in some}
    return shared | {one.key for one in spots if one.is_rough}


def _tell(
    day: Day[str],
    found: Itinerary[str],
    items: Sequence[Item],
    aside: Sequence[tuple[Item, str]],
    clock: _Clock,
    proposed: set[tuple[int, datetime]],
    notes: tuple[str, ...],
) -> Plan:
    by_key = {one.key: one for one in items}
    left = [(by_key[one.visit], _LEFT[one.code]()) for one in found.left_out]
    rows = tuple(_rows(day, found, by_key, clock, proposed))
    blocking = found.conflict.visits if found.conflict else ()
    last = day.visits[[one.key for one in items].index(found.order[-1])].place if rows else 0
    return Plan(
        rows=rows,
        left=(*left, *aside),
        conflict=_tell_conflict(found.conflict, by_key) if found.conflict else "",
        blocking=tuple(by_key[one] for one in blocking),
        others=tuple(one for one in items if found.conflict and one.key not in blocking),
        notes=notes,
        leaves_at=_leaves_at(rows, clock.at(day.starts_at)),
        leaves_by=clock.at(found.leaves_by),
        ends_at=clock.at(found.ends_at),
        back_min=day.travel_min[last][0] if day.end == 0 else 0,
        travel_min=found.travel_min,
        waiting_min=found.waiting_min,
    )


def _leaves_at(rows: Sequence[Row], starts_at: datetime) -> datetime:
    """Return when to leave so as to be at the first visit just as it begins."""
    if not rows:
        return starts_at
    return rows[0].begins_at - timedelta(minutes=rows[0].travel_min)


def _rows(
    day: Day[str],
    found: Itinerary[str],
    items: dict[str, Item],
    clock: _Clock,
    proposed: set[tuple[int, datetime]],
) -> Iterator[Row]:
    places = {one.key: one.place for one in day.visits}
    here = day.start
    for stop in found.stops:
        item, there = items[stop.visit], places[stop.visit]
        begins = clock.at(stop.begins_at)
        number = item.case.pk if item.case else 0
        yield Row(
            item=item,
            travel_min=day.travel_min[here][there],
            arrives_at=clock.at(stop.arrives_at),
            waiting_min=stop.waiting_min,
            begins_at=begins,
            ends_at=clock.at(stop.ends_at),
            slack_min=stop.slack_min,
            is_proposed=(number, begins) in proposed,
        )
        here = there


_LEFT = {
    "closed": lambda: _(
        "It doesn’t fit within its opening hours, or its agreed time is outside them."
    ),
    "too_late": lambda: _("There isn’t enough time to get there."),
    "no_return": lambda: _("It would make the day end too late."),
    "musts": lambda: _("Booked and essential visits leave no time for it."),
    "worth": lambda: _("More important visits fill the day."),
}


def _tell_conflict(conflict: Conflict[str], items: dict[str, Item]) -> str:
    """Say why not all that has to be done can be, and what would help."""
    names = {"names": join_items(items[one].name for one in conflict.visits)}
    texts = {
        "closed": _(
            "%(names)s doesn’t fit within its opening hours, or its agreed time is outside them. "
            "Change one or the other."
        ),
        "too_late": _("You can’t get to %(names)s in time. Start the day earlier or closer by."),
        "no_return": _(
            "Visiting %(names)s would make the day end too late. End the day later, or at the "
            "last visit."
        ),
        "together": _(
            "These visits don’t all fit in one day: %(names)s. Remove any one of them, or move "
            "it to another time, to fit in the others."
        ),
        "end": _(
            "Even the journey from start to finish doesn’t fit in the day. End the day later."
        ),
    }
    return texts[conflict.code] % names


def ways_of_day(cases: Sequence[Introduction], mode: str, apart_min: int) -> list[int]:
    """Return the estimated minutes on the way to each meeting of a day, 0 to the first one.

    For a call one stays where one is.
    """
    ways, here = [], None
    for case in cases:
        there = here if is_call(case.place) else spot_of(case)
        ways.append(_way(here, there, mode, apart_min) if here and there else 0)
        here = there
    return ways
