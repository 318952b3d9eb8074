"""Countries: ISO 3166 codes, their names in the reader's language, and what lists write instead."""

from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.utils import translation

from proxeny.folding import fold

#: Languages in which a member list may name a country.
LANGUAGES = ("en", "fr", "el", "ar")
# Two letters in Unicode's list, but no country: unions, outposts, test regions, "unknown".
_NO_COUNTRY = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
# The Union's own codes, and short names that no list of official names has.
_ALSO = {
    "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "angleterre": "GB", "ecosse": "GB", "grande bretagne": "GB",
    "el": "GR", "hellas": "GR", "ellada": "GR", "ellas": "GR", "usa": "US",
    "united states of america": "US", "etats unis d amerique": "US", "holland": "NL",
    "the netherlands": "NL", "hollande": "NL", "czech republic": "CZ", "republique tcheque": "CZ",
    "turkey": "TR", "south korea": "KR", "coree": "KR", "ivory coast": "CI", "burma": "MM",
    "macedonia": "MK", "fyrom": "MK", "swaziland": "SZ", "uae": "AE", "kos": "XK",
    "αγγλια": "GB", "μεγαλη βρετανια": "GB", "ηπα": "US", "ολλανδια": "NL", "τσεχια": "CZ",
    "امريكا": "US", "بريطانيا": "GB", "انجلترا": "GB",
}  # fmt: skip


@cache
def country_codes() -> frozenset[str]:
    """Return the two-letter codes of all countries and territories."""
    territories = Locale("en").territories
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
    found = {fold(name): code for language in LANGUAGES for code, name in _names(language).items()}
    for alias, codes in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(codes) == 1:
            found[alias.lower()] = codes[0]
    return found | _ALSO | {code.lower(): code for code in country_codes()}


def read_country(text: str) -> str | None:
    """Return the ISO code for what a list writes: a code of two or three letters, or a name.

    Greece is stored as `GR` and the United Kingdom as `GB`; the Union's `EL` and `UK` are
    understood. None when no country is meant.
    """
    folded = fold(text)
    squeezed = folded.replace(" ", "")
    return _written().get(folded) or (_written().get(squeezed) if len(squeezed) <= 3 else None)
