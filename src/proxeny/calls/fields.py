"""How the facts of a call are called, and how a value of one reads."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from proxeny.calls.models import Call
from proxeny.calls.rules import BRUSSELS, RULE_SETS
from proxeny.kernel.lists import join_items

_SUMS = ("budget", "grant_least", "grant_most")


def label_of(name: str) -> str:
    """Return what a fact is called; empty where there is no such fact."""
    if name == "own_rules":
        return _("Own conditions")
    try:
        return capfirst(str(Call._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return ""


def tell_fact(name: str, value: Any) -> str:
    """Return a value as a person reads it, from what a history or a report kept of it."""
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
