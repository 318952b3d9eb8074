"""Reading of date-times and time zones in a calendar that arrives by mail.

A zone is identified by an IANA name, by a Windows name, or by rules included in the calendar
(`VTIMEZONE`, RFC 5545 §3.6.5). Rules are evaluated for the year in question and the one before it,
in constant time, whatever they say.
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from proxeny.kernel.zones import zone_names

_MOMENT = re.compile(r"(\d{8})T(\d{6})(Z?)")
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?")
_ON_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Days on which the clocks of a place are changed by hand, in one rule.
_MOST_DAYS = 200
_DAY = timedelta(days=1)


class BadClock(Exception):
    """A time or a zone that cannot be determined exactly."""


@dataclass(frozen=True, slots=True)
class Yearly:
    """On which day of each year: the `nth` such weekday of a month, or the first one from a day
    of the month on (`nth` 0), or that day itself (`weekday` None)."""

    month: int
    weekday: int | None
    nth: int
    day: int

    @classmethod
    def read(cls, text: str) -> "Yearly":
        """Read a recurrence rule; `BadClock` for those that no place on earth needs."""
        said = dict(pair.split("=", 1) for pair in text.upper().split(";") if "=" in pair)
        known = {"FREQ", "BYMONTH", "BYDAY", "BYMONTHDAY", "UNTIL", "WKST", "INTERVAL"}
        month, days = said.get("BYMONTH", ""), said.get("BYMONTHDAY", "")
        on = _ON_DAY.fullmatch(said["BYDAY"]) if "BYDAY" in said else None
        is_plain = said.keys() <= known and said.get("INTERVAL", "1") == "1"
        if (
            not is_plain
            or said.get("FREQ") != "YEARLY"
            or not re.fullmatch(r"0?[1-9]|1[0-2]", month)
            or ("BYDAY" in said and on is None)
            or not re.fullmatch(r"(\d{1,2}(,\d{1,2})*)?", days)
        ):
            raise BadClock("a rule of another kind")
        first = min((int(day) for day in days.split(",") if day), default=0)
        nth = int(on[1] or 0) if on else 0
        if not (first or nth) or first > 31:
            raise BadClock("a rule without a day")
        return cls(int(month), _WEEKDAYS.index(on[2]) if on else None, nth, first)

    def in_year(self, year: int) -> date:
        """Return the day in a year."""
        last = calendar.monthrange(year, self.month)[1]
        if self.weekday is None or not self.nth:
            found = date(year, self.month, min(self.day, last))
            return found if self.weekday is None else _from(found, self.weekday)
        if self.nth > 0:
            found = _from(date(year, self.month, 1), self.weekday)
            return found + (self.nth - 1) * 7 * _DAY
        found = date(year, self.month, last)
        found -= ((found.weekday() - self.weekday) % 7) * _DAY
        return found + (self.nth + 1) * 7 * _DAY


def _from(day: date, weekday: int) -> date:
    return day + ((weekday - day.weekday()) % 7) * _DAY


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule for changing from one offset to another, by the local time before the change."""

    since: datetime
    before: timedelta
    after: timedelta
    yearly: Yearly | None = None
    until: datetime | None = None
    days: tuple[datetime, ...] = ()

    @classmethod
    def read(cls, *, since: str, before: str, after: str, yearly: str, days: str) -> "Rule":
        """Read one part of a `VTIMEZONE`; `BadClock` if it is invalid."""
        until = re.search(r"(?i)UNTIL=([0-9TZ]+)", yearly)
        named = [one.strip() for one in days.split(",") if one.strip()]
        if len(named) > _MOST_DAYS:
            raise BadClock("too many days")
        return cls(
            _local(since),
            _offset(before),
            _offset(after),
            Yearly.read(yearly) if yearly else None,
            _local(f"{until[1].rstrip('Zz')[:8]}T235959") if until else None,
            tuple(map(_local, named)),
        )

    def onsets(self, year: int) -> Iterator[datetime]:
        """Yield when it begins to hold, as far as that matters to a time of a year."""
        yield self.since
        yield from self.days
        if self.yearly is None:
            return
        for one in (year - 1, year):
            onset = datetime.combine(self.yearly.in_year(one), self.since.time())
            if onset >= self.since and (self.until is None or onset <= self.until):
                yield onset


@dataclass(frozen=True, slots=True)
class Clock:
    """A zone by rules that travel along."""

    name: str
    rules: tuple[Rule, ...]

    def instant(self, local: datetime) -> datetime:
        """Return the instant at which these clocks show a time; of two such instants the first."""
        passed = [
            (onset, rule)
            for rule in self.rules
            for onset in rule.onsets(local.year)
            if onset <= local
        ]
        if not passed:
            first = min(self.rules, key=lambda rule: rule.since)
            return (local - first.before).replace(tzinfo=UTC)
        onset, rule = max(passed, key=lambda pair: pair[0])
        # A time that the clocks jump over counts as before the jump (RFC 5545 §3.3.5).
        is_jumped = local < onset + (rule.after - rule.before)
        return (local - (rule.before if is_jumped else rule.after)).replace(tzinfo=UTC)


def read_moment(text: str, *, zone: str, clocks: Mapping[str, Clock]) -> datetime:
    """Return a calendar's time in UTC.

    Parameters
    ----------
    text : str
        `20270315T100000`, or with a `Z` behind it.
    zone : str
        Its `TZID`, or nothing.
    clocks : mapping
        The zones that travel along, by name.

    Raises
    ------
    BadClock
        A whole day, a time without a zone, an unknown zone, or no time at all.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise BadClock("no time of a day")
    local = _local(text.rstrip("Z"))
    try:
        if match[3]:
            return local.replace(tzinfo=UTC)
        known = _find_zone(zone)
        if known is not None:
            return local.replace(tzinfo=known).astimezone(UTC)
        if zone in clocks:
            return clocks[zone].instant(local)
    except (OverflowError, ValueError):
        raise BadClock("beyond all calendars") from None
    raise BadClock("no zone that is known")


def _find_zone(name: str) -> tzinfo | None:
    """Find a zone by its name, also behind a maker's own path (`/maker.example/Europe/Athens`)."""
    parts = name.strip().strip("/").split("/")[-6:]
    names = ["/".join(parts[start:]) for start in range(len(parts))]
    for one in (WINDOWS_TO_OLSON.get(name.strip(), ""), *names):
        if one in zone_names():
            return ZoneInfo(one)
    return None


def _local(text: str) -> datetime:
    try:
        return datetime.strptime(text.strip()[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    except ValueError:
        raise BadClock("no time") from None


def _offset(text: str) -> timedelta:
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        raise BadClock("no offset")
    length = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    if length > timedelta(hours=18):
        raise BadClock("no offset")
    return -length if match[1] == "-" else length
