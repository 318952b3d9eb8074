"""A figure over time as a small picture beside its value: a line through quarters, bars of years.

All numbers are text for the attributes of a drawing, never in the reader's language.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 96, 28, 4
# Below bars with words: how high these are, and how wide a year is with room beside it.
_FOOT, _WORD = 18, 44
# What is left free on both sides of a bar, of a year's width.
_BESIDE = 0.12


@dataclass(frozen=True, slots=True)
class Course:
    """A line through the quarters that are known."""

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
        dots.append((tell_length(WIDTH - x if is_mirrored else x), tell_length(y)))
    return Course(" ".join(f"{x},{y}" for x, y in dots), tuple(dots[:-1]), dots[-1])


@dataclass(frozen=True, slots=True)
class Bar:
    """A year's share as a bar, with the words below it where there is room."""

    x: str
    y: str
    height: str
    width: str
    middle: str
    label: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Shares by year as bars, the highest as high as the drawing."""

    width: int
    height: int
    bars: tuple[Bar, ...]


def draw_bars(
    years: Sequence[int],
    counts: Sequence[int],
    totals: Sequence[int],
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    labels: bool = False,
    is_mirrored: bool = False,
) -> Bars:
    """Return a topic's share of all texts by year as bars; time runs as the reader reads."""
    shares = [count / max(total, 1) for count, total in zip(counts, totals, strict=True)]
    most = max(shares, default=0.0) or 1.0
    step = width / max(len(shares), 1)
    foot = _FOOT if labels else 0
    every = math.ceil(len(shares) * _WORD / width) if labels else len(shares) + 1
    found = []
    for at, (year, share) in enumerate(zip(years, shares, strict=True)):
        place = len(shares) - 1 - at if is_mirrored else at
        # Even nothing is a line, so that years are seen.
        high = max(1.0, share / most * (height - foot - 2))
        is_told = labels and (len(shares) - 1 - at) % every == 0
        found.append(
            Bar(
                tell_length((place + _BESIDE) * step),
                tell_length(height - foot - high),
                tell_length(high),
                tell_length((1 - 2 * _BESIDE) * step),
                tell_length((place + 0.5) * step),
                str(year) if is_told else "",
            )
        )
    return Bars(width, height, tuple(found))


def tell_length(number: float) -> str:
    """Return a length as a drawing takes it, to a tenth."""
    return f"{number:.1f}".removesuffix(".0")
