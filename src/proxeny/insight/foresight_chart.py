"""The radar as a drawing: rings for when, sectors for what kind of change, a mark for each trend.

All numbers are text for the attributes of a drawing, never in the reader's language.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.functional import Promise

from proxeny.insight.models import Trend
from proxeny.insight.queries.foresight import RadarRow
from proxeny.insight.small_charts import tell_length as _n
from proxeny.partnerships.models import Party

SIZE = 640
_CENTRE = SIZE / 2
#: Where each ring ends, from the middle; between the last and the rim stand the sectors' names.
_RINGS = (108, 158, 204, 248)
_RIM = 316
#: Of a mark, and of the disc in it with its number.
_MARK, _DISC = 18, 10.5
# Two marks side by side, and what is left free beside the edge of a sector.
_STEP, _EDGE = 38, 24
# Where marks stand in each ring: in the inner one, that is wider, in two circles.
_CIRCLES = ((80, 40), (133,), (181,), (226,))
# As wide as a letter of a name, as high as a line; as many letters at most.
_LETTER, _LINE, _MOST = 6.4, 15, 22


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a mark that is one party's: its outline, whose it is, and how dark (0 to 5)."""

    path: str
    side: str
    grade: int


@dataclass(frozen=True, slots=True)
class Name:
    """A trend's name beside its mark, where there is room for it."""

    x: str
    y: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A trend on the radar."""

    row: RadarRow
    x: str
    y: str
    slices: tuple[Slice, ...]
    name: Name | None


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a ring or a sector, in one or two lines."""

    x: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """The whole drawing."""

    size: int
    centre: str
    rings: tuple[str, ...]
    rim: str
    spokes: tuple[tuple[str, str, str, str], ...]
    ring_words: tuple[Words, ...]
    sector_words: tuple[Words, ...]
    marks: tuple[Mark, ...]
    radius: str
    disc: str


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def draw_radar(rows: Sequence[RadarRow], parties: Sequence[Party]) -> Radar:
    """Return the drawing of a radar; `parties` in the order in which rows tell what they said."""
    sectors = len(Trend.Area.values)
    turn = 2 * math.pi / sectors
    places = _places(rows, turn)
    # Names go where neither a mark stands nor a ring's own name.
    boxes = [*(_box_of_mark(x, y) for x, y in places), *_ring_boxes()]
    marks = []
    for row, (x, y) in zip(rows, places, strict=True):
        name = _name(row.trend.title, x, y, boxes)
        marks.append(Mark(row, _n(x), _n(y), _slices(row, x, y, parties), name))
    middles = _ring_middles()
    return Radar(
        SIZE,
        _n(_CENTRE),
        tuple(map(_n, _RINGS)),
        _n(_RIM),
        tuple(_spoke(number * turn) for number in range(sectors)),
        tuple(
            _words(label, 0.0, middle, one_line=True)
            for label, middle in zip(Trend.Horizon.labels, middles, strict=True)
        ),
        tuple(
            _words(label, (number + 0.5) * turn, (_RINGS[-1] + _RIM) / 2 + 4)
            for number, label in enumerate(Trend.Area.labels)
        ),
        tuple(marks),
        _n(_MARK),
        _n(_DISC),
    )


def _ring_middles() -> list[float]:
    # The inner ring's name stands between its two circles of marks.
    return [52.0, *((inner + outer) / 2 for inner, outer in pairwise(_RINGS))]


def _ring_boxes() -> list[_Box]:
    wide = [_LETTER * len(str(label)) / 2 for label in Trend.Horizon.labels]
    return [
        _Box(
            _CENTRE - half,
            _CENTRE - middle - _LINE / 2,
            _CENTRE + half,
            _CENTRE - middle + _LINE / 2,
        )
        for half, middle in zip(wide, _ring_middles(), strict=True)
    ]


def _places(rows: Sequence[RadarRow], turn: float) -> list[tuple[float, float]]:
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        ring = Trend.Horizon.values.index(row.trend.horizon)
        cells[ring, Trend.Area.values.index(row.trend.area)].append(at)
    found: dict[int, tuple[float, float]] = {}
    for (ring, sector), those in cells.items():
        for at, (angle, radius) in zip(those, _spread(len(those), ring, turn), strict=True):
            found[at] = _point(sector * turn + angle, radius)
    return [found[at] for at in range(len(rows))]


def _spread(count: int, ring: int, turn: float) -> list[tuple[float, float]]:
    """Return positions for this many marks in a cell, as angle within the cell and radius."""
    radii = _CIRCLES[ring]
    room = [max(1, int((turn * radius - 2 * _EDGE) / _STEP) + 1) for radius in radii]
    on_each = [0] * len(radii)
    for number in range(count):
        free = [at for at in range(len(radii)) if on_each[at] < room[at]]
        # Where all is full they stand closer.
        on_each[free[0] if free else number % len(radii)] += 1
    found = []
    for radius, many in zip(radii, on_each, strict=True):
        wide = max(turn * radius - 2 * _EDGE, 0.0)
        # Two stand apart as far as one needs, around the middle; more from edge to edge.
        step = wide / (many - 1) if many > 2 else max(wide / 2, _STEP)
        found += [
            (turn / 2 + (number - (many - 1) / 2) * step / radius, float(radius))
            for number in range(many)
        ]
    return found


def _point(angle: float, radius: float) -> tuple[float, float]:
    """Return the point of an angle, from straight up and clockwise."""
    return _CENTRE + radius * math.sin(angle), _CENTRE - radius * math.cos(angle)


def _spoke(angle: float) -> tuple[str, str, str, str]:
    x, y = _point(angle, _RIM)
    return _n(_CENTRE), _n(_CENTRE), _n(x), _n(y)


def _words(label: str | Promise, angle: float, radius: float, *, one_line: bool = False) -> Words:
    x, y = _point(angle, radius)
    lines = [str(label)] if one_line else _two_lines(str(label))
    top = y - 10 * (len(lines) - 1)
    return Words(_n(x), tuple((_n(top + 20 * at), line) for at, line in enumerate(lines)))


def _two_lines(text: str) -> list[str]:
    """Return a name as one line, or as two of about the same length."""
    words = text.split()
    if len(words) < 2:
        return [text]
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return list(min(cuts, key=lambda pair: max(map(len, pair))))


def _slices(row: RadarRow, x: float, y: float, parties: Sequence[Party]) -> tuple[Slice, ...]:
    """Return the slices of a mark; with two parties, the left half is that of the first."""
    turn = 2 * math.pi / max(len(parties), 1)
    found = []
    for number, (party, said) in enumerate(zip(parties, row.said, strict=True)):
        start, end = math.pi + number * turn, math.pi + (number + 1) * turn
        (x1, y1), (x2, y2) = (
            (x + _MARK * math.sin(angle), y - _MARK * math.cos(angle)) for angle in (start, end)
        )
        is_large = int(turn > math.pi)
        path = (
            f"M{_n(x)} {_n(y)}L{_n(x1)} {_n(y1)}A{_MARK} {_MARK} 0 {is_large} 1 {_n(x2)} {_n(y2)}Z"
        )
        found.append(Slice(path, str(party.side).lower(), said.relevance if said else 0))
    return tuple(found)


def _box_of_mark(x: float, y: float) -> _Box:
    return _Box(x - _MARK, y - _MARK, x + _MARK, y + _MARK)


def _name(title: str, x: float, y: float, taken: list[_Box]) -> Name | None:
    """Return a position for a name free of all marks and names, and reserve it."""
    text = title if len(title) <= _MOST else f"{title[: _MOST - 1].rstrip()}…"
    wide = _LETTER * len(text)
    beside = _MARK + 4
    for left, middle, anchor, at in (
        (x + beside, y, "start", x + beside),
        (x - beside - wide, y, "end", x - beside),
        (x - wide / 2, y + beside + _LINE / 2, "middle", x),
        (x - wide / 2, y - beside - _LINE / 2, "middle", x),
    ):
        box = _Box(left, middle - _LINE / 2, left + wide, middle + _LINE / 2)
        is_inside = box.left > 0 and box.right < SIZE
        if is_inside and not any(box.meets(other) for other in taken):
            taken.append(box)
            return Name(_n(at), _n(middle), anchor, text)
    return None
