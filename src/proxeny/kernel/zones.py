"""Time zones: their names, and the instant at which the clocks of a place show a time."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale
from babel.core import get_global
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language, get_language_bidi, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput

#: Areas that a form offers, in this order, by the beginnings of their zones' names.
_AREAS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (pgettext_lazy("a part of the world", "Europe"), ("Europe/",)),
    (pgettext_lazy("a part of the world", "Africa"), ("Africa/",)),
    (pgettext_lazy("a part of the world", "Asia"), ("Asia/",)),
    (pgettext_lazy("a part of the world", "Americas"), ("America/",)),
    (pgettext_lazy("a part of the world", "Oceania"), ("Australia/", "Pacific/")),
    (
        pgettext_lazy("a part of the world", "Islands and poles"),
        ("Atlantic/", "Indian/", "Arctic/", "Antarctica/"),
    ),
    (gettext_lazy("Without a place"), ("UTC", "Etc/")),
)

#: Countries with several zones, and one that Unicode's list leaves out: the capital's clocks.
_OF_CAPITALS = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
    "XK": "Europe/Belgrade",
}


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return the names of all time zones this machine knows."""
    return frozenset(available_timezones())


def plain_zone(name: str) -> str:
    """Return the one name of a zone that forms offer, of all that it has had.

    Examples
    --------
    >>> plain_zone("Europe/Kiev")
    'Europe/Kyiv'
    >>> plain_zone("Etc/UTC")
    'UTC'
    """
    found = get_global("zone_aliases").get(name, name)
    return "UTC" if found == "Etc/UTC" else str(found)


@lru_cache(maxsize=1)
def _offered() -> frozenset[str]:
    """Return each zone that there is, under one name."""
    return frozenset(plain_zone(name) for name in zone_names() if "/" in name or name == "UTC")


@cache
def _older_names() -> dict[str, list[str]]:
    """Return the names that a zone had before: some languages keep its place under these."""
    found: dict[str, list[str]] = {}
    for older, name in get_global("zone_aliases").items():
        found.setdefault(name, []).append(older)
    return found


@cache
def names_of_browsers() -> dict[str, str]:
    """Return the zones that browsers call by an older name, with the name that forms offer."""
    kept = Locale.parse("en").time_zones
    return {one: plain_zone(one) for one in get_global("zone_aliases") if one in kept}


@cache
def _places(language: str) -> dict[str, str]:
    """Return the place of each offered zone with its country, in a language."""
    locale = Locale.parse(language, sep="-")
    found = {}
    for zone in _offered():
        city = _city_in(language, zone)
        country = locale.territories.get(get_global("zone_territories").get(zone, ""), "")
        found[zone] = city if country in ("", city) or "/" not in zone else f"{city} · {country}"
        if zone.startswith("Etc/"):
            found[zone] = ""
    return found


def zone_label(zone: str) -> str:
    """Return a zone as a form shows it: its place and what its clocks show now.

    Examples
    --------
    >>> zone_label("Asia/Kolkata")
    'Kolkata · India (UTC+5:30)'
    """
    name = plain_zone(zone)
    place = _places(get_language() or "en").get(name, city_of(name))
    # Isolated, so that its sign stays where it belongs in a script from right to left.
    offset = f"\u2066{_offset(name)}\u2069" if get_language_bidi() else _offset(name)
    return f"{place} ({offset})" if place else offset


def _offset(zone: str) -> str:
    ahead = datetime.now(ZoneInfo(zone)).utcoffset() or timedelta()
    hours, minutes = divmod(abs(ahead) // timedelta(minutes=1), 60)
    sign = "\u2212" if ahead < timedelta() else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def zone_choices(near: Iterable[str] = ()) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Return the zones that a form offers by their places, those of the reader and `near` first.

    Each zone is there once, under its present name. No query.
    """
    # Clocks change at most once an hour: until then what they show is worked out once.
    hour = int(datetime.now(UTC).timestamp()) // 3600
    labels = _labels(get_language() or "en", hour)
    wanted = dict.fromkeys(map(plain_zone, (get_current_timezone_name(), *near)))
    first = [(one, labels[one]) for one in wanted if one in labels]
    rest = [pair for pair in labels.items() if pair not in first]
    areas = [
        (str(label), [pair for pair in rest if pair[0].startswith(begins)])
        for label, begins in _AREAS
    ]
    return [(_("Suggested"), first), *(area for area in areas if area[1])]


@lru_cache(maxsize=16)
def _labels(language: str, hour: int) -> dict[str, str]:
    """Return the label of each offered zone, in the order of the language's alphabet."""
    places = _places(language)

    def order(zone: str) -> tuple[str, timedelta]:
        plain = normalize("NFD", places[zone].casefold())
        ahead = datetime.now(ZoneInfo(zone)).utcoffset() or timedelta()
        return "".join(one for one in plain if not combining(one)), ahead

    return {one: zone_label(one) for one in sorted(_offered(), key=order)}


def city_of(zone: str) -> str:
    """Return a zone's name as people say it, in the language in force.

    Examples
    --------
    >>> city_of("America/New_York")
    'New York'
    """
    return _city_in(get_language() or "en", zone)


@lru_cache(maxsize=2048)
def _city_in(language: str, zone: str) -> str:
    known, name = Locale.parse(language, sep="-").time_zones, plain_zone(zone)
    told = (known.get(one, {}) for one in (name, *_older_names().get(name, ())))
    return next((one["city"] for one in told if one.get("city")), _last_part(zone))


def _last_part(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def zone_of_country(code: str) -> str:
    """Return the time zone of a country, by its code; of one with several, that of its capital.

    UTC for an unknown country.

    Examples
    --------
    >>> zone_of_country("GB")
    'Europe/London'
    >>> zone_of_country("BR")
    'America/Sao_Paulo'
    """
    zones = get_global("territory_zones").get(code, [])
    zone = _OF_CAPITALS.get(code) or (zones[0] if len(zones) == 1 else "")
    return zone if zone in zone_names() else "UTC"


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
        _("There’s no time zone called “%(name)s”. Enter one such as Europe/Athens.")
        % {"name": name},
        field="time_zone",
    )


def localise(on: date, at: time, zone: ZoneInfo, *, field: str | None = None) -> datetime:
    """Return the instant at which local clocks show `at`; of two such instants, the first.

    Raises
    ------
    InvalidInput
        The clocks skip this time on that day; the error is attached to `field`.
    """
    local = datetime.combine(on, at, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise InvalidInput(
            _("On %(day)s the clocks go forward and %(time)s doesn’t exist. Choose another time.")
            % {"day": date_format(on), "time": at.strftime("%H:%M")},
            field=field,
        )
    return instant
