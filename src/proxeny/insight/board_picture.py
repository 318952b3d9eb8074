"""The course of a figure over the quarters, as a small picture beside its value."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 96, 28, 4


@dataclass(frozen=True, slots=True)
class Course:
    """A line through the quarters that are known; all numbers are text for a drawing."""

    line: str
    dots: tuple[tuple[str, str], ...]
    last: tuple[str, str]
    width: int = WIDTH
    height: int = HEIGHT


def draw_course(
    values: Sequence[tuple[str, float | None]], *, is_mirrored: bool = False
) -> Course | None:
    """Return the picture of a figure; None for fewer than two quarters with a value.

    It stretches from its lowest to its highest value: it shows the way, not the size.
    """
    known = [(place, value) for place, (_name, value) in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low, high = min(value for _place, value in known), max(value for _place, value in known)
    span = (high - low) or 1.0
    steps = max(len(values) - 1, 1)
    dots = []
    for place, value in known:
        x = MARGIN + (WIDTH - 2 * MARGIN) * place / steps
        y = HEIGHT / 2 if high == low else MARGIN + (HEIGHT - 2 * MARGIN) * (high - value) / span
        dots.append((f"{WIDTH - x if is_mirrored else x:.1f}", f"{y:.1f}"))
    return Course(" ".join(f"{x},{y}" for x, y in dots), tuple(dots[:-1]), dots[-1])
