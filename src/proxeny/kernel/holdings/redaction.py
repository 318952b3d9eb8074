"""Taking a name and an address out of texts: plain, HTML, iCalendar, and JSON."""

import html
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from icalendar import Calendar

from proxeny.kernel.holdings.declared import ERASED_NAME

#: Stands where a person's address stood; the domain never exists (RFC 2606).
ERASED_ADDRESS = "erased@example.invalid"


def is_telling(name: str) -> bool:
    """Whether a name can be taken out of texts without taking other words out.

    One word in small letters is what programs write ("manager"), or any word.
    """
    return len(name) >= 2 and (" " in name or not name.islower())


def _written(word: str) -> set[str]:
    """Return the ways in which a word stands in plain text, HTML, iCalendar, JSON and addresses."""
    in_calendar = word.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    in_json = json.dumps(word, ensure_ascii=False)[1:-1]
    return {word, html.escape(word), in_calendar, in_json, quote(word, safe="")}


class Redactor:
    """Takes one person's names and addresses out of values.

    Parameters
    ----------
    names, addresses : iterable of str
        What to take out. Case does not matter.
    """

    def __init__(self, names: Iterable[str], addresses: Iterable[str]) -> None:
        # The longest first: "Anna Maria Example" before "Anna Maria".
        self.names = sorted({name for name in names if name.strip()}, key=len, reverse=True)
        self.addresses = sorted({one for one in addresses if one.strip()}, key=len, reverse=True)
        self._exact = {name.casefold() for name in self.names}
        self._name = self._pattern(
            [name for name in self.names if is_telling(name)],
            # Not inside a longer word, an address or a link.
            before=r"(?<![\w@/.=&%?#-])",
            after=r"(?![\w@/=&%#-])",
        )
        self._address = self._pattern(
            self.addresses, before=r"(?<![\w.+%-])", after=r"(?![\w-]|\.\w)"
        )

    @staticmethod
    def _pattern(words: list[str], *, before: str, after: str) -> re.Pattern[str] | None:
        forms = sorted({form for word in words for form in _written(word)}, key=len, reverse=True)
        if not forms:
            return None
        any_of = "|".join(re.escape(form) for form in forms)
        return re.compile(f"{before}(?:{any_of}){after}", re.IGNORECASE)

    def needles(self, *, with_names: bool) -> list[str]:
        """Return what a text that may have to be changed contains, for the database to look for."""
        words = [*self.addresses, *(self.names if with_names else ())]
        return sorted({form for word in words for form in _written(word)})

    def take_out(self, text: str, *, with_names: bool) -> str:
        """Return a text without the addresses and, if asked for, without the names."""
        if text.startswith("BEGIN:VCALENDAR"):
            return self._calendar(text, with_names=with_names)
        if self._address:
            text = self._address.sub(ERASED_ADDRESS, text)
        if with_names and self._name:
            text = self._name.sub(ERASED_NAME, text)
        return text

    def _calendar(self, text: str, *, with_names: bool) -> str:
        # Long lines are folded (RFC 5545 §3.1), in the midst of a name too.
        plain = re.sub(r"\r?\n[ \t]", "", text)
        found = self._address.sub(ERASED_ADDRESS, plain) if self._address else plain
        if with_names and self._name:
            found = self._name.sub(ERASED_NAME, found)
        if found == plain:
            return text
        try:
            return str(Calendar.from_ical(found).to_ical().decode())
        except ValueError:
            return found

    def take_out_of(self, value: Any, *, with_names: bool, whole: bool = False) -> Any:
        """Return a JSON value without them, keys included.

        With `whole`, a name counts where it is all of a text; addresses count anywhere.
        """
        if isinstance(value, str):
            if whole and value.strip().casefold() in self._exact and is_telling(value.strip()):
                return ERASED_NAME
            return self.take_out(value, with_names=with_names and not whole)
        if isinstance(value, list):
            return [self.take_out_of(one, with_names=with_names, whole=whole) for one in value]
        if isinstance(value, dict):
            return {
                str(self.take_out_of(key, with_names=with_names, whole=whole)): self.take_out_of(
                    one, with_names=with_names, whole=whole
                )
                for key, one in value.items()
            }
        return value

    def is_in(self, text: str, *, with_names: bool) -> bool:
        """Whether a text has one of the addresses or names."""
        return self.take_out(text, with_names=with_names) != text
