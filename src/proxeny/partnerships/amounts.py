"""Sums of money as the reader's language writes them."""

from decimal import Decimal

from babel.numbers import format_currency, format_decimal
from django.utils.translation import get_language


def tell_amount(amount: Decimal, currency: str) -> str:
    """Return a sum with its currency; without cents where nothing follows."""
    digits = None
    if amount == amount.to_integral_value():
        digits = "¤#,##0" if (get_language() or "en").startswith("en") else "#,##0\u00a0¤"
    return format_currency(
        amount, currency, digits, locale=(get_language() or "en").replace("-", "_"),
        currency_digits=digits is None,
    )  # fmt: skip


def tell_rate(rate: Decimal) -> str:
    """Return an exchange rate with all figures that it has."""
    language = (get_language() or "en").replace("-", "_")
    return format_decimal(rate, "#,##0.########", locale=language)
