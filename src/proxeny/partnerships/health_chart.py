"""Charts of answers from 1 to 5: the sides' positions on the scale, and their trends."""

from collections.abc import Sequence
from dataclasses import dataclass

LOWEST, HIGHEST = 1, 5
#: The ends of the scale, in hundredths of the picture, so that a mark at an end is whole.
FIRST, LAST = 5.0, 95.0
WIDTH, HEIGHT, MARGIN = 120, 40, 5


@dataclass(frozen=True, slots=True)
class Mark:
    """Position of a side: `x` in hundredths of the scale's width."""

    side: str
    x: str


def place(mean: float) -> float:
    """Return the position of a mean on the scale, in hundredths of its width."""
    return FIRST + (LAST - FIRST) * (mean - LOWEST) / (HIGHEST - LOWEST)


def mark_scale(means: Sequence[tuple[str, float | None]]) -> list[Mark]:
    """Return the marks of the sides that answered, from the lowest on."""
    told = sorted((mean, side) for side, mean in means if mean is not None)
    return [Mark(side, f"{place(mean):.2f}%") for mean, side in told]


#: The five answers on the scale.
TICKS = tuple(f"{place(one):.2f}%" for one in range(LOWEST, HIGHEST + 1))


@dataclass(frozen=True, slots=True)
class Line:
    """Trend of a side's mean: the points of a line, and its single dots."""

    side: str
    points: str
    dots: tuple[tuple[str, str], ...]


def draw_lines(means: Sequence[tuple[str, Sequence[float | None]]]) -> list[Line]:
    """Return a line for each side over the reviews, the oldest first.

    Reviews that a side did not answer are left out of its line; the reviews are equally far apart.
    """
    return [_line(side, values) for side, values in means]


def _line(side: str, values: Sequence[float | None]) -> Line:
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    dots = tuple(
        (f"{MARGIN + step * at:.1f}", f"{_height(value):.1f}")
        for at, value in enumerate(values)
        if value is not None
    )
    return Line(side, " ".join(f"{x},{y}" for x, y in dots), dots)


def _height(value: float) -> float:
    return MARGIN + (HEIGHT - 2 * MARGIN) * (HIGHEST - value) / (HIGHEST - LOWEST)
