"""Drafts, flags, and a text as words with their positions."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from proxeny.folding import fold

#: The name of each part of a text in its flags.
PARTS: dict[str, Any] = {
    "title": _("In one line"),
    "summary": _("In a few sentences"),
    "description": _("Full description"),
    "partner_role": _("Partner’s role"),
    "markets": _("Markets"),
    "technologies": _("Technologies"),
}


@dataclass(frozen=True, slots=True)
class Flag:
    """A point to check: its code, its part of the text, and a sentence about it."""

    code: str
    part: str
    sentence: str

    @property
    def where(self) -> str:
        """The part's name, in the reader's language."""
        return str(PARTS[self.part])


@dataclass(frozen=True)
class Draft:
    """The text of an offer or a need."""

    direction: str
    title: str
    summary: str = ""
    description: str = ""
    partner_role: str = ""
    markets: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    is_anonymous: bool = False

    @cached_property
    def parts(self) -> "dict[str, Words]":
        """All parts as words; keywords stay apart from one another."""
        return {
            "title": Words(self.title),
            "summary": Words(self.summary),
            "description": Words(self.description),
            "partner_role": Words(self.partner_role),
            "markets": Words("\n".join(self.markets)),
            "technologies": Words("\n".join(self.technologies)),
        }


class Words:
    """A text folded word by word, so that matches can be quoted as written."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._spans: list[tuple[int, int]] = []
        self._starts: list[int] = []
        folded, length = [], 0
        for start, end in _spans(text):
            word = fold(text[start:end])
            if not word:
                continue
            self._spans.append((start, end))
            self._starts.append(length)
            folded.append(word)
            length += len(word) + 1
        self.folded = " ".join(folded)

    @property
    def count(self) -> int:
        """The number of words."""
        return len(self._spans)

    def find(self, pattern: re.Pattern[str]) -> Iterator[str]:
        """Yield the matches of a pattern in the folded words, as written."""
        for found in self.places(pattern):
            yield self.written(found.start(), found.end())

    def places(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield where a pattern is found in the folded words."""
        yield from pattern.finditer(self.folded)

    def written(self, start: int, end: int) -> str:
        """Return the original text at a position of the folded words."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, max(start, end - 1)) - 1
        return self.text[self._spans[first][0] : self._spans[last][1]]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words begin and end; marks over a letter, Arabic vowels too, belong to it."""
    start = None
    for place, letter in enumerate(text):
        if letter.isalnum() or (start is not None and _is_mark(letter)):
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(text)


def _is_mark(letter: str) -> bool:
    return letter == "ـ" or unicodedata.combining(letter) != 0


def whole(alternatives: str) -> re.Pattern[str]:
    """Return a pattern that matches only whole folded words."""
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


def quoted(text: str) -> str:
    """Return a match for quotation: on one line, short, and in its own direction."""
    line = " ".join(text.split())
    return f"\u2068{line if len(line) <= 60 else f'{line[:60]}…'}\u2069"
