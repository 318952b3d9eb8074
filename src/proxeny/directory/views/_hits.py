"""Hits as pages show them: the words that were found, marked, and links that sort."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from proxeny.directory.queries import Page
from proxeny.directory.search import Question
from proxeny.folding import fold
from proxeny.kernel.view_helpers import address_with, read_number, sort_links

#: So many letters of a text are shown around the first hit.
_AROUND, _SHOWN = 60, 220
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u064b-\u065f]*[^\W_]*)*")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; `is_hit` if it is a word that was sought."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """The parts of a hit in a list: its name, an extract of its text, and its fields."""

    name: list[Part]
    text: list[Part]
    fields: list[Part]


def tell_hits(question: Question, name: str, text: str, fields: str = "") -> Told:
    """Return a name, the piece of a text around its first hit, and fields, with the hits marked."""
    roots = question.roots
    if not roots:
        return Told([Part(name)], [], [Part(fields)])
    return Told(_parts(name, roots), _parts(_piece(text, roots), roots), _parts(fields, roots))


def _piece(text: str, roots: frozenset[str]) -> str:
    first = next((one.start() for one in _WORD.finditer(text) if _is_hit(one.group(), roots)), None)
    if first is None:
        return ""
    start = text.rfind(" ", 0, max(0, first - _AROUND)) + 1 if first > _AROUND else 0
    piece = text[start : start + _SHOWN]
    if start + _SHOWN < len(text):
        piece = piece[: piece.rfind(" ")] + " …"
    return f"… {piece}" if start else piece


def _parts(text: str, roots: frozenset[str]) -> list[Part]:
    parts, end = [], 0
    for one in _WORD.finditer(text):
        if _is_hit(one.group(), roots):
            parts += [Part(text[end : one.start()]), Part(one.group(), is_hit=True)]
            end = one.end()
    return [part for part in (*parts, Part(text[end:])) if part.text]


def _is_hit(word: str, roots: frozenset[str]) -> bool:
    # The database found it by its stem; a word that begins like it is one of its forms.
    return any(
        part.startswith(root) or (not root.isascii() and root in part)
        for part in fold(word).split()
        for root in roots
    )


def number_of(request: HttpRequest) -> int:
    """Return the number of the page that is asked for."""
    return read_number(request.GET.get("page")) or 1


def order_links(request: HttpRequest, page: Page[Any]) -> dict[str, dict[str, str]]:
    """Return address and present direction by order; only such in which the list can be read."""
    names = {one.removeprefix("-") for one in page.orders}
    links = sort_links(request, names, now=page.order)
    if "best" in links:
        # Nobody looks for the worst.
        links["best"]["url"] = address_with(request, sort="best", page=None)
    return links
