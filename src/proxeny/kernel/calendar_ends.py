"""Range of dates accepted from people.

Dates and times in the years 1 and 9999 overflow as soon as they are moved by a day or into another
zone, so forms, API clients and files are limited to this range where their dates are read.
"""

from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


def is_near(day: date) -> bool:
    """Whether a day or a moment lies in a year that calendars reach."""
    return FIRST.year <= day.year <= LAST.year


def explain_far() -> str:
    """Return the sentence for a day out of range."""
    years = {"first": FIRST.year, "last": LAST.year}
    return _("Choose a date between %(first)d and %(last)d.") % years


def _refuse_far(value: date | datetime) -> None:
    if not is_near(value):
        raise ValidationError(explain_far(), code="far")


def hold_forms() -> None:
    """Make every date field of every form refuse years out of range."""
    for field in (forms.DateField, forms.DateTimeField):
        if _refuse_far not in field.default_validators:
            field.default_validators = [*field.default_validators, _refuse_far]
