"""Figures in templates."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def figure(value: Decimal | None) -> str:
    """Return a figure in the reader's language, with as many digits as it needs; nothing for none."""
    if value is None:
        return ""
    plain = format(value.normalize(), "f")
    return number_format(Decimal(plain), force_grouping=True)
