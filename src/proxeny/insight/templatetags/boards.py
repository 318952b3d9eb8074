"""Figures of boards in templates."""

from django import template

from proxeny.insight import presenters

register = template.Library()
register.filter("told", presenters.tell_value)
register.filter("told_range", presenters.tell_range)
register.filter("told_change", presenters.tell_change)
register.filter("quarter", presenters.tell_quarter)
