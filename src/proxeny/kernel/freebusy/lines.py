"""Lines of a calendar (RFC 5545 §3.1), as far as times need them.

Titles, places, descriptions and names are never kept: only lines of a few kinds are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import vDuration
from icalendar.parser import Contentline
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from proxeny.kernel.inbox.timezones import BadClock, Clock, Rule, read_moment
from proxeny.kernel.zones import zone_names

__all__ = ["BrokenEvent", "Line", "Part", "Zones", "read_duration", "read_parts"]

_KEPT = frozenset(
    {
        "UID",
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "RDATE",
        "EXDATE",
        "RECURRENCE-ID",
        "SEQUENCE",
        "STATUS",
        "TRANSP",
        "ATTENDEE",
        "FREEBUSY",
        "X-MICROSOFT-CDO-BUSYSTATUS",
        "X-WR-CALNAME",
        "TZID",
        "TZOFFSETFROM",
        "TZOFFSETTO",
    }
)
_DEEPEST = 5
#: Letters of one line that is taken apart; changes of the clocks of a zone that travels along.
_LONGEST_LINE, _MOST_CHANGES = 200_000, 100
_FOLD = re.compile(r"(?:\r\n|\n|\r)[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}(?=[:;])")
_BREAK = re.compile(r"\r\n|\n|\r")
#: Lotus Notes says once more at what time clocks change.
_NEEDLESS = re.compile(r"(?i)(?<=;)BY(HOUR|MINUTE|SECOND)=\d+;?|;BY(HOUR|MINUTE|SECOND)=\d+$")
_DATE = re.compile(r"\d{8}")
_LOCAL = re.compile(r"\d{8}T\d{6}")


class BrokenEvent(Exception):
    """An event that cannot be read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, not yet taken apart."""

    name: str
    text: str

    def split(self) -> tuple[dict[str, str], str]:
        """Return its parameters and its value; `BrokenEvent` if it has none."""
        if len(self.text) > _LONGEST_LINE:
            raise BrokenEvent
        head, _colon, value = self.text.partition(":")
        if '"' not in head:
            # Nearly all lines are so; the library takes ten times as long.
            pairs = (pair.partition("=") for pair in head.split(";")[1:])
            return {key.upper(): found for key, _, found in pairs}, value.strip()
        try:
            _name, params, value = Contentline(self.text).parts()
        except ValueError:
            raise BrokenEvent from None
        return {str(key).upper(): str(found) for key, found in params.items()}, str(value).strip()

    @property
    def value(self) -> str:
        """Its value."""
        return self.split()[1]


@dataclass(slots=True)
class Part:
    """One component: its name, its lines as far as they are kept, and the components in it."""

    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def all(self, name: str) -> list[Line]:
        """Return the lines of a name that say something."""
        return [line for line in self.lines if line.name == name and line.text[-1] not in ":;"]

    def find(self, name: str) -> Line | None:
        """Return the first line of a name."""
        return next((line for line in self.lines if line.name == name), None)

    def text(self, name: str) -> str:
        """Return the value of the first line of a name, or nothing."""
        line = self.find(name)
        return line.value if line else ""


def read_parts(text: str) -> list[Part] | None:
    """Return the calendars of a file; None if it is none, or not whole."""
    top = Part("")
    path = [top]
    for line in _lines(text):
        if line.name == "BEGIN":
            part = Part(line.text[6:].strip().upper())
            path[-1].parts.append(part)
            path.append(part)
            if len(path) > _DEEPEST:
                return None
        elif line.name == "END":
            if path.pop().name != line.text[4:].strip().upper() or not path:
                return None
        elif line.name in _KEPT:
            path[-1].lines.append(line)
    is_whole = len(path) == 1 and top.parts
    return top.parts if is_whole and {part.name for part in top.parts} == {"VCALENDAR"} else None


def _lines(text: str) -> Iterator[Line]:
    for line in _BREAK.split(_FOLD.sub("", text)):
        name = _NAME.match(line)
        if name:
            yield Line(name[0].upper(), line)


def _read_clocks(calendar: Part) -> dict[str, Clock]:
    """Return the zones that travel along, by name; without those that cannot be followed."""
    found = {}
    for zone in calendar.parts:
        if zone.name == "VTIMEZONE":
            try:
                _check_changes(zone)
                rules = tuple(map(_read_rule, zone.parts))
                name = zone.text("TZID")
            except (BadClock, BrokenEvent):
                continue
            if rules:
                found[name] = Clock(name, rules)
    return found


def _check_changes(zone: Part) -> None:
    """Refuse a zone with more changes than have to be: the known ones are not read from a file."""
    days = sum(line.text.count(",") for part in zone.parts for line in part.all("RDATE"))
    if len(zone.parts) + days > _MOST_CHANGES:
        raise BrokenEvent


def _read_rule(part: Part) -> Rule:
    return Rule.read(
        since=part.text("DTSTART"),
        before=part.text("TZOFFSETFROM"),
        after=part.text("TZOFFSETTO"),
        yearly=_NEEDLESS.sub("", part.text("RRULE")),
        days=",".join(line.value for line in part.all("RDATE")),
    )


class _TravellingZone(tzinfo):
    """A time zone defined by the file itself, or by a vendor's name for a known zone."""

    def __init__(self, name: str, clocks: dict[str, Clock]) -> None:
        @lru_cache(maxsize=4096)
        def offset(local: datetime) -> timedelta:
            instant = read_moment(f"{local:%Y%m%dT%H%M%S}", zone=name, clocks=clocks)
            return local - instant.replace(tzinfo=None)

        self._offset = offset
        offset(datetime(2000, 1, 1))  # noqa: DTZ001 - an unknown zone is reported at once

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None if moment is None else self._offset(moment.replace(tzinfo=None, fold=0))

    def dst(self, _moment: datetime | None) -> None:
        return None

    def tzname(self, _moment: datetime | None) -> None:
        return None


class Zones:
    """The zones of a calendar.

    Parameters
    ----------
    calendar : Part
        With the zones that travel along.
    own : tzinfo
        For whole days and for times that say no zone.
    """

    def __init__(self, calendar: Part, own: tzinfo) -> None:
        self.own = own
        self._clocks = _read_clocks(calendar)
        self._found: dict[str, tzinfo] = {}

    def read_time(
        self, params: dict[str, str], value: str, *, zone: tzinfo | None = None
    ) -> tuple[datetime, bool]:
        """Return an aware moment, and whether it is a whole day.

        Parameters
        ----------
        zone : tzinfo, optional
            Of a time that says none; whole days are always those of the owner.

        Raises
        ------
        BrokenEvent
            Not a time, or in an unknown zone.
        """
        text = value.removesuffix("Z")
        try:
            if _DATE.fullmatch(value):
                return datetime.strptime(value, "%Y%m%d").replace(tzinfo=self.own), True
            if not _LOCAL.fullmatch(text):
                raise BrokenEvent
            local = datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007
        except ValueError:
            raise BrokenEvent from None
        if text != value:
            return local.replace(tzinfo=UTC), False
        name = params.get("TZID", "").strip()
        return local.replace(tzinfo=self._find(name) if name else zone or self.own), False

    def _find(self, name: str) -> tzinfo:
        if name not in self._found:
            known = WINDOWS_TO_OLSON.get(name, name)
            try:
                self._found[name] = (
                    ZoneInfo(known)
                    if known in zone_names()
                    else _TravellingZone(name, self._clocks)
                )
            except BadClock:
                raise BrokenEvent from None
        return self._found[name]


def read_duration(text: str) -> timedelta:
    """Return a duration; `BrokenEvent` if it cannot be read."""
    try:
        length: timedelta = vDuration.from_ical(text)
    except (ValueError, OverflowError):
        raise BrokenEvent from None
    return length
