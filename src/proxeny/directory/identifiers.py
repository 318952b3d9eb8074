"""Register numbers of organisations: parsed as people write them, stored in comparable form.

Check digits are verified, so that a typing error is reported at once; the register itself is not
queried. An identifier as a single text is its register and its number: `vat:EL094259216`.
"""

import re
from collections.abc import Callable, Iterable
from types import ModuleType

import stdnum.exceptions
from django.utils.translation import gettext as _
from stdnum import get_cc_module, lei
from stdnum.eu import vat as eu_vat
from stdnum.fr import siren

from proxeny.directory.models import IdentifierScheme

_SEVERAL = re.compile(r"[;,|\n،؛]")
_FILLING = re.compile(r"[^0-9A-Za-z]")
_LONGEST = 40
#: Entered by people without a number.
_NONE = frozenset("missing none na notapplicable nonapplicable unknown 0 000000000".split())  # noqa: SIM905
#: The letters of Crockford's base 32, in which ROR writes its numbers.
_ROR_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_ROR = re.compile(rf"0[{_ROR_LETTERS}]{{6}}\d\d")
_ROR_ADDRESS = re.compile(r"(?i)^(?:https?://)?(?:www\.)?ror\.org/")
# The suffix of a Swiss or Norwegian number only says that the firm pays the tax.
_TAX_WORDS = re.compile(r"(?<=\d)(?:TVA|MWST|IVA|MVA)$")
#: The format of a country's VAT numbers, by their prefix.
_VAT_SHAPES = {
    "AT": "ATU12345678",
    "BE": "BE0123456789",
    "BG": "BG123456789",
    "CH": "CHE123456789",
    "CY": "CY12345678X",
    "CZ": "CZ12345678",
    "DE": "DE123456789",
    "DK": "DK12345678",
    "EE": "EE123456789",
    "EL": "EL123456789",
    "ES": "ESX12345678",
    "FI": "FI12345678",
    "FR": "FR12345678901",
    "GB": "GB123456789",
    "HR": "HR12345678901",
    "HU": "HU12345678",
    "IE": "IE1234567WA",
    "IT": "IT12345678901",
    "LT": "LT123456789",
    "LU": "LU12345678",
    "LV": "LV12345678901",
    "MA": "MA123456789012345",
    "MT": "MT12345678",
    "NL": "NL123456789B01",
    "NO": "NO123456789",
    "PL": "PL1234567890",
    "PT": "PT123456789",
    "RO": "RO12345678",
    "SE": "SE123456789001",
    "SI": "SI12345678",
    "SK": "SK1234567890",
}
#: Registers that show each number on a page of its own.
_PAGES: dict[str, str] = {
    IdentifierScheme.ROR: "https://ror.org/{}",
    IdentifierScheme.LEI: "https://search.gleif.org/#/record/{}",
}


def read_identifier(scheme: str, text: str, *, country: str = "") -> str:
    """Return a number in its stored form: without spaces and punctuation, with its country.

    Parameters
    ----------
    scheme : str
        One of `IdentifierScheme`.
    text : str
        As somebody wrote it. Empty, "n/a" and the like give an empty text.
    country : str
        ISO 3166 code of the organisation's country, for a number that does not say its own.

    Raises
    ------
    ValueError
        With a sentence that says what is wrong with it.

    Examples
    --------
    >>> read_identifier("vat", "fr 40 303 265 045")
    'FR40303265045'
    >>> read_identifier("national", "552 100 554 00025", country="FR")
    'FR552100554'
    >>> read_identifier("ror", "https://ror.org/05gq02987")
    '05gq02987'
    """
    if not any(map(str.isalnum, text)) or _FILLING.sub("", text).lower() in _NONE:
        return ""
    return _READERS[scheme](text.strip(), country.upper())


def read_several(scheme: str, text: str, *, country: str = "") -> list[str]:
    """Return the numbers of one register in a text: commas, semicolons or lines part them.

    Raises
    ------
    ValueError
        As `read_identifier`.
    """
    found = (read_identifier(scheme, one, country=country) for one in _SEVERAL.split(text))
    return list(dict.fromkeys(number for number in found if number))


def write_key(scheme: str, value: str) -> str:
    """Return an identifier as one text.

    Examples
    --------
    >>> write_key("ror", "05dxps055")
    'ror:05dxps055'
    """
    return f"{scheme}:{value}"


def split_key(key: str) -> tuple[str, str]:
    """Return register and number of an identifier."""
    scheme, _colon, value = key.partition(":")
    return scheme, value


def check_keys(keys: Iterable[str], *, country: str = "") -> list[str]:
    """Return identifiers read and in order, each once.

    Raises
    ------
    ValueError
        As `read_identifier`, and for a register that is not known here.
    """
    found = set()
    for key in keys:
        scheme, value = split_key(key)
        if scheme not in IdentifierScheme.values:
            raise ValueError(_("“%(name)s” isn’t a register we recognise.") % {"name": scheme[:60]})
        if number := read_identifier(scheme, value, country=country):
            found.add(write_key(scheme, number))
    return sorted(found)


def register_name(scheme: str) -> str:
    """Return a register's name in the reader's language."""
    return str(dict(IdentifierScheme.choices).get(scheme, scheme))


def tell_key(key: str) -> str:
    """Return an identifier as people read it."""
    scheme, value = split_key(key)
    return f"{register_name(scheme)} {value}"


def register_page(key: str) -> str:
    """Return the address of the register's page of an identifier; empty where there is none."""
    scheme, value = split_key(key)
    return _PAGES.get(scheme, "").format(value)


def _packed(text: str) -> str:
    # A Greek letter looks like a Latin one and makes another number.
    if any(sign.isalpha() and not sign.isascii() for sign in text) or "<" in text:
        raise ValueError(
            _(
                "“%(value)s” contains characters that aren’t allowed in this kind of number. Use "
                "Latin letters and digits."
            )
            % {"value": text[:60]}
        )
    return _FILLING.sub("", text).upper()


def _vat(text: str, country: str) -> str:
    number = _TAX_WORDS.sub("", _packed(text))
    if number[:2] == "GR":
        number = f"EL{number[2:]}"
    if country and number[:1].isdigit():
        number = ("EL" if country == "GR" else country) + number
    prefix = number[:2]
    if len(prefix) < 2 or not prefix.isalpha():
        raise ValueError(
            _(
                "“%(value)s” is missing its country. A VAT number starts with two letters, such "
                "as %(example)s."
            )
            % {"value": text[:60], "example": _VAT_SHAPES["EL"]}
        )
    example = _VAT_SHAPES.get(prefix, "")
    if prefix == "EL" or prefix.lower() in eu_vat.MEMBER_STATES:
        return _checked(eu_vat, number, text, example)
    module = get_cc_module(prefix.lower(), "vat")
    # Swiss numbers are checked with their tax word; other registers of the world are not known.
    if module and prefix != "CH":
        _checked(module, f"{number[2:]}{'MVA' * (prefix == 'NO')}", text, example)
    return _any_number(number, text)


def _checked(module: ModuleType, number: str, typed: str, example: str) -> str:
    try:
        return str(module.validate(number))
    except stdnum.exceptions.InvalidChecksum:
        raise ValueError(
            _(
                "The check digit of “%(value)s” doesn’t match: one digit is wrong, or two are "
                "swapped."
            )
            % {"value": typed[:60]}
        ) from None
    except stdnum.exceptions.ValidationError:
        raise ValueError(_shape(typed, number, example)) from None


def _shape(typed: str, number: str, example: str) -> str:
    if not example:
        return _("“%(value)s” doesn’t look like this kind of number.") % {"value": typed[:60]}
    return _(
        "“%(value)s” has %(count)s letters and digits but not the right format. A valid number "
        "looks like %(example)s."
    ) % {"value": typed[:60], "count": len(number), "example": example}


def _national(text: str, country: str) -> str:
    number = _packed(text).removeprefix(country)
    if country == "FR":
        # A SIRET is a place of business; the organisation is its first nine digits.
        number = _checked(siren, number[:9] if len(number) == 14 else number, text, "552100554")
    return _any_number(country + number, text)


def _pic(text: str, country: str) -> str:
    number = _packed(text)
    if not re.fullmatch(r"\d{9}", number):
        raise ValueError(_shape(text, number, "999984059"))
    return number


def _ror(text: str, country: str) -> str:
    number = _packed(_ROR_ADDRESS.sub("", text)).lower()
    if not _ROR.fullmatch(number):
        raise ValueError(_shape(text, number, "https://ror.org/05dxps055"))
    value = 0
    for letter in number[:-2]:
        value = value * 32 + _ROR_LETTERS.index(letter)
    # ISO 7064 mod 97-10, as ROR's own documentation of its identifiers gives it.
    if f"{98 - value * 100 % 97:02}" != number[-2:]:
        raise ValueError(
            _(
                "The last two digits of “%(value)s” don’t match the rest: one of its characters "
                "is wrong."
            )
            % {"value": text[:60]}
        )
    return number


def _lei(text: str, country: str) -> str:
    number, example = _packed(text), "529900T8BM49AURSDO55"
    if len(number) != len(example):
        raise ValueError(_shape(text, number, example))
    return _checked(lei, number, text, example)


def _any_number(number: str, typed: str) -> str:
    if not any(sign.isdigit() for sign in number):
        raise ValueError(_("“%(value)s” isn’t a registration number.") % {"value": typed[:60]})
    if len(number) > _LONGEST:
        raise ValueError(
            _(
                "“%(value)s” is too long for a registration number: the limit is %(limit)s "
                "characters."
            )
            % {"value": typed[:60], "limit": _LONGEST}
        )
    return number


_READERS: dict[str, Callable[[str, str], str]] = {
    IdentifierScheme.VAT: _vat,
    IdentifierScheme.PIC: _pic,
    IdentifierScheme.NATIONAL: _national,
    IdentifierScheme.ROR: _ror,
    IdentifierScheme.LEI: _lei,
}
