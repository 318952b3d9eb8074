"""Filters that put what is kept into the reader's words."""

from django import template

from proxeny.kernel.holdings import tell_name
from proxeny.kernel.lists import join_items

register = template.Library()
register.filter("listed", join_items)
register.filter("told_name", tell_name)
