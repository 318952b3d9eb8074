"""Expansion of recurring events into occurrences, by `recurring_ical_events`, within bounds."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, tzinfo

from icalendar import Calendar, Event, vDDDLists, vDDDTypes, vRecur
from recurring_ical_events import CalendarQuery

from proxeny.kernel.freebusy.events import APART, Entry, Interval, Surroundings, read_period
from proxeny.kernel.freebusy.lines import Line

__all__ = ["TooMuch", "Unrolling", "split_series"]

#: Steps over days in following all rules of a calendar, and what one more rule, and one more day
#: that it leaves out, cost in steps: about two seconds.
_MOST_STEPS, _A_RULE, _A_DAY = 1_000_000, 200, 5
#: Maximum number of occurrences within the days asked for: about two seconds of work.
_MOST_TIMES = 50_000


class TooMuch(Exception):
    """Rules that take more time than there is."""


def split_series(series: Iterable[list[Entry]]) -> Iterator[list[Entry]]:
    """Yield the parts to be unrolled together: an event with its exceptions.

    Where several events carry one name, those of the latest edition count, each for itself: there
    are makers that name all events alike.
    """
    for entries in series:
        masters = [one for one in entries if one.replaces is None]
        changes = [one for one in entries if one.replaces is not None]
        latest = max((one.sequence for one in masters), default=0)
        current = [one for one in masters if one.sequence == latest]
        if not current and any(one.repeats or one.more for one in changes):
            # Lotus Notes exports what follows as an exception to what it leaves out.
            changes.sort(key=lambda one: not (one.repeats or one.more))
            changes[0].replaces = None
            current = [changes.pop(0)]
        for one in changes:
            # Else its rules say nothing about the rest.
            one.repeats, one.more, one.less = [], [], []
        if current or changes:
            yield current[:1] + changes
        yield from ([one] for one in current[1:])


class Unrolling:
    """Events of a calendar, unrolled as long as it does not take too much."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._steps = self._times = 0

    def unroll(self, entries: list[Entry]) -> Iterator[Interval]:
        """Yield when an event with its exceptions takes time.

        Raises
        ------
        TooMuch
            Its rules would take too long to follow, after all those before it.
        """
        first = entries[0]
        if len(entries) == 1 and not (first.repeats or first.more):
            if first.counts:
                yield _ordered(first.starts_at, first.ends_at)
            return
        if len(entries) == 1 and self._is_over(first):
            return
        self._advance(entries)
        self._spend(entries)
        calendar = Calendar()
        for entry in entries:
            calendar.add_component(_write(self._around, entry, first))
        for found in CalendarQuery(calendar).between(self._around.since, self._around.until):
            if "TRANSP" not in found:
                yield _ordered(found["DTSTART"].dt, found["DTEND"].dt)

    def _is_over(self, entry: Entry) -> bool:
        """Whether nothing of an event reaches into the days asked for."""
        before = self._before(entry)
        rules = [rule.until for rule in entry.repeats]
        return (
            not entry.more
            and entry.starts_at < before
            and all(until is not None and until < before for until in rules)
        )

    def _before(self, entry: Entry) -> datetime:
        return self._around.since - APART - abs(entry.ends_at - entry.starts_at)

    def _advance(self, entries: list[Entry]) -> None:
        """Let an event that repeats begin close to the days asked for.

        Only where nothing else hangs on its beginning: one rule, and no exception that moves all
        that follows.
        """
        first = entries[0]
        if len(first.repeats) != 1 or any(one.moves_later for one in entries):
            return
        length = first.ends_at - first.starts_at
        first.starts_at = first.repeats[0].advance(self._before(first))
        first.ends_at = first.starts_at + length

    def _spend(self, entries: list[Entry]) -> None:
        """Count the cost of following an event before it is followed."""
        since, until = self._before(entries[0]), self._around.until + APART
        times = steps = 0
        for entry in entries:
            steps += _A_RULE + _A_DAY * sum(line.text.count(",") for line in entry.less)
            times += 1 + sum(line.text.count(",") for line in entry.more)
            for rule in entry.repeats:
                steps += _A_RULE + rule.steps(entry.starts_at, until)
                times += rule.most_between(since, until)
        self._steps += steps * (1 + sum(one.moves_later for one in entries))
        self._times += times
        if self._steps > _MOST_STEPS or self._times > _MOST_TIMES:
            raise TooMuch


def _ordered(start: datetime, end: datetime) -> Interval:
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    return min(start, end), max(start, end)


def _write(around: Surroundings, entry: Entry, first: Entry) -> Event:
    """Return an event with nothing but its times."""
    event, zone = Event(), first.starts_at.tzinfo
    event["UID"] = "1"
    event["DTSTART"] = vDDDTypes(entry.starts_at)
    event["DTEND"] = vDDDTypes(entry.ends_at)
    event["SEQUENCE"] = entry.sequence
    if not entry.counts:
        event["TRANSP"] = "TRANSPARENT"
    if entry.repeats:
        event["RRULE"] = [vRecur.from_ical(rule.text) for rule in entry.repeats]
    if entry.more:
        event["RDATE"] = vDDDLists(list(_read_more(around, entry.more, zone)))
    if entry.less:
        event["EXDATE"] = vDDDLists(list(_read_less(around, entry, zone)))
    if entry.replaces is not None:
        params, value = entry.replaces.split()
        event["RECURRENCE-ID"] = vDDDTypes(around.zones.read_time(params, value, zone=zone)[0])
        if entry.moves_later:
            event["RECURRENCE-ID"].params["RANGE"] = "THISANDFUTURE"
    return event


def _read_more(
    around: Surroundings, lines: Iterable[Line], zone: tzinfo | None
) -> Iterator[datetime | Interval]:
    for line in lines:
        params, value = line.split()
        for one in value.split(","):
            if params.get("VALUE", "").upper() == "PERIOD":
                yield read_period(around, params, one, zone)
            else:
                yield around.zones.read_time(params, one.strip(), zone=zone)[0]


def _read_less(
    around: Surroundings, entry: Entry, zone: tzinfo | None
) -> Iterator[datetime | date]:
    for line in entry.less:
        params, value = line.split()
        for one in value.split(","):
            moment, is_day = around.zones.read_time(params, one.strip(), zone=zone)
            # A day left out of an event with hours is all of that day.
            yield moment.date() if is_day and not entry.is_day else moment
