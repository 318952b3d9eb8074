"""Chart of a year of stays and visits: a line for each, in the colour of the sending side.

Numbers are text for the attributes of a drawing, as in `plan_picture`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from proxeny.partnerships.placement_queries import Stay
from proxeny.partnerships.plan_chart import NARROWEST, Scale, Tick, draw_ticks


@dataclass(frozen=True, slots=True)
class Line:
    """A stay with the part of it that falls into the year."""

    stay: Stay
    x: str
    width: str

    @property
    def state(self) -> str:
        """The drawing style: planned, under way or over."""
        if self.stay.is_now:
            return "doing"
        return "planned" if self.stay.is_coming else "done"


@dataclass(frozen=True, slots=True)
class YearStrip:
    """Chart of a year; `today` is the position of today."""

    year: int
    lines: Sequence[Line]
    ticks: Sequence[Tick]
    today: str


def draw_year(stays: Iterable[Stay], *, today: date, is_mirrored: bool = False) -> YearStrip | None:
    """Return the picture of this year; None where nothing falls into it."""
    scale = Scale(date(today.year, 1, 1), date(today.year + 1, 1, 1), is_mirrored)
    lines = [
        _line(one, scale)
        for one in stays
        if one.record.starts_on < scale.last and one.record.ends_on >= scale.first
    ]
    if not lines:
        return None
    return YearStrip(today.year, lines, draw_ticks(scale), scale.x(scale.at(today, half=True)))


def _line(stay: Stay, scale: Scale) -> Line:
    record = stay.record
    begin = scale.at(max(record.starts_on, scale.first))
    left_on = min(record.ends_on, record.closed_on or record.ends_on)
    end = scale.at(min(left_on + timedelta(days=1), scale.last))
    width = max(end - begin, NARROWEST)
    return Line(stay, scale.x(begin, width), f"{width:.2f}%")
