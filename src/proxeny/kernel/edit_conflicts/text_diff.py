"""Word-by-word comparison of two texts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

#: A word with the space after it: languages without capitals or points are split as well.
_WORD = re.compile(r"\S+\s*|^\s+")
#: Above so many pairs of words, lines are compared first.
_MOST_PAIRS = 400_000
#: An equal stretch longer than this is shortened to its ends.
_LONG, _ENDS = 40, 12


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: the same in both, only in this one, or left out in the middle."""

    text: str
    is_changed: bool = False
    is_gap: bool = False


Span = tuple[str, str, bool]


def compare_words(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts cut into pieces, those marked that the other text does not have.

    Notes
    -----
    Quadratic in the number of words up to about 600; longer texts are matched by lines first, and
    only lines that differ by words.
    """
    spans = list(_spans(one, other))
    return (
        _pieces([(mine, is_equal) for mine, _theirs, is_equal in spans]),
        _pieces([(theirs, is_equal) for _mine, theirs, is_equal in spans]),
    )


def is_shortened(pieces: Sequence[Piece]) -> bool:
    """Return whether something equal was left out."""
    return any(piece.is_gap for piece in pieces)


def _spans(one: str, other: str) -> Iterator[Span]:
    first, second = _WORD.findall(one), _WORD.findall(other)
    if len(first) * len(second) <= _MOST_PAIRS:
        yield from _matched(first, second, is_lines=False)
        return
    for mine, theirs, is_equal in _matched(one.splitlines(True), other.splitlines(True)):
        small = len(_WORD.findall(mine)) * len(_WORD.findall(theirs)) <= _MOST_PAIRS
        if is_equal or not small:
            yield mine, theirs, is_equal
        else:
            yield from _matched(_WORD.findall(mine), _WORD.findall(theirs), is_lines=False)


def _matched(one: Sequence[str], other: Sequence[str], *, is_lines: bool = True) -> Iterator[Span]:
    keys = [[word.strip() for word in words] for words in (one, other)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=is_lines)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        yield "".join(one[start:end]), "".join(other[other_start:other_end]), tag == "equal"


def _pieces(parts: Sequence[tuple[str, bool]]) -> list[Piece]:
    found: list[Piece] = []
    for number, (text, is_equal) in enumerate(parts):
        if not text:
            continue
        if is_equal:
            found += _shorten(text, is_first=number == 0, is_last=number == len(parts) - 1)
        else:
            # The space after a changed word belongs to no change.
            body = text.rstrip()
            found += [
                Piece(body, is_changed=True),
                *([Piece(text[len(body) :])] if body != text else []),
            ]
    return [piece for piece in found if piece.text or piece.is_gap]


def _shorten(text: str, *, is_first: bool, is_last: bool) -> list[Piece]:
    words = _WORD.findall(text)
    if len(words) <= _LONG or (is_first and is_last):
        return [Piece(text)]
    head = "" if is_first else "".join(words[:_ENDS])
    tail = "" if is_last else "".join(words[-_ENDS:])
    return [Piece(head), Piece("", is_gap=True), Piece(tail)]
