"""Filters that put stored values into the reader's words."""

from datetime import datetime

from django import template
from django.utils import timezone

from proxeny.kernel.lists import join_items
from proxeny.kernel.percent import add_percent_sign
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.spans import tell_ago
from proxeny.kernel.zones import city_of

register = template.Library()
register.filter("city", city_of)
register.filter("listed", join_items)
register.filter("percent", add_percent_sign)
register.filter("told_name", tell_name)


@register.filter
def ago(moment: datetime | None) -> str:
    """Return how long ago a moment was, in words; empty where there is none."""
    return tell_ago(moment, now=timezone.now()) if moment else ""
