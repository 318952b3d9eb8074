"""Times that suit everybody, the best of them exactly."""

from collections.abc import Hashable, Iterator

import numpy as np

from proxeny.engine.booking._choice import choose_starts
from proxeny.engine.booking._clock import Ints, moment_of
from proxeny.engine.booking._costs import Costs, cost_starts
from proxeny.engine.booking._reasons import find_conflict, find_least, list_gains
from proxeny.engine.booking._rules import Starts, list_starts
from proxeny.engine.booking.model import Found, Proposal, Request

__all__ = ["find_times"]


def find_times[Key: Hashable](request: Request[Key]) -> Found[Key]:
    """Find the best times for a meeting, or say what is in the way.

    A start suits if every moment of the meeting is within everybody's working hours as their
    clocks show them and on none of their days off, nobody's time is taken, everybody can come from
    whatever they did before and be at whatever they do next, and the request's notice is kept.

    Of the starts that suit, as many are proposed as wanted or possible, no more than `per_day` on a
    day and none overlapping another of its day; of all such choices one on most days, then of least
    cost, then the earliest.

    Parameters
    ----------
    request : Request

    Returns
    -------
    Found
        Always proven: no choice is better. That there is no time is an answer with its reasons.

    Notes
    -----
    Rules are bits, one per rule in a word per start; a rule is a binary search per start. With `n`
    starts, `p` people, `b` times taken, `d` days, `w` proposals wanted and `k` a day:
    O(p (n + b) log b) and O(n k + d w² k) plans; all reasons together O(p n). Days are independent
    of each other but for the number of proposals, which is what the choice is built up over.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from proxeny.engine.booking import Person, Request, find_times
    >>> office = {day: [(540, 1020)] for day in range(5)}
    >>> request = Request(
    ...     people=[
    ...         Person(key="ambassador", zone="Europe/Athens", hours=office),
    ...         Person(key="member", zone="Europe/Paris", hours=office),
    ...         Person(key="stakeholder", zone="America/New_York", hours=office),
    ...     ],
    ...     first_at=datetime(2026, 3, 2, tzinfo=UTC), last_at=datetime(2026, 3, 7, tzinfo=UTC),
    ...     now=datetime(2026, 3, 1, tzinfo=UTC), zone="Europe/Athens",
    ...     duration_min=30, wanted=2,
    ... )
    >>> found = find_times(request)
    >>> [f"{one.starts_at:%a %H:%M} {one.off_core}" for one in found.proposals]
    ["Mon 14:15 (('ambassador', 45), ('member', 0), ('stakeholder', 45))", \
"Tue 14:15 (('ambassador', 45), ('member', 0), ('stakeholder', 45))"]
    """
    starts = list_starts(request)
    suits = starts.broken == 0
    at, day = starts.at[suits], starts.day[suits]
    if not len(at):
        return _nothing(request, starts)
    costs = cost_starts(request, starts, at)
    chosen = choose_starts(
        at,
        day,
        costs.total,
        duration=request.duration_min * 60,
        wanted=request.wanted,
        per_day=request.per_day,
    )
    enough = len(chosen) == request.wanted
    return Found(
        status="enough" if enough else "fewer",
        proposals=tuple(_propose(request, chosen, at, costs)),
        starts=len(at),
        days=len(np.unique(day)),
        gains=() if enough else list_gains(request, starts),
    )


def _nothing[Key: Hashable](request: Request[Key], starts: Starts[Key]) -> Found[Key]:
    least, least_starts = find_least(starts)
    return Found(
        status="none",
        gains=list_gains(request, starts),
        least=least,
        least_starts=least_starts,
        conflict=find_conflict(starts),
    )


def _propose[Key: Hashable](
    request: Request[Key], chosen: tuple[int, ...], at: Ints, costs: Costs
) -> Iterator[Proposal[Key]]:
    keys = [person.key for person in request.people]
    for start, place in zip(chosen, np.searchsorted(at, chosen).tolist(), strict=True):
        yield Proposal(
            starts_at=moment_of(start),
            ends_at=moment_of(start + request.duration_min * 60),
            off_core=tuple(zip(keys, costs.off_core[:, place].tolist(), strict=True)),
            tight=tuple(zip(keys, costs.tight[:, place].tolist(), strict=True)),
            cost=int(costs.total[place]),
        )
