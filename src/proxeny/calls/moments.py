"""Deadlines in words: as clocks in Brussels show them, and as the reader's do."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.calls.rules import BRUSSELS
from proxeny.kernel.zones import city_of, is_same_clock, load_zone


def tell_moment(moment: datetime, zone: str) -> str:
    """Return a moment in Brussels, and in the reader's zone where its clocks show another time."""
    said = _at(moment.astimezone(BRUSSELS), "Europe/Brussels")
    if zone and not is_same_clock(moment, "Europe/Brussels", zone):
        there = _at(moment.astimezone(load_zone(zone)), zone)
        return _("%(brussels)s (%(yours)s)") % {"brussels": said, "yours": there}
    return said


def _at(moment: datetime, zone: str) -> str:
    return _("%(day)s at %(time)s, time in %(city)s") % {
        "day": date_format(moment, "DATE_FORMAT"), "time": date_format(moment, "TIME_FORMAT"),
        "city": city_of(zone),
    }  # fmt: skip
