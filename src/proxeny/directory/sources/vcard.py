"""Visiting cards (vCard 2.1, 3.0, 4.0), one or many in a file, as a table of organisations.

A card of a person who names an organisation becomes a row of that organisation with the person as
its contact; a card's notes on the person are left out unless their column is chosen.
"""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any, cast

import vobject
from django.utils.translation import gettext as _
from vobject.base import ParseError, VObjectError

from proxeny.directory.sources.content import Content
from proxeny.directory.sources.encoding import damaged
from proxeny.directory.sources.table import Row, Table
from proxeny.kernel.errors import InvalidInput

#: The columns of a file of cards, by the properties of RFC 6350.
HEADER = [
    "ORG",
    "FN",
    "EMAIL",
    "URL",
    "ADR city",
    "ADR region",
    "ADR country",
    "CATEGORIES",
    "GEO",
    "LANG",
    "NOTE",
    "UID",
]
#: The default field for each property.
MAPPING = {
    "name": "ORG",
    "contact": "FN",
    "email": "EMAIL",
    "website": "URL",
    "city": "ADR city",
    "region": "ADR region",
    "country": "ADR country",
    "sectors": "CATEGORIES",
    "coordinates": "GEO",
    "language": "LANG",
}
_BEGIN = re.compile(r"\ufeff?\s*BEGIN:VCARD\s", re.IGNORECASE)

# It reports each line it cannot read; a card is read without them.
logging.getLogger("vobject.base").setLevel(logging.CRITICAL)


def is_vcard(head: str) -> bool:
    """Whether a text that begins so holds visiting cards."""
    return _BEGIN.match(head) is not None


def open_cards(content: Content, encoding: str) -> Table:
    """Return the cards of a file as a table; its rows are numbered by card."""

    def read() -> Iterator[Row]:
        for number, card in enumerate(_cards(content, encoding), 1):
            if number > content.limits.rows:
                raise InvalidInput(
                    _(
                        "This file has more than %(limit)s cards. Split it and upload the parts "
                        "one after another."
                    )
                    % {"limit": content.limits.rows},
                    field="file",
                )
            yield Row(number, _cells(card))

    return Table(HEADER, 0, read, form="vcard", encoding=encoding)


def _cards(content: Content, encoding: str) -> Iterator[Any]:
    with content.open() as raw:
        unbuffered = cast("io.RawIOBase", raw)
        buffered = raw if isinstance(raw, io.BytesIO) else io.BufferedReader(unbuffered)
        text = io.TextIOWrapper(buffered, encoding)
        try:
            yield from vobject.readComponents(text, ignoreUnreadable=True, allowQP=True)
        except UnicodeError:
            raise damaged(content, encoding) from None
        except (ParseError, VObjectError, ValueError):
            raise InvalidInput(
                _(
                    "A card in this file is never closed: the line END:VCARD is missing. Export "
                    "the cards again and upload the new file."
                ),
                field="file",
            ) from None


def _cells(card: Any) -> list[str]:
    organisation, person = _names(card)
    address = _best(card, "adr")
    place = [getattr(address, name, "") for name in ("city", "region", "country")]
    return [
        organisation,
        "" if person == organisation else person,
        _text(_best(card, "email")).removeprefix("mailto:"),
        _text(_best(card, "url")),
        *(_text(one) for one in place),
        "; ".join(_text(one) for one in _all(card, "categories")),
        _place_on_earth(_text(_best(card, "geo"))),
        _text(_best(card, "lang")),
        _text(_best(card, "note")),
        _text(_best(card, "uid")),
    ]


def _names(card: Any) -> tuple[str, str]:
    person = _text(_best(card, "fn")) or " ".join(str(_best(card, "n") or "").split())
    units = _best(card, "org")
    organisation = _text(units[0] if isinstance(units, list) and units else units)
    is_organisation = "org" in (_text(_best(card, "kind")).lower(), _shows_as(card))
    return organisation or (person if is_organisation else ""), person


def _shows_as(card: Any) -> str:
    return "org" if _text(_best(card, "x-abshowas")).lower() == "company" else ""


def _all(card: Any, name: str) -> list[Any]:
    found: list[Any] = []
    for line in card.contents.get(name, []):
        value = getattr(line, "value", None)
        found.extend(value if isinstance(value, list) and name == "categories" else [value])
    return [one for one in found if one not in (None, "")]


def _best(card: Any, name: str) -> Any:
    # The preferred one of several: PREF=1 in version 4, TYPE=PREF before.
    lines = [line for line in card.contents.get(name, []) if getattr(line, "value", "")]
    return min(lines, key=_rank).value if lines else None


def _rank(line: Any) -> int:
    parameters = getattr(line, "params", {})
    if "PREF" in [one.upper() for one in parameters.get("TYPE", [])]:
        return 0
    told = parameters.get("PREF", ["101"])[0]
    return int(told) if told.isdecimal() and len(told) < 4 else 101


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = ", ".join(_text(one) for one in value)
    return value.strip() if isinstance(value, str) else ""


def _place_on_earth(text: str) -> str:
    # geo:37.98,23.72;u=35 in version 4, 37.98;23.72 before.
    return ",".join(re.findall(r"-?\d+(?:\.\d+)?", text.removeprefix("geo:"))[:2])
