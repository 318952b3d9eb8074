"""The demo's content, and the templates for its sentences."""

import re
import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

_FOLDER = Path(__file__).parent / "content"
_CHOICE = re.compile(r"\[([^\[\]|]*\|[^\[\]]*)\]")


@cache
def read_content(name: str) -> dict[str, Any]:
    """Return one content file, for instance `clusters`."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def write(template: str, rng: Random, **slots: object) -> str:
    """Return a template's text: one of each `[a|b]`, and the slots filled.

    >>> write("We are {employees} in [Lyon|Lyon].", Random(1), employees=4)
    'We are 4 in Lyon.'
    """
    chosen = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), template)
    for slot, value in slots.items():
        chosen = chosen.replace("{" + slot + "}", str(value))
    return chosen


class Deck[T]:
    """Deals each card once before any comes again, so that no text is used up early."""

    def __init__(self, cards: list[T], rng: Random) -> None:
        self._cards, self._rng, self._left = list(cards), rng, list[T]()

    def deal(self) -> T:
        """Return the next card."""
        if not self._left:
            self._left = list(self._cards)
            self._rng.shuffle(self._left)
        return self._left.pop()
