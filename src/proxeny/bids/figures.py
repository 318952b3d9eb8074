"""Sums and months as people type them."""

import re
from decimal import Decimal

from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _

_CENT = Decimal("0.01")
#: Between thousands, in one language or another.
_BETWEEN = re.compile(r"[\s'’_٬]")
_NUMBER = re.compile(r"-?\d{0,20}(?:[.,]\d{1,20})?")
_THREES = {sign: re.compile(rf"-?[1-9]\d{{0,2}}(?:{re.escape(sign)}\d{{3}})+") for sign in ".,"}


def read_figure(text: str) -> Decimal | None:
    """Return a typed number with two decimals; None for an empty one.

    Thousands may be parted as any of our languages does it, and digits may be Arabic ones. One
    point or comma before three digits parts thousands where the reader's language does so; else it
    may mean two things, and is refused.

    Raises
    ------
    ValueError
        It is no number, could be two, or has more than two decimals; the message says what to do.
    """
    bare = _BETWEEN.sub("", text).replace("٫", ",").replace("−", "-")
    if not bare:
        return None
    # Python knows the value of each digit, whatever the script.
    bare = re.sub(r"\d", lambda digit: str(int(digit[0])), bare)
    plain = _without_thousands(bare.rstrip(".,"))
    if not _NUMBER.fullmatch(plain) or plain in ("", "-"):
        example = {"example": write_figure(Decimal("1250.5"))}
        raise ValueError(_("Enter a number, such as %(example)s.") % example)
    whole, _sign, rest = plain.replace(",", ".").partition(".")
    if len(rest.rstrip("0")) > 2:
        raise ValueError(_("Use no more than two decimal places."))
    return Decimal(f"{whole}.{rest or '0'}").quantize(_CENT)


def _without_thousands(bare: str) -> str:
    """Return a number without the signs between its thousands."""
    for sign, other in (".,", ",."):
        whole, _sign, _rest = bare.partition(other)
        if not _THREES[sign].fullmatch(whole):
            continue
        # Several signs of one kind part thousands, and so does one before the other kind.
        if bare.count(sign) == 1 and other not in bare and sign != get_format("THOUSAND_SEPARATOR"):
            raise ValueError(
                _("“%(text)s” can be read in two ways. Leave out the thousands separator.")
                % {"text": bare}
            )
        return bare.replace(sign, "")
    return bare


def write_figure(value: Decimal) -> str:
    """Return a number as somebody would type it; decimals only where there are any, then two."""
    short = value.quantize(Decimal(1) if value == value.to_integral_value() else _CENT)
    return str(number_format(short, use_l10n=True, force_grouping=False))
