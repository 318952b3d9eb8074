"""Shares of the places of a round, as people write and read them."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from proxeny.engine.label import Share, read_share
from proxeny.kernel.percent import add_percent_sign


def parse_share(value: Any) -> Share:
    """Return a share from user input, in the reader's language too.

    Raises
    ------
    ValidationError
        With a sentence that says how one is written.
    """
    words = (
        "place",
        "places",
        npgettext("of an award", "place", "places", 1),
        npgettext("of an award", "place", "places", 2),
    )
    try:
        return read_share(value, words=words)
    except ValueError:
        raise ValidationError(
            _("Enter a share such as 1/3 or 33%%, or a number such as 10 places.") % ()
        ) from None


def tell_share(share: Share) -> str:
    """Return a share as the reader writes it."""
    if share.is_places:
        count = share.amount.numerator
        return ngettext("%(count)d place", "%(count)d places", count) % {"count": count}
    if share.is_percent:
        figure = Decimal(str(share)).normalize()
        return add_percent_sign(number_format(Decimal(f"{figure:f}")))
    return str(share)
