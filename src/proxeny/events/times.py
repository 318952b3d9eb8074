"""Cutting days into meeting slots, in the event's own time zone, whatever its clocks do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.zones import localise

MAX_SLOTS = 200
MIN_SLOT_MIN, MAX_SLOT_MIN = 5, 240
MAX_CHANGEOVER_MIN = 60
#: Where no break divides the day near noon, the afternoon begins here.
NOON = time(12, 0)
_LUNCH_FROM, _LUNCH_UNTIL = time(11, 30), time(14, 30)


@dataclass(frozen=True, slots=True)
class Break:
    """A pause between two times of a day, with what people call it."""

    starts: time
    ends: time
    name: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an event, as organisers say it; times are the event's local ones."""

    on: date
    starts: time
    ends: time
    slot_min: int = 20
    changeover_min: int = 0
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """A slot that comes out: aware times, and its session (1 morning, 2 afternoon, …)."""

    starts_at: datetime
    ends_at: datetime
    session: int


def check_within(days: Sequence[Day], first: date, last: date) -> None:
    """Raise `InvalidInput` for a day that is not one of the event's."""
    for day in days:
        if not first <= day.on <= last:
            raise InvalidInput(
                _("%(day)s isn’t a day of this event (%(first)s to %(last)s).")
                % {
                    "day": date_format(day.on),
                    "first": date_format(first),
                    "last": date_format(last),
                },
                field="days",
            )


def cut_days(days: Sequence[Day], zone: ZoneInfo) -> list[Cut]:
    """Return the slots of all days, in the order of time.

    A slot keeps its length in elapsed minutes also on a day on which the clocks change. A slot
    that would touch a break begins after it.

    Raises
    ------
    InvalidInput
        A sentence that names the day and what is wrong with it.
    """
    ordered = sorted(days, key=lambda day: day.on)
    _check_days(ordered)
    cuts: list[Cut] = []
    for index, day in enumerate(ordered):
        _check_day(day)
        found = list(_cut_day(day, zone, session=2 * index + 1))
        if not found:
            raise InvalidInput(
                _on(day, _("This day is too short for even one slot.")), field="days"
            )
        cuts += found
    if len(cuts) > MAX_SLOTS:
        raise InvalidInput(
            _(
                "That makes %(count)d slots, but no more than %(most)d work well. Make the slots "
                "longer."
            )
            % {"count": len(cuts), "most": MAX_SLOTS},
            field="days",
        )
    return cuts


def _cut_day(day: Day, zone: ZoneInfo, *, session: int) -> Iterator[Cut]:
    def at(moment: time) -> datetime:
        return localise(day.on, moment, zone, field="days")

    now, end, afternoon = at(day.starts), at(day.ends), at(find_afternoon(day))
    pauses = sorted((at(one.starts), at(one.ends)) for one in day.breaks)
    length = timedelta(minutes=day.slot_min)
    while now + length <= end:
        pause = next((one for one in pauses if now < one[1] and now + length > one[0]), None)
        if pause:
            now = pause[1]
            continue
        yield Cut(now, now + length, session + (now >= afternoon))
        now += length + timedelta(minutes=day.changeover_min)


def find_afternoon(day: Day) -> time:
    """Return when the day's second session begins: after the longest break around noon."""
    lunches = [one for one in day.breaks if one.starts < _LUNCH_UNTIL and one.ends > _LUNCH_FROM]
    if not lunches:
        return NOON
    return max(lunches, key=lambda one: _minutes(one.ends) - _minutes(one.starts)).ends


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _on(day: Day, sentence: str) -> str:
    return f"{date_format(day.on)}: {sentence}"


def _check_days(days: Sequence[Day]) -> None:
    if not days:
        raise InvalidInput(_("Add at least one day."), field="days")
    for one, next_one in pairwise(days):
        if one.on == next_one.on:
            raise InvalidInput(_on(one, _("This day appears twice.")), field="days")


def _check_day(day: Day) -> None:
    problems = [
        (day.ends <= day.starts, _("The day must end after it starts.")),
        (
            not MIN_SLOT_MIN <= day.slot_min <= MAX_SLOT_MIN,
            _("A slot can be %(least)d to %(most)d minutes long.")
            % {"least": MIN_SLOT_MIN, "most": MAX_SLOT_MIN},
        ),
        (
            not 0 <= day.changeover_min <= MAX_CHANGEOVER_MIN,
            _("The time to change tables can be 0 to %(most)d minutes.")
            % {"most": MAX_CHANGEOVER_MIN},
        ),
        (
            any(one.ends <= one.starts for one in day.breaks),
            _("A break must end after it starts."),
        ),
        (
            any(one.starts < day.starts or one.ends > day.ends for one in day.breaks),
            _("A break falls outside the day."),
        ),
    ]
    for is_wrong, sentence in problems:
        if is_wrong:
            raise InvalidInput(_on(day, sentence), field="days")


def write_days(days: Sequence[Day]) -> list[dict[str, Any]]:
    """Return days as JSON values, to be kept with the event."""
    return [
        {
            "on": day.on.isoformat(),
            "starts": day.starts.strftime("%H:%M"),
            "ends": day.ends.strftime("%H:%M"),
            "slot_min": day.slot_min,
            "changeover_min": day.changeover_min,
            "breaks": [
                [one.starts.strftime("%H:%M"), one.ends.strftime("%H:%M"), one.name]
                for one in day.breaks
            ],
        }
        for day in sorted(days, key=lambda day: day.on)
    ]


def read_days(values: Sequence[dict[str, Any]]) -> list[Day]:
    """Return the days that `write_days` wrote."""
    return [
        Day(
            on=date.fromisoformat(value["on"]),
            starts=time.fromisoformat(value["starts"]),
            ends=time.fromisoformat(value["ends"]),
            slot_min=value["slot_min"],
            changeover_min=value["changeover_min"],
            breaks=tuple(
                Break(time.fromisoformat(starts), time.fromisoformat(ends), name)
                for starts, ends, name in value["breaks"]
            ),
        )
        for value in values
    ]
