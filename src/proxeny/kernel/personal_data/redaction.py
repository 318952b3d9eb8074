"""Taking a name and an address out of texts: plain, HTML, iCalendar, and JSON."""

import html
import json
import re
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any
from urllib.parse import quote

from icalendar.parser import Contentline

from proxeny.kernel.personal_data.declared import ERASED_NAME

#: The placeholder for an erased address; the domain never exists (RFC 2606).
ERASED_ADDRESS = "erased@example.invalid"


class Reach(Enum):
    """The extent to which a name is removed; addresses are removed everywhere."""

    #: Not at all: the text belongs to others.
    ADDRESS = 0
    #: Where it is all of a text, as in `{"name": "Anna Example"}`.
    WHOLE = 1
    #: Anywhere among other words.
    PHRASE = 2
    #: Both, in rows about or by the person: here even a name that is a common word.
    LINKED = 3


def is_telling(name: str) -> bool:
    """Whether a name can be taken out of texts without taking other words out.

    One word in small letters is what programs write ("manager"), or any word.
    """
    return len(name) >= 2 and (" " in name or not name.islower())


def _written(word: str) -> set[str]:
    """Return the forms of a word in plain text, HTML, iCalendar, JSON and URLs."""
    in_calendar = word.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    in_json = json.dumps(word, ensure_ascii=False)[1:-1]
    return {word, html.escape(word), in_calendar, in_json, quote(word, safe="")}


class Redactor:
    """A remover of one person's names and addresses from values.

    Parameters
    ----------
    names, addresses : iterable of str
        What to take out. Case does not matter.
    is_folded : bool
        Whether the names are folded as searchable texts are; then all of them count as telling.
    """

    def __init__(
        self, names: Iterable[str], addresses: Iterable[str], *, is_folded: bool = False
    ) -> None:
        # The longest first: "Anna Maria Example" before "Anna Maria".
        self.names = sorted({name for name in names if name.strip()}, key=len, reverse=True)
        self.addresses = sorted({one for one in addresses if one.strip()}, key=len, reverse=True)
        self._exact = {name.casefold() for name in self.names}
        self._name = self._pattern(
            [name for name in self.names if is_folded or is_telling(name)],
            # Not inside a longer word, an address or a link.
            before=r"(?<![\w@/.=&%?#-])",
            after=r"(?![\w@/=&%#-])",
        )
        self._address = self._pattern(
            self.addresses, before=r"(?<![\w.+%-])", after=r"(?![\w-]|\.\w)"
        )

    def folded(self, fold: Callable[[str], str]) -> "Redactor":
        """Return the same for texts that are kept folded; they hold no addresses."""
        return Redactor({fold(name) for name in self.names if is_telling(name)}, (), is_folded=True)

    @staticmethod
    def _pattern(words: list[str], *, before: str, after: str) -> re.Pattern[str] | None:
        forms = sorted({form for word in words for form in _written(word)}, key=len, reverse=True)
        if not forms:
            return None
        any_of = "|".join(re.escape(form) for form in forms)
        return re.compile(f"{before}(?:{any_of}){after}", re.IGNORECASE)

    def needles(self, reach: Reach) -> list[str]:
        """Return substrings of every text that may have to change, for the database to search."""
        words = [*self.addresses, *(self.names if reach is not Reach.ADDRESS else ())]
        return sorted({form for word in words for form in _written(word)})

    def take_out(self, value: Any, reach: Reach) -> Any:
        """Return a text, or a JSON value with its keys, without them."""
        if isinstance(value, str):
            return self._text(value, reach)
        if isinstance(value, list):
            return [self.take_out(one, reach) for one in value]
        if isinstance(value, dict):
            return {
                self._text(str(key), reach): self.take_out(one, reach) for key, one in value.items()
            }
        return value

    def is_in(self, text: str, reach: Reach) -> bool:
        """Whether a text has one of the addresses or names."""
        return self._text(text, reach) != text

    def _text(self, text: str, reach: Reach) -> str:
        if text.strip().casefold() in self._exact and (
            reach is Reach.LINKED or (reach is Reach.WHOLE and is_telling(text.strip()))
        ):
            return ERASED_NAME
        if text.startswith("BEGIN:VCALENDAR"):
            return self._calendar(text, reach)
        return self._words(text, reach)

    def _words(self, text: str, reach: Reach) -> str:
        if self._address:
            text = self._address.sub(ERASED_ADDRESS, text)
        if self._name and reach in (Reach.PHRASE, Reach.LINKED):
            text = self._name.sub(ERASED_NAME, text)
        return text

    def _calendar(self, text: str, reach: Reach) -> str:
        # Long lines are folded (RFC 5545 §3.1), in the midst of a name too.
        plain = re.sub(r"\r?\n[ \t]", "", text)
        found = self._words(plain, reach)
        if found == plain:
            return text
        # Line by line: a text that only begins like a calendar is no error.
        lines = found.replace("\r\n", "\n").split("\n")
        return "\r\n".join(Contentline(line).to_ical().decode() for line in lines)
