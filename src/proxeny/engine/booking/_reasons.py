"""Obstacles to a time, or to more of them."""

from collections.abc import Hashable, Iterator

import numpy as np

from proxeny.engine.booking._choice import count_proposals
from proxeny.engine.booking._clock import Ints
from proxeny.engine.booking._rules import Starts
from proxeny.engine.booking.model import MOST_WANTED, Gain, Request, Rule

__all__ = ["find_conflict", "find_least", "list_gains"]


def list_gains[Key: Hashable](request: Request[Key], starts: Starts[Key]) -> tuple[Gain[Key], ...]:
    """Return each rule without which there would be more, most first."""
    now = _gain(request, starts, Rule("range"), 0)
    gains = [one for one in _all_gains(request, starts) if _size(one) > _size(now)]
    return tuple(sorted(gains, key=_size, reverse=True))


def _size[Key: Hashable](gain: Gain[Key]) -> tuple[int, int]:
    return gain.proposals, gain.starts


def _all_gains[Key: Hashable](request: Request[Key], starts: Starts[Key]) -> Iterator[Gain[Key]]:
    for number, rule in enumerate(starts.rules):
        yield _gain(request, starts, rule, _given_up(starts, number))
    yield _gain(request, starts, Rule("per_day"), 0, per_day=MOST_WANTED)


def _gain[Key: Hashable](
    request: Request[Key], starts: Starts[Key], rule: Rule[Key], without: int, per_day: int = 0
) -> Gain[Key]:
    suits = (starts.broken & ~without) == 0
    proposals = count_proposals(
        starts.at[suits],
        starts.day[suits],
        duration=request.duration_min * 60,
        wanted=request.wanted,
        per_day=per_day or request.per_day,
    )
    return Gain(rule, int(suits.sum()), proposals)


def _given_up[Key: Hashable](starts: Starts[Key], number: int) -> int:
    """Return the bits of what does not hold without a rule: without times taken, no ways either."""
    rule = starts.rules[number]
    bits = 1 << number
    if rule.code == "taken":
        bits |= 1 << starts.rules.index(Rule("travel", rule.person))
    return bits


def find_least[Key: Hashable](starts: Starts[Key]) -> tuple[tuple[Rule[Key], ...], int]:
    """Return the fewest rules to give up for a start, and how many starts there are then.

    Some start breaks exactly these, so that only the sets that occur need to be compared.
    """
    if not len(starts.at):
        return (), 0
    broken = _without_ways(starts, starts.broken)
    sets = np.unique(broken)
    sizes = np.bitwise_count(sets)
    fewest = sets[sizes == sizes.min()].tolist()
    counts = [_count_without(starts, one) for one in fewest]
    most = max(counts)
    return _named(starts, fewest[counts.index(most)]), most


def _count_without[Key: Hashable](starts: Starts[Key], rules: int) -> int:
    for number in range(len(starts.rules)):
        if rules >> number & 1:
            rules |= _given_up(starts, number)
    return int(((starts.broken & ~rules) == 0).sum())


def find_conflict[Key: Hashable](starts: Starts[Key]) -> tuple[Rule[Key], ...]:
    """Return rules that leave no start between them and none of which can be left out.

    Rules are left out as long as no start appears, those of the request first, then ways, times
    taken, days off and working hours, so that what is said is what is hardest to change.
    """
    if not len(starts.at):
        return (Rule("range"),)
    sets = np.unique(starts.broken)
    keep = (1 << len(starts.rules)) - 1
    order = sorted(range(len(starts.rules)), key=lambda number: _rank(starts.rules[number]))
    for number in order:
        if ((sets & keep & ~(1 << number)) != 0).all():
            keep &= ~(1 << number)
    return _named(starts, keep)


def _rank[Key: Hashable](rule: Rule[Key]) -> int:
    return ("notice", "offered", "travel", "taken", "days_off", "hours").index(rule.code)


def _without_ways[Key: Hashable](starts: Starts[Key], broken: Ints) -> Ints:
    """Return broken rules less the ways to what is taken wherever that is broken itself."""
    for number, rule in enumerate(starts.rules):
        if rule.code == "taken":
            travel = 1 << starts.rules.index(Rule("travel", rule.person))
            broken = np.where(broken >> number & 1, broken & ~travel, broken)
    return broken


def _named[Key: Hashable](starts: Starts[Key], bits: int) -> tuple[Rule[Key], ...]:
    return tuple(rule for number, rule in enumerate(starts.rules) if bits >> number & 1)
