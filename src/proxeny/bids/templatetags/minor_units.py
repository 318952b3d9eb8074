"""Sums of a budget in templates."""

from django import template

from proxeny.bids.operations.budgets import to_amount
from proxeny.partnerships.amounts import tell_sum

register = template.Library()


@register.filter
def minor(value: int) -> str:
    """Return minor units as a sum in the reader's language, without its currency."""
    return tell_sum(to_amount(value))
