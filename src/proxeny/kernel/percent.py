"""Percentages in the reader's language."""

from django.utils.translation import gettext as _


def add_percent_sign(number: object) -> str:
    """Return a formatted number with the percent sign of the language: 95%, or 95 % in French."""
    return _("%(number)s%%") % {"number": number}
