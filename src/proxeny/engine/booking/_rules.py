"""Rules broken by each start."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.booking._clock import (
    DAY,
    Ints,
    Offsets,
    Spans,
    read_offsets,
    round_times,
    seconds_after,
    seconds_before,
    spans_of_days,
)
from proxeny.engine.booking.model import DAY_MIN, Person, Request, Rule, Taken

__all__ = ["Starts", "Ways", "list_starts", "ways_of"]

type _Flags = NDArray[np.bool_]

_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Starts[Key: Hashable]:
    """All round times between the first and the last moment, and what each of them breaks.

    Parameters
    ----------
    at : ndarray, shape (n,)
        Seconds, rising.
    day : ndarray, shape (n,)
        The local day of the request's zone.
    rules : tuple of Rule
    broken : ndarray, shape (n,)
        Per start the sum of the bits 1 << number of each rule that it breaks.
    clocks : tuple of Offsets
        Of each person.
    """

    at: Ints
    day: Ints
    rules: tuple[Rule[Key], ...]
    broken: Ints
    clocks: tuple[Offsets, ...]


def list_starts[Key: Hashable](request: Request[Key]) -> Starts[Key]:
    """Return all starts with the rules they break.

    Notes
    -----
    With `n` starts, `p` people and `b` times taken, O(p (n + b) log b): each rule is a binary search
    per start.
    """
    first, last = seconds_after(request.first_at), seconds_before(request.last_at)
    days = read_offsets(request.zone, first, max(first, last))
    at = round_times(days, request.step_min * 60)
    at = at[at + request.duration_min * 60 <= last]
    clocks = tuple(read_offsets(one.zone, first, max(first, last)) for one in request.people)
    rules = list(_apply(request, at, clocks))
    broken = np.zeros(len(at), dtype=np.int64)
    for number, (_, breaks) in enumerate(rules):
        broken |= breaks.astype(np.int64) << number
    return Starts(at, days.local(at) // DAY, tuple(rule for rule, _ in rules), broken, clocks)


def _apply[Key: Hashable](
    request: Request[Key], at: Ints, clocks: Sequence[Offsets]
) -> Iterator[tuple[Rule[Key], _Flags]]:
    """Yield each rule with the starts that break it."""
    ends = at + request.duration_min * 60
    notice = seconds_after(request.now) + request.notice_min * 60
    yield Rule("notice"), at < notice
    offered = [seconds_before(one) for one in request.offered]
    yield Rule("offered"), np.isin(at, np.array(offered, dtype=np.int64))
    for person, clock in zip(request.people, clocks, strict=True):
        ways = ways_of(request, person.taken)
        yield Rule("travel", person.key), _meets(at, ends, ways.leaves_by, ways.arrives_at)
        yield Rule("taken", person.key), _meets(at, ends, ways.before, ways.after)
        yield Rule("days_off", person.key), ~_lies_in(at, ends, _days_on(person, clock))
        yield Rule("hours", person.key), ~_lies_in(at, ends, _working(person, clock))


@dataclass(frozen=True, slots=True)
class Ways:
    """Busy times with the travel needed between them and the meeting; shape (b,) each, seconds.

    Parameters
    ----------
    before, after : ndarray
        The latest end, or earliest start, of the meeting without travel.
    leaves_by, arrives_at : ndarray
        The same with travel.
    """

    before: Ints
    after: Ints
    leaves_by: Ints
    arrives_at: Ints


def ways_of[Key: Hashable](request: Request[Key], taken: Sequence[Taken]) -> Ways:
    """Return the times taken with the ways between them and the meeting."""
    buffer = request.buffer_min * 60
    rows = [
        (
            seconds_before(one.starts_at) - buffer,
            seconds_after(one.ends_at) + buffer,
            *_way(request, one),
        )
        for one in taken
    ]
    before, after, there, here = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Ways(before, after, before - there, after + here)


def _way[Key: Hashable](request: Request[Key], one: Taken) -> tuple[int, int]:
    """Return the seconds from the meeting to what is taken, and from that to the meeting."""
    if request.place is None or one.place is None:
        return 0, 0
    there = request.travel_min[request.place][one.place]
    return there * 60, request.travel_min[one.place][request.place] * 60


def _meets(starts: Ints, ends: Ints, lower: Ints, upper: Ints) -> _Flags:
    """Whether something that begins before the end of a meeting is over after its start."""
    order = np.argsort(lower, kind="stable")
    over = np.maximum.accumulate(np.concatenate([[np.iinfo(np.int64).min], upper[order]]))
    found: _Flags = over[np.searchsorted(lower[order], ends, "left")] > starts
    return found


def _lies_in(starts: Ints, ends: Ints, spans: Spans) -> _Flags:
    """Whether a meeting lies in one of the spans."""
    opens, closes = spans
    until = np.concatenate([[np.iinfo(np.int64).min], closes])
    found: _Flags = until[np.searchsorted(opens, starts, "right")] >= ends
    return found


def _days_on[Key: Hashable](person: Person[Key], clock: Offsets) -> Spans:
    off = {(day - _FIRST_DAY).days for day in person.days_off}
    return spans_of_days(clock, lambda day: () if day in off else ((0, DAY_MIN),))


def _working[Key: Hashable](person: Person[Key], clock: Offsets) -> Spans:
    # 1970 began on a Thursday.
    return spans_of_days(clock, lambda day: person.hours.get((day + 3) % 7, ()))
