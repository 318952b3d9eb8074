"""Moments in words: by the clock of their own time zone, and by the reader's."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.kernel.zones import city_of, is_same_clock, load_zone


def format_moment(moment: datetime, zone: str, reader_zone: str = "") -> str:
    """Return a moment in a zone, and in the reader's where its clocks show another time."""
    said = _format_in(moment, zone)
    if reader_zone and not is_same_clock(moment, zone, reader_zone):
        return _("%(there)s (%(yours)s)") % {
            "there": said,
            "yours": _format_in(moment, reader_zone),
        }
    return said


def _format_in(moment: datetime, zone: str) -> str:
    local = moment.astimezone(load_zone(zone))
    return _("%(day)s at %(time)s, time in %(city)s") % {
        "day": date_format(local, "DATE_FORMAT"),
        "time": date_format(local, "TIME_FORMAT"),
        "city": city_of(zone),
    }
