"""The badge of an award, drawn: SVG with text as text and its own small font, or PNG of it.

Nothing is asked here. What is drawn: two halves that make one seal, in the tone of the level, with
the year; the label's name; the clusters that give it.
"""

import re
import tempfile
import unicodedata
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import resvg_py
from django.utils.html import escape

from proxeny.labels.badge_font import FAMILY, WEIGHTS, make_font, pack_font, widths_of

type Tone = Literal["gold", "silver", "bronze", "plain"]

SIZE = 600
_TONES: dict[Tone, str] = {
    "gold": "#e6c15a",
    "silver": "#ccd1d4",
    "bronze": "#d79c6b",
    "plain": "#e4f0f1",
}
#: From the highest level down.
_ORDER: tuple[Tone, ...] = ("gold", "silver", "bronze")
_PAPER, _LINE, _INK, _SOFT, _BAD = "#faf8f4", "#e5dfd3", "#1d2629", "#566064", "#a3213d"
_SIDES = ("#0b5668", "#8d4712")
_REGULAR, _BOLD = WEIGHTS
#: Letters of a name, and how many lines it may take at that size.
_NAME_SIZES = ((56, 2), (48, 2), (42, 3), (36, 3), (30, 4))
_MIDDLE, _WIDE = SIZE / 2, 520.0


@dataclass(frozen=True, slots=True)
class Picture:
    """The content of a badge in the language of its label; `ended` is printed across it if not
    empty.

    `told` is all of it in a sentence, as alternative text.
    """

    name: str
    clusters: tuple[str, ...]
    year: str
    told: str
    language: str
    level: str = ""
    tone: Tone = "plain"
    ended: str = ""


def tone_of(level: str, levels: Iterable[str]) -> Tone:
    """Return the tone of a level among the keys of all, the lowest first."""
    falling = list(levels)[::-1]
    if level not in falling:
        return "plain"
    return _ORDER[min(falling.index(level), len(_ORDER) - 1)]


def draw_svg(picture: Picture) -> bytes:
    """Return the badge as SVG that carries its letters along. Takes a second the first time."""
    fonts = "".join(
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};src:url(data:font/woff2;base64,"
        f"{b64encode(pack_font(font)).decode()}) format('woff2')}}"
        for weight, font in _fonts(picture).items()
    )
    return _draw(picture, f"<style>{fonts}</style>").encode()


@lru_cache(maxsize=256)
def draw_png(picture: Picture) -> bytes:
    """Return the badge as PNG of 600 by 600 points. Takes a second the first time."""
    with tempfile.TemporaryDirectory(prefix="badge-") as folder:
        files = []
        for weight, font in _fonts(picture).items():
            path = Path(folder, f"{weight}.ttf")
            path.write_bytes(font)
            files.append(str(path))
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=_draw(picture, ""),
                width=SIZE,
                height=SIZE,
                skip_system_fonts=True,
                font_files=files,
                font_family=FAMILY,
                sans_serif_family=FAMILY,
            )
        )


def _fonts(picture: Picture) -> dict[int, bytes]:
    said = (picture.name, *picture.clusters, picture.year, picture.level, picture.ended, "… ·")
    letters = frozenset("".join(map(_clean, said)))
    return {weight: make_font(letters, weight) for weight in WEIGHTS}


def _draw(picture: Picture, head: str) -> str:
    fonts = {weight: widths_of(font) for weight, font in _fonts(picture).items()}
    pen = _Pen(fonts)
    is_over = bool(picture.ended)
    left, right = (_SOFT, _SOFT) if is_over else _SIDES
    tone = _LINE if is_over else _TONES[picture.tone]
    frame = f'fill="{_PAPER}" stroke="{_LINE}" stroke-width="4"'
    parts = [
        f'<rect x="2" y="2" width="596" height="596" rx="64" {frame}/>',
        f'<path d="M294 64a124 124 0 0 0 0 248z" fill="{left}"/>',
        f'<path d="M306 80a124 124 0 0 1 0 248z" fill="{right}"/>',
        f'<circle cx="300" cy="196" r="92" fill="{tone}" stroke="{_PAPER}" stroke-width="10"/>',
    ]
    if picture.level:
        parts += [pen.line(picture.year, 192, 52, _BOLD), pen.fit(picture.level, 230, 28, 148)]
    else:
        parts.append(pen.line(picture.year, 214, 56, _BOLD))
    parts += _name(pen, picture) + _clusters(pen, picture)
    if is_over:
        parts.append(f'<rect x="0" y="152" width="600" height="88" fill="{_BAD}"/>')
        parts.append(pen.fit(picture.ended, 210, 42, 560, _BOLD, "#ffffff"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" '
        f'height="{SIZE}" xml:lang="{escape(picture.language)}" font-family="{FAMILY}, sans-serif">'
        f"<title>{escape(_clean(picture.told))}</title>{head}{''.join(parts)}</svg>"
    )


def _name(pen: "_Pen", picture: Picture) -> list[str]:
    """Return the label's name, as large as it fits."""
    for size, most in _NAME_SIZES:
        lines = pen.wrap(picture.name, size, _WIDE, _BOLD)
        if len(lines) <= most:
            break
    else:
        size, most = _NAME_SIZES[-1]
        lines = [*lines[: most - 1], pen.cut(" ".join(lines[most - 1 :]), size, _WIDE, _BOLD)]
    step = size * 1.18
    first = 410 - step * (len(lines) - 1) / 2 + size * 0.34
    return [pen.line(one, first + step * at, size, _BOLD) for at, one in enumerate(lines)]


def _clusters(pen: "_Pen", picture: Picture) -> list[str]:
    if len(picture.clusters) == 2:
        # Of one size: neither of them is the smaller one.
        size = min(30, *(500 / max(pen.width(one, _REGULAR), 0.1) for one in picture.clusters))
        size = max(size, 18)
        return [
            pen.line(
                pen.cut(_clean(one), size, 500, _REGULAR),
                528 + 38 * at,
                round(size, 1),
                _REGULAR,
                _SOFT if picture.ended else _SIDES[at],
            )
            for at, one in enumerate(picture.clusters)
        ]
    lines = pen.wrap(" · ".join(picture.clusters), 22, 500, _REGULAR)
    shown = [*lines[:1], pen.cut(" ".join(lines[1:]), 22, 500, _REGULAR)] if lines[1:] else lines
    return [pen.line(one, 532 + 32 * at, 22, _REGULAR, _SOFT) for at, one in enumerate(shown)]


class _Pen:
    """Writes lines in the middle, by the widths of letters."""

    def __init__(self, widths: dict[int, dict[str, float]]) -> None:
        self._widths = widths

    def width(self, text: str, weight: int) -> float:
        """Return the width of a text in parts of its size."""
        widths = self._widths[weight]
        return sum(widths.get(one, 0.6) for one in text)

    def line(
        self, text: str, y: float, size: float, weight: int = _REGULAR, fill: str = _INK
    ) -> str:
        """Write one line."""
        text = _clean(text)
        return (
            f'<text x="{_MIDDLE:g}" y="{y:g}" text-anchor="middle" font-size="{size:g}" '
            f'font-weight="{weight}" fill="{fill}" direction="{_direction(text)}">{escape(text)}</text>'
        )

    def fit(
        self,
        text: str,
        y: float,
        size: float,
        room: float,
        weight: int = _REGULAR,
        fill: str = _INK,
    ) -> str:
        """Write one line as large as there is room for, cut where that would be too small."""
        text = _clean(text)
        size = max(min(size, room / max(self.width(text, weight), 0.1)), size * 0.62)
        return self.line(self.cut(text, size, room, weight), y, round(size, 1), weight, fill)

    def cut(self, text: str, size: float, room: float, weight: int) -> str:
        """Return a text, or as much of its beginning as there is room for."""
        if self.width(text, weight) * size <= room:
            return text
        while text and self.width(f"{text}…", weight) * size > room:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def wrap(self, text: str, size: float, room: float, weight: int) -> list[str]:
        """Return a text in lines for which there is room; a word too long has a line of its own."""
        lines: list[str] = []
        for word in _clean(text).split():
            both = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(both, weight) * size <= room:
                lines[-1] = both
            else:
                lines.append(self.cut(word, size, room, weight))
        return lines


def _clean(text: str) -> str:
    """Return a text without what XML has no place for and what nobody sees."""
    kept = "".join(" " if one.isspace() else one for one in text)
    return re.sub(" +", " ", "".join(one for one in kept if one.isprintable())).strip()


def _direction(text: str) -> str:
    """Return in which direction a text runs, by its first letter that has one."""
    strong = (unicodedata.bidirectional(one) for one in text)
    found = next((one for one in strong if one in ("L", "R", "AL")), "L")
    return "ltr" if found == "L" else "rtl"
