"""Figures drawn as SVG without a script, for paper: lines over time, or bars side by side.

Colours and sizes are set on each element: the document renderer applies no styles to pictures.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

#: The picture's size, and the frame in which lines and bars stand.
WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 14, 34
#: One for each line; beyond, they begin anew.
COLOURS = ("#0d6478", "#ad5a1c", "#5a6b2f", "#7a4a78", "#8a8578", "#b08a1e")
#: So many periods are named below, at most.
MOST_LABELS = 8
_FONT = "PX Latin, PX Latin Ext, PX Greek, PX Greek Ext, PX Arabic"
_INK, _SOFT, _LINE = "#1d2629", "#566064", "#e5dfd3"

Series = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Scale:
    """From which value to which the picture goes, and where it has lines across."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def y(self, value: float) -> float:
        """Return a value's distance from the top."""
        share = (value - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)


def periods_of(series: Series) -> list[str]:
    """Return all periods of some lines, in the order in which they come first."""
    return sorted({str(period) for line in series for period, _value in line["points"]})


def numbers_of(line: Mapping[str, Any]) -> dict[str, float]:
    """Return the values of a line by period; what is no number is left out."""
    return {
        str(period): float(value)
        for period, value in line["points"]
        if isinstance(value, int | float) and math.isfinite(value)
    }


def scale_of(values: Sequence[float]) -> Scale:
    """Return a scale of round numbers that covers all values and zero.

    Examples
    --------
    >>> scale_of([12.5, 13.25]).ticks
    (0.0, 5.0, 10.0, 15.0)
    """
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0
    rough = span / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough)
    first, last = math.floor(low / step), math.ceil(high / step) or 1
    ticks = tuple(round(number * step, 10) for number in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def draw_figure(figure: Mapping[str, Any], *, label: str) -> SafeString:
    """Return a figure of a report as SVG; nothing where it is shown as a table or has no number.

    Parameters
    ----------
    figure : mapping
        `shape` ("line", "bar" or "table") and `series`, as a report keeps them.
    label : str
        The alternative text of the picture.
    """
    periods = periods_of(figure["series"])
    lines = [numbers_of(line) for line in figure["series"]]
    values = [value for line in lines for value in line.values()]
    if figure["shape"] == "table" or not values:
        return SafeString("")
    scale = scale_of(values)
    draw = _bars if figure["shape"] == "bar" or len(periods) == 1 else _lines
    pieces = [*_across(scale), *_below(periods), *draw(lines, periods, scale)]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}"'
        ' role="img" aria-label="{}"><title>{}</title>{}</svg>',
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT,
        label,
        label,
        format_html_join("", "{}", ((one,) for one in pieces)),
    )


def colour_of(number: int) -> str:
    """Return the colour of a line, counted from 0."""
    return COLOURS[number % len(COLOURS)]


def _x(number: int, count: int) -> float:
    wide = (WIDTH - LEFT - RIGHT) / count
    return round(LEFT + wide * (number + 0.5), 1)


def _text(x: float, y: float, anchor: str, words: str) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-family="{}" font-size="11" fill="{}">{}</text>',
        x,
        y,
        anchor,
        _FONT,
        _SOFT,
        words,
    )


def _across(scale: Scale) -> Iterator[SafeString]:
    for value in scale.ticks:
        y = scale.y(value)
        yield format_html(
            '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="1"/>',
            LEFT,
            WIDTH - RIGHT,
            y,
            y,
            _INK if value == 0 else _LINE,
        )
        yield _text(LEFT - 8, y + 4, "end", tell_number(value))


def tell_number(value: float) -> str:
    """Return a number as the language in force writes it, with as many decimals as it has."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    _whole, _dot, decimals = text.partition(".")
    return str(number_format(value, len(decimals), force_grouping=True, use_l10n=True))


def _below(periods: Sequence[str]) -> Iterator[SafeString]:
    every = math.ceil(len(periods) / MOST_LABELS)
    for number, period in enumerate(periods):
        if number % every == 0:
            yield _text(_x(number, len(periods)), HEIGHT - BOTTOM + 20, "middle", period)


def _lines(
    lines: Sequence[Mapping[str, float]], periods: Sequence[str], scale: Scale
) -> Iterator[SafeString]:
    for number, line in enumerate(lines):
        points = [
            (_x(at, len(periods)), scale.y(line[period]))
            for at, period in enumerate(periods)
            if period in line
        ]
        yield format_html(
            '<polyline points="{}" fill="none" stroke="{}" stroke-width="2.2"/>',
            " ".join(f"{x},{y}" for x, y in points),
            colour_of(number),
        )
        for x, y in points if len(points) <= 24 else points[-1:]:
            yield format_html('<circle cx="{}" cy="{}" r="3" fill="{}"/>', x, y, colour_of(number))


def _bars(
    lines: Sequence[Mapping[str, float]], periods: Sequence[str], scale: Scale
) -> Iterator[SafeString]:
    wide = 0.72 * (WIDTH - LEFT - RIGHT) / len(periods)
    each, ground = wide / len(lines), scale.y(0)
    for number, line in enumerate(lines):
        for at, period in enumerate(periods):
            if period in line:
                y = scale.y(line[period])
                yield format_html(
                    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
                    round(_x(at, len(periods)) - wide / 2 + number * each, 1),
                    min(y, ground),
                    max(round(each - 1, 1), 0.5),
                    round(abs(y - ground), 1),
                    colour_of(number),
                )
