"""The independent checker: reads a request and an answer and applies every rule afresh.

It shares no code with the search, only the definitions in `model`: it goes through each meeting
minute by minute with the clocks of Python.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from proxeny.engine.booking.model import EASY_MIN, Found, Person, Proposal, Request, Taken

__all__ = ["check_times"]

_MINUTE = timedelta(minutes=1)


def check_times[Key: Hashable](request: Request[Key], found: Found[Key]) -> tuple[str, ...]:
    """Verify an answer against every rule of its request.

    That no other choice is better is not checked, only that this one holds and costs what it says.

    Parameters
    ----------
    request : Request
    found : Found
        What `find_times` answered, or anybody else.

    Returns
    -------
    tuple of str
        One sentence per broken rule, for developers; proposals are counted from 1. Empty: it holds.

    Notes
    -----
    O(proposals · people · (minutes + times taken)).
    """
    errors = [
        f"proposal {number}: {error}"
        for number, proposal in enumerate(found.proposals, 1)
        for error in _check_proposal(request, proposal)
    ]
    return (*errors, *_check_all(request, found))


def _check_all[Key: Hashable](request: Request[Key], found: Found[Key]) -> Iterator[str]:
    count, zone = len(found.proposals), ZoneInfo(request.zone)
    expected = "none" if not count else "fewer" if count < request.wanted else "enough"
    if found.status != expected:
        yield f"status: {count} of {request.wanted} proposals are {expected}, not {found.status}"
    if count > request.wanted:
        yield f"there are {count} proposals for {request.wanted} wanted"
    starts = [one.starts_at for one in found.proposals]
    if starts != sorted(set(starts)):
        yield "proposals are not in the order of their starts"
    days = Counter(start.astimezone(zone).date() for start in starts)
    if days and max(days.values()) > request.per_day:
        yield f"there are {max(days.values())} proposals on one day"
    for one, other in combinations(found.proposals, 2):
        same_day = len({p.starts_at.astimezone(zone).date() for p in (one, other)}) == 1
        if same_day and one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            yield f"the proposals at {one.starts_at} and {other.starts_at} overlap"


def _check_proposal[Key: Hashable](request: Request[Key], one: Proposal[Key]) -> Iterator[str]:
    if one.starts_at.tzinfo is not UTC or one.ends_at.tzinfo is not UTC:
        yield "its times are not in UTC"
    if one.ends_at - one.starts_at != request.duration_min * _MINUTE:
        yield "it does not last as long as the meeting"
    yield from _check_start(request, one)
    for person in request.people:
        for error in _check_person(request, person, one):
            yield f"{person.key!r}: {error}"
    yield from _check_cost(request, one)


def _check_start[Key: Hashable](request: Request[Key], one: Proposal[Key]) -> Iterator[str]:
    local = one.starts_at.astimezone(ZoneInfo(request.zone))
    if (local.hour * 60 + local.minute) % request.step_min or local.second or local.microsecond:
        yield f"it does not begin at a round time, but at {local}"
    if one.starts_at < request.first_at.astimezone(UTC):
        yield "it begins before the first moment"
    if one.ends_at > request.last_at.astimezone(UTC):
        yield "it ends after the last moment"
    if one.starts_at < request.now.astimezone(UTC) + request.notice_min * _MINUTE:
        yield "it begins without the notice"
    if any(one.starts_at == start.astimezone(UTC) for start in request.offered):
        yield "it was offered before"


def _check_person[Key: Hashable](
    request: Request[Key], person: Person[Key], one: Proposal[Key]
) -> Iterator[str]:
    zone = ZoneInfo(person.zone)
    for minute in range(request.duration_min):
        local = (one.starts_at + minute * _MINUTE).astimezone(zone)
        at = local.hour * 60 + local.minute
        if local.date() in person.days_off:
            yield f"{local} is on a day off"
        if not any(opens <= at < closes for opens, closes in person.hours.get(local.weekday(), ())):
            yield f"{local} is outside of working hours"
    for taken in person.taken:
        before, after = _spare(request, taken, one)
        if before < timedelta() and after < timedelta():
            yield f"it is too close to what is taken from {taken.starts_at} to {taken.ends_at}"


def _spare[Key: Hashable](
    request: Request[Key], taken: Taken, one: Proposal[Key]
) -> tuple[timedelta, timedelta]:
    """Return what is left if the meeting is after what is taken, and if it is before it."""
    here, there = _ways(request, taken)
    buffer = request.buffer_min * _MINUTE
    return (
        one.starts_at - (taken.ends_at.astimezone(UTC) + here * _MINUTE + buffer),
        taken.starts_at.astimezone(UTC) - (one.ends_at + there * _MINUTE + buffer),
    )


def _ways[Key: Hashable](request: Request[Key], taken: Taken) -> tuple[int, int]:
    if taken.place is None or request.place is None:
        return 0, 0
    matrix = request.travel_min
    return matrix[taken.place][request.place], matrix[request.place][taken.place]


def _check_cost[Key: Hashable](request: Request[Key], one: Proposal[Key]) -> Iterator[str]:
    off_core = tuple((who.key, _off_core(request, who, one.starts_at)) for who in request.people)
    tight = tuple((who.key, _tight(request, who, one)) for who in request.people)
    if one.off_core != off_core:
        yield f"off_core is {off_core}, not {one.off_core}"
    if one.tight != tight:
        yield f"tight is {tight}, not {one.tight}"
    cost = sum(n for _, n in off_core + tight) + max(n for _, n in off_core)
    if one.cost != cost:
        yield f"cost is {cost}, not {one.cost}"


def _off_core[Key: Hashable](request: Request[Key], person: Person[Key], start: datetime) -> int:
    local = start.astimezone(ZoneInfo(person.zone))
    begins = local.hour * 60 + local.minute
    return max(person.core[0] - begins, begins + request.duration_min - person.core[1], 0)


def _tight[Key: Hashable](request: Request[Key], person: Person[Key], one: Proposal[Key]) -> int:
    befores, afters = [EASY_MIN * _MINUTE], [EASY_MIN * _MINUTE]
    for taken in person.taken:
        here, there = _ways(request, taken)
        before, after = _spare(request, taken, one)
        if here and before >= timedelta():
            befores.append(before)
        if there and after >= timedelta():
            afters.append(after)
    # Begun minutes count: -(a // b) rounds up what is missing.
    return sum(-((min(some) - EASY_MIN * _MINUTE) // _MINUTE) for some in (befores, afters))
