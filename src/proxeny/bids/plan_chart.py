"""A work plan as a picture over the months of a project: see `partnerships.plan_chart`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.formats import date_format

from proxeny.bids.models import Bid
from proxeny.bids.queries.plans import Step, days_of
from proxeny.partnerships.plan_chart import (
    NAMES,
    NAMES_ON_PHONE,
    NARROWEST,
    Tie,
    draw_ties,
    place_x,
)


@dataclass(frozen=True, slots=True)
class Month:
    """The beginning of a month of the project; `is_minor` where a phone has no room for its name.

    `name` and `year` are those of the calendar, where the first day of the project is known.
    """

    x: str
    number: int
    name: str
    year: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A work package with its bar; `side` is its owner: `a`, `b`, `none`, or `nobody`."""

    step: Step
    x: str
    width: str
    side: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A work plan drawn."""

    rows: Sequence[Row]
    ticks: Sequence[Month]
    ties: Sequence[Tie]


def draw_plan(bid: Bid, steps: Sequence[Step], *, is_mirrored: bool = False) -> Picture | None:
    """Return the picture of a work plan; None where nothing is planned."""
    if not steps:
        return None
    # Those of a bid that was made shorter by other means than its form are drawn too.
    months = max(bid.months, *(one.record.last_month for one in steps), 1)
    x = partial(place_x, is_mirrored=is_mirrored)

    def ends(step: Step) -> tuple[float, float]:
        record = step.record
        return 100 * (record.first_month - 1) / months, 100 * record.last_month / months

    rows = []
    for one in steps:
        begin, end = ends(one)
        width = max(end - begin, NARROWEST)
        rows.append(Row(one, x(begin, width), f"{width:.2f}%", _side_of(one)))
    return Picture(rows, _draw_months(bid, months, x), draw_ties(steps, ends, x))


def _draw_months(bid: Bid, months: int, x: partial[str]) -> list[Month]:
    """Return as many months as have room for their names."""
    step = next((one for one in (1, 3, 6, 12) if months <= NAMES * one), 12)
    shown = range(1, months + 1, step)
    keep = -(-len(shown) // NAMES_ON_PHONE)
    ticks: list[Month] = []
    year = 0
    for place, number in enumerate(shown):
        day, _end = days_of(bid, number, number)
        ticks.append(
            Month(
                x=x(100 * (number - 1) / months),
                number=number,
                name=date_format(day, "M") if day else "",
                year=date_format(day, "Y") if day and day.year != year else "",
                is_minor=place % keep != 0,
            )
        )
        year = day.year if day else 0
    return ticks


def _side_of(step: Step) -> str:
    """Return the letter of the leader's side, as far as it has a colour."""
    lead = step.record.lead
    if lead is None or step.is_without_lead:
        return "nobody"
    side = lead.party.side.lower() if lead.party else ""
    return side if side in ("a", "b") else "none"
