"""Names for the lines of an answer: by their distinguishing dimensions, countries by name."""

from collections.abc import Mapping, Sequence
from functools import cache

from babel import Locale

#: Dimensions whose codes are countries.
_PLACES = {"GEO", "REF_AREA", "LOCATION", "COUNTRY", "GEO_TIME_PERIOD"}
#: Eurostat’s own codes of countries.
_OTHERWISE = {"EL": "GR", "UK": "GB"}
#: What stands beside a line and does not tell it apart, where an answer does not say which is which.
_BESIDE = {
    "COLLECTION",
    "COMPILATION",
    "CONF_STATUS",
    "DECIMALS",
    "DOM_SER_IDS",
    "NAT_TITLE",
    "OBS_STATUS",
    "PUBL_ECB",
    "PUBL_MU",
    "PUBL_PUBLIC",
    "SOURCE_AGENCY",
    "TIME_FORMAT",
    "TITLE",
    "TITLE_COMPL",
    "UNIT_INDEX_BASE",
    "UNIT_MULT",
}
_BETWEEN = " · "
_UNITS = ("UNIT", "UNIT_MEASURE", "CURRENCY")


@cache
def _countries() -> dict[str, str]:
    """Return the alpha-3 codes of countries with their alpha-2 ones."""
    from babel.core import get_global

    aliases = get_global("territory_aliases").items()
    return {code: two[0] for code, two in aliases if len(code) == 3 and code.isalpha()}


def _tell(dimension: str, code: str) -> str:
    """Return the label of a code: a country's English name, any other code unchanged."""
    if dimension.upper() not in _PLACES:
        return code
    two = _OTHERWISE.get(code, _countries().get(code, code))
    return Locale("en").territories.get(two, code) if len(two) == 2 else code


def name_lines(keys: Sequence[Mapping[str, str]]) -> list[str]:
    """Return a name for each line: what differs between them; for a single one, its place or key."""
    names = [name for name in keys[0] if name not in _BESIDE]
    # Two that always go together, as a currency and its unit, say one thing: the first stays.
    columns = {tuple(key.get(name, "") for key in keys): name for name in reversed(names)}
    apart = [
        name
        for name in names
        if name in columns.values() and len({key.get(name, "") for key in keys}) > 1
    ]
    if not apart:
        apart = [name for name in names if name.upper() in _PLACES] or names
    told = [_BETWEEN.join(_tell(name, key.get(name, "")) for name in apart) for key in keys]
    if len(set(told)) == len(told):
        return [one[:200] for one in told]
    return [".".join(key.values())[:200] for key in keys]


def unit_of(facts: Sequence[Mapping[str, str]]) -> str:
    """Return the unit of all lines, in the office's code; empty if they differ."""
    told = {name: {one.get(name, one.get(name.lower(), "")) for one in facts} for name in _UNITS}
    unit = next(
        (next(iter(those)) for those in told.values() if len(those) == 1 and those != {""}), ""
    )
    powers = {one.get("UNIT_MULT", "0") for one in facts}
    power = next(iter(powers)) if len(powers) == 1 else "0"
    return f"10^{power} {unit}".strip()[:80] if unit and power not in ("0", "") else unit[:80]


def tell_name(name: str, language: str) -> str:
    """Return a line's name for a reader: the countries in it in the reader's language."""
    if language == "en":
        return name
    known, own = _by_english_name(), Locale(language).territories
    return _BETWEEN.join(own.get(known.get(part, ""), part) for part in name.split(_BETWEEN))


@cache
def _by_english_name() -> dict[str, str]:
    return {name: code for code, name in Locale("en").territories.items() if len(code) == 2}
