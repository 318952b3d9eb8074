"""Points as people read and send them."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language_bidi

#: How a form sends that a juror cannot judge an indicator.
CANNOT = "none"


def tell_half(points: Decimal | None) -> str:
    """Return points as people read them, a half as ½; nothing for none."""
    if points is None:
        return ""
    whole, rest = divmod(points, 1)
    if rest != Decimal("0.5"):
        return str(number_format(Decimal(plain_points(points))))
    # Between letters that run from right to left the half would else stand before its whole.
    half = "\u200e½\u200e" if get_language_bidi() else "½"
    return f"{whole:f}{half}" if whole else half


def plain_points(points: Decimal | None) -> str:
    """Return points as a form sends them."""
    return CANNOT if points is None else f"{points.normalize():f}"
