"""A font reduced to the letters of one picture, cut from the product's own: for PNG and SVG.

The product's fonts are split by script; neither the PNG renderer nor an SVG in an `<img>` can use
them.
"""

import logging
from collections.abc import Iterable
from functools import cache, lru_cache
from io import BytesIO
from typing import Any

from django.contrib.staticfiles import finders

from proxeny.kernel.pdf import unpack_font

FAMILY = "Noto Sans"
WEIGHTS = (400, 700)
#: When each of them says it was made: the first of January 2026, in seconds since 1904.
_WHEN = 3_850_070_400
#: In this order: a letter comes from the first that has it.
_CUTS = (
    "noto-sans-latin",
    "noto-sans-latin-ext",
    "noto-sans-greek",
    "noto-sans-greek-ext",
    "noto-sans-arabic-arabic",
)


@cache
def _path(cut: str) -> str:
    found = finders.find(f"vendor/noto/{cut}-wght-normal.woff2")
    if not isinstance(found, str):
        raise FileNotFoundError(cut)
    return found


@cache
def _letters(cut: str) -> frozenset[int]:
    return frozenset(_open(cut).getBestCmap())


def _open(cut: str) -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(BytesIO(unpack_font(_path(cut))))


@lru_cache(maxsize=512)
def make_font(letters: frozenset[str], weight: int) -> bytes:
    """Return a TrueType font of those letters that the product's fonts have, as WOFF2's plain form.

    Takes some 0.1 s, once for the same letters.
    """
    wanted = {ord(one) for one in letters}
    parts = []
    for cut in _CUTS:
        own = wanted & _letters(cut)
        wanted -= own
        # Spaces and signs alone do not make a script: they came with the first.
        if own:
            parts.append(_cut(cut, own, weight))
    return _join(parts)


def _cut(cut: str, letters: Iterable[int], weight: int) -> bytes:
    from fontTools import subset
    from fontTools.varLib import instancer

    options = subset.Options(notdef_outline=True, layout_features=["*"], name_IDs=[1, 2, 4, 6])
    options.drop_tables += ["STAT", "MVAR", "HVAR", "GDEF"] if cut != _CUTS[-1] else ["STAT"]
    font = _open(cut)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
    font["OS/2"].usWeightClass = weight
    font["name"].setName(FAMILY, 1, 3, 1, 0x409)
    return _write(font)


def _join(parts: list[bytes]) -> bytes:
    if len(parts) == 1:
        return parts[0]
    from fontTools.merge import Merger

    logging.getLogger("fontTools").setLevel(logging.WARNING)
    return _write(Merger().merge([BytesIO(one) for one in parts]))


def _write(font: Any) -> bytes:
    # The same letters give the same bytes on any day.
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = _WHEN
    written = BytesIO()
    font.save(written, reorderTables=None)
    return written.getvalue()


@lru_cache(maxsize=512)
def pack_font(font: bytes) -> bytes:
    """Return a font as WOFF2, the form in which pages carry it."""
    from fontTools.ttLib import TTFont

    packed = TTFont(BytesIO(font))
    packed.flavor = "woff2"
    return _write(packed)


@lru_cache(maxsize=512)
def widths_of(font: bytes) -> dict[str, float]:
    """Return the widths of a font's letters in parts of its size; Arabic ones as isolated forms."""
    from fontTools.ttLib import TTFont

    read = TTFont(BytesIO(font))
    size = read["head"].unitsPerEm
    return {chr(code): read["hmtx"][name][0] / size for code, name in read.getBestCmap().items()}
