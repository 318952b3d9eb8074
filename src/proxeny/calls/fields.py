"""Labels of a call's fields, and their values as text."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from proxeny.calls.models import Call
from proxeny.calls.rules import BRUSSELS, RULE_SETS
from proxeny.kernel.lists import join_items
from proxeny.kernel.model_fields import column_of

_SUMS = ("budget", "grant_least", "grant_most")


def label_of(name: str) -> str:
    """Return the label of a fact; empty for an unknown one."""
    if name == "own_rules":
        return _("Call-specific conditions")
    try:
        return capfirst(str(column_of(Call, name).verbose_name))
    except FieldDoesNotExist:
        return ""


def tell_fact(name: str, value: Any) -> str:
    """Return a stored value from a history or a report in readable form."""
    if value in (None, "", []):
        return ""
    if name == "rule_set":
        return str(RULE_SETS.get(value, value))
    if name == "part":
        return str(dict(Call.Part.choices).get(value, value))
    if name in ("closes_at", "second_closes_at") and (moment := parse_datetime(str(value))):
        return date_format(moment.astimezone(BRUSSELS), "DATETIME_FORMAT")
    if name == "opens_on" and (day := parse_date(str(value))):
        return date_format(day, "DATE_FORMAT")
    if name in _SUMS:
        return str(number_format(str(value).removesuffix(".00"), force_grouping=True))
    return join_items(value) if isinstance(value, list) else str(value)
