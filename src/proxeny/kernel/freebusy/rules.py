"""Rules by which events repeat (RFC 5545 §3.3.10), as far as they can be followed in bounded time.

What follows a rule walks from its first day to the days asked for, and a rule that never comes true
is walked to the year 9999. So a rule starts close to the days asked for where that changes nothing,
and what is left to walk is counted before a step is taken.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import gcd

from proxeny.kernel.freebusy.lines import BrokenEvent, Zones

__all__ = ["Repeat", "read_repeat"]

_RULE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*")
_LONGEST_RULE = 400
#: Parts that some vendors add without any effect (RFC 7529).
_NEEDLESS = {"RSCALE": "GREGORIAN", "SKIP": "OMIT"}
_NUMBER, _UP_TO_60 = r"0*[1-9]\d{0,5}", r"[0-5]?\d(,[0-5]?\d)*"
_DAY = r"[+-]?(0?[1-9]|[12]\d|3[01])"
_MONTH = r"(0?[1-9]|1[0-2])"
_WEEKDAY = r"([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)"
_SOME = r"[+-]?[1-9]\d{0,2}"
#: Allowed values of each part. A number beyond any calendar would never match.
_PARTS = {
    "FREQ": r"SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY",
    "UNTIL": r"[0-9TZ]+",
    "INTERVAL": _NUMBER,
    "COUNT": _NUMBER,
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
    "BYHOUR": r"([01]?\d|2[0-3])(,([01]?\d|2[0-3]))*",
    "BYMINUTE": _UP_TO_60,
    "BYSECOND": _UP_TO_60,
    "BYDAY": f"{_WEEKDAY}(,{_WEEKDAY})*",
    "BYMONTHDAY": f"{_DAY}(,{_DAY})*",
    "BYMONTH": f"{_MONTH}(,{_MONTH})*",
    "BYSETPOS": f"{_SOME}(,{_SOME})*",
    "BYYEARDAY": f"{_SOME}(,{_SOME})*",
    "BYWEEKNO": f"{_SOME}(,{_SOME})*",
}
_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
_FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
#: Per frequency the length of a period in seconds, its days, and what a step over it costs compared
#: to one over a day.
_PERIODS = {
    "SECONDLY": (1, 1, 1),
    "MINUTELY": (60, 1, 1),
    "HOURLY": (3600, 1, 1),
    "DAILY": (86_400, 1, 1),
    "WEEKLY": (604_800, 7, 2),
    "MONTHLY": (2_419_200, 31, 3),
    "YEARLY": (31_536_000, 366, 20),
}


@dataclass(frozen=True, slots=True)
class Repeat:
    """One rule, taken apart.

    Attributes
    ----------
    said : dict
        What it says, by key; `UNTIL` is in UTC.
    starts_at : datetime
        From when on.
    until : datetime or None
        Its last moment.
    """

    said: dict[str, str]
    starts_at: datetime
    until: datetime | None

    @property
    def text(self) -> str:
        """The rule as RFC 5545 writes it."""
        return ";".join(f"{key}={value}" for key, value in self.said.items())

    @property
    def _every(self) -> int:
        return int(self.said.get("INTERVAL", "1"))

    def _list(self, key: str) -> list[str]:
        return self.said[key].split(",") if key in self.said else []

    def _times(self) -> int:
        """Return how many times of a day it may name."""
        product = 1
        for key in _TIMES:
            product *= max(1, len(self._list(key)))
        return product

    def most_between(self, since: datetime, until: datetime) -> int:
        """Return how often it may come true between two moments, at most."""
        length, days, _cost = _PERIODS[self.said["FREQ"]]
        named = {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYYEARDAY", "BYWEEKNO"} & self.said.keys()
        if not named:
            days = 1
        elif self.said["FREQ"] == "WEEKLY":
            days = min(days, max(1, len(self._list("BYDAY"))))
        periods = (until - since) // timedelta(seconds=length * self._every) + 2
        most = periods * days * self._times()
        return min(most, int(self.said["COUNT"])) if "COUNT" in self.said else most

    def steps(self, start: datetime, end: datetime) -> int:
        """Return how much it takes at most to follow it from a start to a moment."""
        length, _days, cost = _PERIODS[self.said["FREQ"]]
        sure = self._comes_true()
        last = min(end, self.until or end) if sure else _FOREVER
        periods = max(0, (last - start) // timedelta(seconds=length * self._every)) + 1
        if sure and "COUNT" in self.said and "BYMONTH" not in self.said:
            periods = min(periods, 31 * int(self.said["COUNT"]))
        return periods * cost * self._times()

    def _comes_true(self) -> bool:
        """Whether it surely comes true within a few years, again and again."""
        by = {key for key in self.said if key.startswith("BY")}
        frequency = self.said["FREQ"]
        if frequency in {"SECONDLY", "MINUTELY", "HOURLY"}:
            return not by
        if by & {"BYYEARDAY", "BYWEEKNO"} or not self._has_days() or not self._has_places():
            return False
        if frequency == "DAILY" and self._every > 1:
            return not by & {"BYMONTH", "BYMONTHDAY"} and (
                "BYDAY" not in by or gcd(self._every, 7) == 1
            )
        return frequency == "YEARLY" or self._every == 1 or "BYMONTH" not in by

    def _has_days(self) -> bool:
        """Whether every month has the days it names, and they are not at odds with each other."""
        is_long = self.said["FREQ"] in {"MONTHLY", "YEARLY"}
        numbers = [abs(int(one[:-2])) for one in self._list("BYDAY") if len(one) > 2]
        days = [abs(int(one)) for one in self._list("BYMONTHDAY")]
        if numbers and (max(numbers) > 4 or not is_long or days):
            return False
        if is_long and not days and not self._list("BYDAY"):
            days = [self.starts_at.day] if "BYMONTH" in self.said else []
        return not days or (min(days) <= 28 and self.said["FREQ"] != "WEEKLY")

    def _has_places(self) -> bool:
        """Whether there are as many days as the places among them that it names."""
        places = [abs(int(one)) for one in self._list("BYSETPOS")]
        if not places or min(places) == 1:
            return True
        is_plain = self.said["FREQ"] != "DAILY" and "BYMONTHDAY" not in self.said
        return is_plain and min(places) <= len(self._list("BYDAY"))

    def advance(self, before: datetime) -> datetime:
        """Return a start from which it falls on the same days from a moment on.

        A rule that is not counted may begin any number of its own periods later.
        """
        start, frequency = self.starts_at, self.said["FREQ"]
        if "COUNT" in self.said or start >= before:
            return start
        if frequency in {"DAILY", "WEEKLY"}:
            period = timedelta(days=self._every * (7 if frequency == "WEEKLY" else 1))
            return start + max(0, (before - start) // period - 1) * period
        if start.day > 28 or frequency not in {"MONTHLY", "YEARLY"} or "BYWEEKNO" in self.said:
            return start
        months = self._every * (12 if frequency == "YEARLY" else 1)
        passed = (before.year - start.year) * 12 + before.month - start.month
        return _add_months(start, max(0, passed // months - 1) * months)


def _add_months(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1)


def read_repeat(text: str, *, starts_at: datetime, zones: Zones) -> Repeat:
    """Take a rule apart.

    Raises
    ------
    BrokenEvent
        It isn't a rule, or has a part that isn't supported.
    """
    # Some makers write it as if it were a text.
    text = text.upper().replace("\\", "").strip().rstrip(";")
    if len(text) > _LONGEST_RULE or not _RULE.fullmatch(text):
        raise BrokenEvent
    pairs = [pair.split("=", 1) for pair in text.split(";")]
    said = {key: value for key, value in pairs if not _is_needless(key, value)}
    is_known = said.keys() <= _PARTS.keys() and "FREQ" in said
    is_clear = len(dict(pairs)) == len(pairs)
    if not (is_known and is_clear) or not all(
        re.fullmatch(_PARTS[key], value) for key, value in said.items()
    ):
        raise BrokenEvent
    until = None
    if "UNTIL" in said:
        until = _read_until(said["UNTIL"], starts_at, zones)
        said["UNTIL"] = f"{until:%Y%m%dT%H%M%SZ}"
    return Repeat(said, starts_at, until)


def _is_needless(key: str, value: str) -> bool:
    # A count below nothing is how some say that there is none.
    return _NEEDLESS.get(key) == value or (key == "COUNT" and value.startswith("-"))


def _read_until(text: str, starts_at: datetime, zones: Zones) -> datetime:
    """Return the last moment of a rule; a day counts to its end."""
    moment, is_day = zones.read_time({}, text, zone=starts_at.tzinfo)
    if is_day:
        moment = moment.replace(tzinfo=starts_at.tzinfo) + timedelta(days=1, seconds=-1)
    return moment.astimezone(UTC)
