"""Reading the cells of numbers, places and codes; every refusal is a sentence about one cell."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from proxeny.directory.memberlist.cells import fitting, fold_digits, line_of
from proxeny.directory.models import IdentifierScheme, QualityLabel, Size
from proxeny.directory.vocabularies import EUROSCIVOC, NACE, NUTS, read_code
from proxeny.folding import fold

#: The columns of numbers that registers give; they are read once the row's country is known.
SCHEMES = tuple(str(scheme) for scheme in IdentifierScheme.values)
MAX_SEVERAL = 20
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:[.,]\d+)?")
_WORDS = {
    "size": "micro:micro|tpe|very small|micro enterprise|1 9|0 9|10\n"
    "small:small|petite|petite entreprise|10 49|small enterprise\n"
    "medium:medium|moyenne|50 249|moyenne entreprise|medium sized|medium enterprise\n"
    "large:large|grande|grande entreprise|250|ge|large enterprise",
    "quality_label": "bronze:bronze|bronze label|striving for excellence\n"
    "silver:silver|silver label|argent\ngold:gold|gold label|or|or label",
}


def _names(parts: list[str]) -> list[str]:
    return _limited([fitting(part, 200) for part in parts])


def _limited(found: list[str]) -> list[str]:
    found = list(dict.fromkeys(found))
    if len(found) > MAX_SEVERAL:
        raise ValueError(
            _("This cell lists %(count)s; up to %(limit)s can be kept. Choose the main ones.")
            % {"count": len(found), "limit": MAX_SEVERAL}
        )
    return found


def _codes(scheme: str) -> Callable[[list[str]], list[str]]:
    def read(parts: list[str]) -> list[str]:
        return _limited([read_code(scheme, part) for part in parts])

    return read


def _nuts(text: str) -> str:
    return read_code(NUTS, text)


def _degrees(text: str, most: int) -> float:
    folded = line_of(fold_digits(text)).removesuffix("°").strip()
    found = float(folded.replace(",", ".")) if _NUMBER.fullmatch(folded) else most + 1.0
    if abs(found) > most:
        raise ValueError(
            _(
                "“%(value)s” isn’t a valid location. Enter degrees with a decimal point, such as "
                "37.98. Latitude must be between -90 and 90, longitude between -180 and 180."
            )
            % {"value": text[:60]}
        )
    return found


def _coordinates(text: str) -> tuple[float, float]:
    parts = [part for part in re.split(r"[;\s]+|,(?=\s|[+-]?\d+\.)", text.strip("()[] ")) if part]
    if len(parts) != 2:
        parts = text.strip("()[] ").split(",")
    if len(parts) != 2:
        raise ValueError(
            _("“%(value)s” isn’t a latitude and longitude. Enter them like this: 37.98, 23.72.")
            % {"value": text[:60]}
        )
    return _degrees(parts[0], 90), _degrees(parts[1], 180)


@cache
def _choices(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            choices = (Size if name == "size" else QualityLabel).choices
            found |= {fold(str(label)): value for value, label in choices}
    for line in _WORDS[name].split("\n"):
        value, words = line.split(":")
        found |= {fold(word): value for word in words.split("|")}
    return found


def _size(text: str) -> str:
    folded = fold(text)
    if folded.isdecimal():
        return str(Size.of(int(folded[:9])))
    return _chosen("size", text)


def _quality_label(text: str) -> str:
    if fold(text) in ("no", "none", "non", "no label", "0"):
        return ""
    return _chosen("quality_label", text)


def _chosen(name: str, text: str) -> str:
    found = _choices(name).get(fold(text))
    if found is None:
        choices = Size.choices if name == "size" else QualityLabel.choices
        raise ValueError(
            _("“%(value)s” isn’t one of these: %(choices)s.")
            % {"value": text[:60], "choices": ", ".join(str(label) for _value, label in choices)}
        )
    return found


def _staff(text: str) -> str:
    folded = line_of(fold_digits(text)).replace(",", ".")
    if not re.fullmatch(r"\d{1,4}(?:\.\d{1,2})?", folded):
        raise ValueError(
            _("“%(value)s” isn’t a number of full-time staff. Enter one such as 2.5.")
            % {"value": text[:60]}
        )
    return str(Decimal(folded))


def _number_of_members(text: str) -> int:
    folded = re.sub(r"[ .,'’\u202f](?=\d{3}\b)", "", line_of(fold_digits(text)))
    if not re.fullmatch(r"\d{1,8}", folded):
        raise ValueError(
            _("“%(value)s” isn’t a whole number. Enter digits only, such as 120.")
            % {"value": text[:60]}
        )
    return int(folded)


def _register_number(text: str) -> str:
    return fitting(line_of(text), 80)


LISTS: dict[str, Callable[[list[str]], list[str]]] = {
    "former_names": _names,
    "nace": _codes(NACE),
    "topics": _codes(EUROSCIVOC),
}
READERS: dict[str, Callable[[str], Any]] = {
    "nuts": _nuts,
    "latitude": lambda text: _degrees(text, 90),
    "longitude": lambda text: _degrees(text, 180),
    "coordinates": _coordinates,
    "size": _size,
    "quality_label": _quality_label,
    "staff": _staff,
    "members": _number_of_members,
    **dict.fromkeys(SCHEMES, _register_number),
}
