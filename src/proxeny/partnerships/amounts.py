"""Sums of money, rates and spans of days as the reader's language writes them."""

from decimal import Decimal

from babel.numbers import format_currency, format_decimal
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

#: Usual intervals of meetings, in days; the API accepts other numbers.
EVERY = {
    7: _("every week"),
    14: _("every two weeks"),
    30: _("every month"),
    61: _("every two months"),
    91: _("every quarter"),
    182: _("every six months"),
    365: _("every year"),
}


def tell_amount(amount: Decimal, currency: str) -> str:
    """Return a sum with its currency; without cents where nothing follows."""
    digits = None
    if amount == amount.to_integral_value():
        digits = "¤#,##0" if (get_language() or "en").startswith("en") else "#,##0\u00a0¤"
    return format_currency(
        amount,
        currency,
        digits,
        locale=_locale(),
        currency_digits=digits is None,
    )


def tell_sum(amount: Decimal) -> str:
    """Return a sum without its currency; without cents where nothing follows."""
    digits = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    return format_decimal(amount, digits, locale=_locale())


def tell_rounded(value: float, digits: int = 1) -> str:
    """Return a figure rounded to so many digits; Django's `number_format` alone would cut it off."""
    return str(number_format(round(value, digits), digits))


def tell_every(days: int) -> str:
    """Return how often something is, of the days between two."""
    told = ngettext("every %(counter)s day", "every %(counter)s days", days)
    return str(EVERY.get(days) or told % {"counter": days})


def _locale() -> str:
    language = (get_language() or "en").replace("-", "_")
    # As Django writes figures in Arabic: the comma before the decimals.
    return "ar_MA" if language == "ar" else language


def tell_rate(rate: Decimal) -> str:
    """Return an exchange rate with all figures that it has."""
    return format_decimal(rate, "#,##0.########", locale=_locale())
