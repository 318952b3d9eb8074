"""A small picture of how a figure went, in the units of its own drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 160, 44, 5


@dataclass(frozen=True, slots=True)
class Trend:
    """A line through all figures, the last of them marked, above or below the line of the goal.

    All numbers are text for the attributes of a drawing, never in the reader's language.
    """

    line: str
    dots: Sequence[tuple[str, str]]
    last: tuple[str, str]
    target: str
    width: int = WIDTH
    height: int = HEIGHT


def draw_trend(
    points: Sequence[tuple[date, Decimal]], *, target: Decimal, is_mirrored: bool = False
) -> Trend | None:
    """Return the picture of figures in the order of their days; None for fewer than two."""
    if len(points) < 2:
        return None
    first, last = points[0][0], points[-1][0]
    days = max((last - first).days, 1)
    values = [float(value) for _day, value in points]
    low, high = min(*values, float(target)), max(*values, float(target))
    span = (high - low) or 1.0

    def place(day: date, value: float) -> tuple[str, str]:
        x = MARGIN + (WIDTH - 2 * MARGIN) * (day - first).days / days
        y = MARGIN + (HEIGHT - 2 * MARGIN) * (high - value) / span
        return f"{WIDTH - x if is_mirrored else x:.1f}", f"{y:.1f}"

    dots = [place(day, value) for (day, _value), value in zip(points, values, strict=True)]
    return Trend(
        line=" ".join(f"{x},{y}" for x, y in dots),
        dots=dots[:-1],
        last=dots[-1],
        target=place(last, float(target))[1],
    )
