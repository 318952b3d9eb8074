"""Countries: ISO 3166 codes, their names in the reader's language, and variants in lists."""

from collections.abc import Iterable
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.utils import translation

from proxeny.directory.country_words import (
    inner_names,
    inner_stem,
    name_key,
    other_words,
    stem,
)
from proxeny.folding import fold

#: Languages in which a member list may name a country.
LANGUAGES = ("en", "fr", "el", "ar")
# Two letters in Unicode's list, but no country: unions, outposts, test regions, "unknown".
_NO_COUNTRY = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
#: No name of a country is longer; a longer text is none.
_LONGEST = 120


@cache
def country_codes() -> frozenset[str]:
    """Return the two-letter codes of all countries and territories."""
    territories: Iterable[str] = Locale("en").territories
    return frozenset(
        code
        for code in territories
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    )


@cache
def _names(language: str) -> dict[str, str]:
    try:
        territories = Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        territories = Locale("en").territories
    return {code: territories.get(code, code) for code in country_codes()}


def country_name(code: str, *, language: str | None = None) -> str:
    """Return a country's name in a language (the reader's by default), or the code itself."""
    return _names(language or translation.get_language() or "en").get(code, code)


def country_choices() -> list[tuple[str, str]]:
    """Return code and name of all countries, in the order of the reader's alphabet."""
    names = _names(translation.get_language() or "en")
    return sorted(names.items(), key=lambda pair: fold(pair[1]))


@cache
def _written() -> dict[str, str]:
    found = {
        name_key(name): code for language in LANGUAGES for code, name in _names(language).items()
    }
    for alias, codes in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(codes) == 1:
            found[alias.lower()] = codes[0]
    return found | other_words() | {code.lower(): code for code in country_codes()}


@cache
def _greek_stems() -> dict[str, str]:
    stems: dict[str, set[str]] = {}
    for code, name in _names("el").items():
        stems.setdefault(stem(name_key(name)), set()).add(code)
    return {one: min(codes) for one, codes in stems.items() if one and len(codes) == 1}


def read_country(text: str) -> str | None:
    """Return the ISO code of a country in a list: a code of two or three letters, or a name.

    The name may be the usual, the short or the official one, in any of `LANGUAGES`. Greece is
    stored as `GR` and the United Kingdom as `GB`; the Union's `EL` and `UK` are understood. None
    when no country is meant.
    """
    key, written = name_key(text[:_LONGEST]), _written()
    squeezed = key.replace(" ", "")
    names = [key, *([squeezed] if len(squeezed) <= 3 else []), *inner_names(key)]
    found = next((written[name] for name in names if name in written), None)
    return found or _greek_stems().get(inner_stem(key))
