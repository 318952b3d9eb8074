"""Spans of time in words: how long ago something was, and how long something takes."""

import math
from datetime import datetime, timedelta

from babel.dates import format_timedelta
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_DAY = 86_400
#: Units, each with its length in seconds and from how many seconds on it is used. Whole ones are told:
#: a deadline in 2 days and 14 hours is 2 days off, not 3.
_UNITS = (
    ("year", 365 * _DAY, 2 * 365 * _DAY),
    ("month", 30 * _DAY, 2 * 30 * _DAY),
    ("day", _DAY, _DAY),
    ("hour", 3_600, 3_600),
    ("minute", 60, 60),
)


def tell_span(span: timedelta) -> str:
    """Return how long something takes, in the reader's language: "2 days"."""
    return _tell(span, has_direction=False)


def tell_ago(moment: datetime, *, now: datetime) -> str:
    """Return how far a moment is from now, in the reader's language: "2 days ago", "in 2 days"."""
    span = moment - now
    if abs(span) < timedelta(minutes=1):
        return _("just now")
    return _tell(span, has_direction=True)


def _tell(span: timedelta, *, has_direction: bool) -> str:
    seconds = int(abs(span).total_seconds())
    unit, size = next(
        ((name, size) for name, size, least in _UNITS if seconds >= least), ("minute", 60)
    )
    whole = timedelta(seconds=seconds // size * size)
    return format_timedelta(
        whole if span >= timedelta() else -whole,
        granularity=unit,  # type: ignore[arg-type]  # one of its own names, from the table above
        threshold=math.inf,  # no unit above the one that was chosen
        add_direction=has_direction,
        locale=(get_language() or "en").replace("-", "_"),
    )
