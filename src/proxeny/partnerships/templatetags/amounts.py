"""Sums of money in templates."""

from decimal import Decimal

from django import template

from proxeny.partnerships.amounts import tell_amount, tell_every, tell_rate

register = template.Library()


@register.filter
def amount(value: Decimal | None, currency: str) -> str:
    """Return a sum with its currency in the reader's language; nothing for none."""
    return "" if value is None else tell_amount(value, currency)


register.filter("rate", tell_rate)
register.filter("every", tell_every)
