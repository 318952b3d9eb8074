"""Figures of boards in templates."""

from django import template

from proxeny.insight import telling

register = template.Library()
register.filter("told", telling.tell_value)
register.filter("told_range", telling.tell_range)
register.filter("told_change", telling.tell_change)
register.filter("quarter", telling.tell_quarter)
