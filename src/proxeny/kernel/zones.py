"""Time zones: their names, and the instant at which the clocks of a place show a time."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput

#: Areas that a form offers, in this order.
_AREAS = (
    "Europe/", "Africa/", "Asia/", "America/", "Australia/", "Atlantic/", "Indian/", "Pacific/",
    "UTC",
)  # fmt: skip


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return the names of all time zones this machine knows."""
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def zone_choices() -> tuple[tuple[str, str], ...]:
    """Return the zones that a form offers, with their names as people read them."""
    names = sorted(zone_names())
    return tuple(
        (name, name.replace("_", " "))
        for area in _AREAS for name in names if name.startswith(area)
    )  # fmt: skip


def city_of(zone: str) -> str:
    """Return a zone's name as people say it.

    Examples
    --------
    >>> city_of("America/New_York")
    'New York'
    """
    return zone.rpartition("/")[2].replace("_", " ")


def is_same_clock(moment: datetime, zone: str, other: str) -> bool:
    """Whether clocks of two zones show the same at a moment; so they do where a zone is unknown."""
    try:
        here, there = (moment.astimezone(load_zone(name)) for name in (zone, other))
    except InvalidInput:
        return True
    return here.utcoffset() == there.utcoffset()


def load_zone(name: str) -> ZoneInfo:
    """Return a time zone by its name.

    Raises
    ------
    InvalidInput
        There is none of this name.
    """
    try:
        if name in zone_names():
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        pass
    raise InvalidInput(
        _("There is no time zone called “%(name)s”. Write for instance Europe/Athens.")
        % {"name": name},
        field="time_zone",
    )


def localise(on: date, at: time, zone: ZoneInfo, *, field: str | None = None) -> datetime:
    """Return the instant at which local clocks show `at`; of two such instants, the first.

    Raises
    ------
    InvalidInput
        The clocks jump over this time on that day; it is told at `field`.
    """
    local = datetime.combine(on, at, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise InvalidInput(
            _("On %(day)s the clocks go forward over %(time)s. Choose another time.")
            % {"day": date_format(on), "time": at.strftime("%H:%M")},
            field=field,
        )
    return instant
