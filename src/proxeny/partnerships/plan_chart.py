"""Chart of a plan: positions of its bars, months and ties, in parts of the chart's width.

All numbers are text for the attributes of a drawing, never in the reader's language. Where people
read from right to left, time goes that way too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from django.utils.formats import date_format

from proxeny.partnerships.operations.plan import Step

#: Today is drawn where the plan is no farther from it than this.
NEAR = timedelta(days=62)
#: Most names of months next to each other, fewer on a phone.
NAMES, NAMES_ON_PHONE = 14, 6
#: Ties between more activities than this are told in the table alone.
TIED = 40
#: A bar is at least so wide, in percent.
NARROWEST = 0.8


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month; `is_minor` where a phone has no room for its name."""

    x: str
    name: str
    year: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An activity with its bar; a milestone has no width."""

    step: Step
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Tie:
    """From the end of what is needed to the beginning of what needs it."""

    x: str
    to_x: str
    y: str
    to_y: str
    is_critical: bool
    is_clash: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A plan drawn; `today` is empty where it lies outside."""

    rows: Sequence[Row]
    ticks: Sequence[Tick]
    ties: Sequence[Tie]
    today: str


class Tied(Protocol):
    """Item drawn in a row and tied to others."""

    @property
    def record(self) -> Any:
        """The record it shows."""

    @property
    def needs(self) -> Sequence[Any]:
        """The records that have to end before."""

    @property
    def clashes(self) -> Sequence[Any]:
        """Of these, those that have not ended by then."""

    @property
    def is_critical(self) -> bool:
        """Whether a tie between two such items is drawn as critical."""


def place_x(place: float, width: float = 0, *, is_mirrored: bool) -> str:
    """Return a place, in percent of a picture's width, as the left edge of what is drawn there."""
    return f"{100 - place - width if is_mirrored else place:.2f}%"


@dataclass(frozen=True, slots=True)
class Scale:
    """A stretch of days as wide as a picture: from `first` to the day before `last`."""

    first: date
    last: date
    is_mirrored: bool

    def at(self, day: date, *, half: bool = False) -> float:
        """Return where a day begins, or its noon, in percent of the width."""
        gone = (day - self.first).days + (0.5 if half else 0)
        return 100 * gone / (self.last - self.first).days

    def x(self, place: float, width: float = 0) -> str:
        """Return a place as an attribute of a drawing: its left edge, whichever way time goes."""
        return place_x(place, width, is_mirrored=self.is_mirrored)


def draw_plan(steps: Sequence[Step], *, today: date, is_mirrored: bool = False) -> Picture | None:
    """Return the picture of a plan; None where nothing is planned."""
    if not steps:
        return None
    first = min(one.record.starts_on for one in steps)
    last = max(one.record.ends_on for one in steps)
    if first - NEAR <= today <= last + NEAR:
        first, last = min(first, today), max(last, today)
    scale = Scale(first.replace(day=1), next_month(last), is_mirrored)
    has_today = scale.first <= today < scale.last
    return Picture(
        rows=[_row(one, scale) for one in steps],
        ticks=draw_ticks(scale),
        ties=draw_ties(steps, lambda one: _ends(one, scale), scale.x),
        today=scale.x(scale.at(today, half=True)) if has_today else "",
    )


def _row(step: Step, scale: Scale) -> Row:
    begin, end = _ends(step, scale)
    width = 0 if step.record.is_milestone else max(end - begin, NARROWEST)
    return Row(step, scale.x(begin, width), f"{width:.2f}%")


def _ends(step: Step, scale: Scale) -> tuple[float, float]:
    record = step.record
    if record.is_milestone:
        middle = scale.at(record.starts_on, half=True)
        return middle, middle
    return scale.at(record.starts_on), scale.at(record.ends_on + timedelta(days=1))


def draw_ticks(scale: Scale) -> list[Tick]:
    """Return the months of a stretch of days, as many as have room for their names."""
    months = []
    month = scale.first
    while month < scale.last:
        months.append(month)
        month = next_month(month)
    step = next((one for one in (1, 3) if len(months) <= NAMES * one), 12)
    shown = [one for one in months if (one.month - 1) % step == 0] or months[:1]
    keep = -(-len(shown) // NAMES_ON_PHONE)
    return [
        Tick(
            x=scale.x(scale.at(one)),
            name=date_format(one, "M") if step < 12 else "",
            year=date_format(one, "Y") if place == 0 or one.month == 1 else "",
            is_minor=place % keep != 0,
        )
        for place, one in enumerate(shown)
    ]


def next_month(day: date) -> date:
    """Return the first day of the month after a day's."""
    year, month = divmod(day.month, 12)
    return date(day.year + year, month + 1, 1)


def draw_ties[Row: Tied](
    steps: Sequence[Row], ends: Callable[[Row], tuple[float, float]], x: Callable[[float], str]
) -> list[Tie]:
    """Return the ties between the rows of a picture; none where there are too many rows.

    Parameters
    ----------
    ends : callable
        Returns where a row's bar begins and ends, in percent of the width.
    x : callable
        Returns such a place as an attribute of the drawing.
    """
    if len(steps) > TIED:
        return []
    places = {one.record.pk: place for place, one in enumerate(steps)}

    def y(place: int) -> str:
        return f"{100 * (place + 0.5) / len(steps):.2f}%"

    ties = []
    for step in steps:
        clashing = {one.pk for one in step.clashes}
        for need in step.needs:
            other = steps[places[need.pk]]
            ties.append(
                Tie(
                    x=x(ends(other)[1]),
                    to_x=x(ends(step)[0]),
                    y=y(places[need.pk]),
                    to_y=y(places[step.record.pk]),
                    is_critical=step.is_critical and other.is_critical,
                    is_clash=need.pk in clashing,
                )
            )
    return ties
