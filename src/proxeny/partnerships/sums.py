"""Validation of amounts of money."""

from decimal import Decimal

from babel.numbers import list_currencies
from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput

#: The largest worth that somebody may state: of a meeting, of a recommendation carried out.
MOST_WORTH = Decimal("999999999999.99")
_CENT = Decimal("0.01")


def clean_currency(text: str) -> str:
    """Return the code of a currency in capitals; `InvalidInput` if there is none (ISO 4217)."""
    code = text.strip().upper()
    if code not in list_currencies():
        raise InvalidInput(
            _("Enter the three-letter currency code, such as EUR."), field="currency"
        )
    return code


def refuse_worth(worth: Decimal) -> None:
    """Refuse a worth that is negative, too large, or finer than a cent."""
    if not worth.is_finite() or not 0 <= worth <= MOST_WORTH:
        raise InvalidInput(
            _("Enter an amount from 0 to 999,999,999,999.99, or leave it empty."), field="worth"
        )
    if worth != worth.quantize(_CENT):
        raise InvalidInput(_("Enter the amount with at most two decimals."), field="worth")
