"""Detection of the type of a column's values."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from proxeny.engine.package._cells import number_pattern, reader_of
from proxeny.engine.package.schema import Field

__all__ = ["MISSING", "Guess", "guess_field", "guess_type", "is_year_label"]

#: Common marks of a missing value.
MISSING = frozenset(
    (
        "",
        "-",
        "–",
        "—",
        "..",
        "...",
        "…",
        ":",
        "NA",
        "N/A",
        "n/a",
        "na",
        "n.a.",
        "NaN",
        "nan",
        "null",
        "NULL",
        "None",
        "none",
        "#N/A",
        "?",
    )
)
_WORDS = (
    ("true", "false"),
    ("yes", "no"),
    ("oui", "non"),
    ("ναι", "όχι"),
    ("نعم", "لا"),
    ("y", "n"),
    ("vrai", "faux"),
)
_YEAR_NAMES = re.compile(
    r"\b(?:year|yr|annee|année|an|jahr|έτος|ετος|χρονιά|سنة|السنة|عام|العام)\b", re.IGNORECASE
)
_FORMATS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m/%d/%Y", "%Y/%m/%d")
_DATE_LIKE = re.compile(r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{2,4}")
_SIGNS = re.compile(r"^[€$£%\s]+|[€$£%\s]+$")
_LIKELY_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Guess:
    """Guessed type of a column, with its certainty.

    Parameters
    ----------
    field : Field
        The column.
    fits : float
        The share of values that are of the type.
    doubt : str
        The reason for a manual check: `day_or_month`, `decimal_or_group`, `outliers`, `empty`; or
        empty.
    missing : frozenset of str
        The marks of a missing value in it, besides the empty text.
    """

    field: Field
    fits: float
    doubt: str = ""
    missing: frozenset[str] = frozenset()


def guess_type(values: Sequence[str]) -> str:
    """Return the type of some values."""
    return guess_field("", values).field.type


def is_year_label(label: str) -> bool:
    """Return whether a column's name is a year."""
    return bool(_LIKELY_YEAR.fullmatch(label.strip()))


def guess_field(
    name: str, values: Sequence[str], *, least: float = 1.0, comma_decimal: bool = False
) -> Guess:
    """Return what a column's values are.

    Parameters
    ----------
    least : float
        The share of values that have to be of a type.
    comma_decimal : bool
        Whether `1,234` is rather one and a bit than a thousand and more.
    """
    given = [value for value in values if value not in MISSING]
    if not given:
        return Guess(Field(name=name), 1.0, "empty")
    missing = frozenset(values) & MISSING - {""}
    for guess in (_guess_plain, _guess_date, _guess_number, _guess_words):
        found = guess(Field(name=name), given, comma_decimal)
        if found and found.fits >= least:
            doubt = found.doubt or ("outliers" if found.fits < 1 else "")
            return replace(found, missing=missing, doubt=doubt)
    return Guess(Field(name=name), 1.0)


def _fits(field: Field, values: Sequence[str]) -> float:
    read = reader_of(field)
    return sum(read(value) is not None for value in values) / len(values)


def _guess_plain(field: Field, values: Sequence[str], comma_decimal: bool) -> Guess | None:
    """Look for the types that are written in one way, the narrowest first."""
    best: Guess | None = None
    for kind in ("datetime", "date", "integer", "number"):
        one = replace(field, type=kind)
        found = Guess(one, _fits(one, values))
        if best is None or found.fits > best.fits:
            best = found
    if best is None or not best.fits:
        return None
    years = best.field.type == "integer" and all(map(_LIKELY_YEAR.fullmatch, values))
    if years and _YEAR_NAMES.search(field.name.replace("_", " ")):
        return Guess(replace(field, type="year"), best.fits)
    return _with_outliers(best, values)


def _with_outliers(best: Guess, values: Sequence[str]) -> Guess:
    """Prefer the other signs of numbers where they leave less unexplained."""
    if best.fits == 1 or best.field.type not in ("integer", "number"):
        return best
    other = _guess_number(replace(best.field, type="string"), values, False)
    return other if other and other.fits > best.fits else best


def _guess_date(field: Field, values: Sequence[str], comma_decimal: bool) -> Guess | None:
    if sum(bool(_DATE_LIKE.fullmatch(value)) for value in values) < len(values) / 2:
        return None
    fits = {form: _fits(replace(field, type="date", format=form), values) for form in _FORMATS}
    form = max(_FORMATS, key=lambda one: fits[one])
    if not fits[form]:
        return None
    unsure = form == "%d/%m/%Y" and fits["%m/%d/%Y"] == fits[form]
    one = replace(field, type="date", format=form)
    return Guess(one, fits[form], "day_or_month" if unsure else "")


def _guess_number(field: Field, values: Sequence[str], comma_decimal: bool) -> Guess | None:
    """Look for numbers with signs for thousands and decimals, and with currencies around them."""
    signs = [
        (".", ","),
        (",", "."),
        (",", ""),
        (",", "\u00a0"),
        (",", "\u202f"),
        (",", " "),
        (".", " "),
        (".", "\u00a0"),
        (".", "'"),
        (".", "’"),
    ]
    if comma_decimal:
        signs.insert(0, (",", ""))
    # On long texts, which are no numbers, the pattern would take long.
    bare = [_SIGNS.sub("", value) if len(value) < 100 else value for value in values]
    is_bare = bare == [value.strip() for value in values]
    best: Guess | None = None
    for decimal, group in [(".", ""), *signs] if not is_bare else signs:
        one = replace(field, type="number", decimal_char=decimal, group_char=group)
        match = number_pattern(one).fullmatch
        fits = sum(bool(match(value)) for value in bare) / len(bare)
        if fits and (best is None or fits > best.fits):
            best = Guess(replace(one, bare_number=is_bare), fits)
    if best is None:
        return None
    return replace(best, doubt=_doubt_signs(best.field, bare))


def _doubt_signs(field: Field, values: Sequence[str]) -> str:
    """Return the doubt, if the sign in all numbers could be read as the other one."""
    sign = field.group_char if field.group_char in (".", ",") else field.decimal_char
    looks = re.compile(rf"[+-]?[0-9]{{1,3}}{re.escape(sign)}[0-9]{{3}}")
    with_sign = [value for value in values if sign in value]
    return "decimal_or_group" if with_sign and all(map(looks.fullmatch, with_sign)) else ""


def _guess_words(field: Field, values: Sequence[str], comma_decimal: bool) -> Guess | None:
    """Look for yes and no in the languages that we know, written as they are here."""
    said = set(values)
    folded: Callable[[str], str] = str.casefold
    for yes, no in _WORDS:
        if {folded(value) for value in said} <= {yes, no}:
            trues = tuple(sorted(value for value in said if folded(value) == yes)) or (yes,)
            falses = tuple(sorted(value for value in said if folded(value) == no)) or (no,)
            one = replace(field, type="boolean")
            if not (said <= set(one.true_values + one.false_values)):
                one = replace(one, true_values=trues, false_values=falses)
            return Guess(one, 1.0)
    return None
