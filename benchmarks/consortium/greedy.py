"""A greedy choice, to hold the engine's beside it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from proxeny.engine.consortium import Organisation, Relation, Wish, propose_consortia

__all__ = ["choose_greedily"]


def choose_greedily(
    organisations: Sequence[Organisation], relations: Sequence[Relation], wish: Wish
) -> int | None:
    """Return what a greedy choice is worth; None if it does not meet the conditions.

    Sides first, then whoever adds most for the money that is left, until nobody adds anything.
    """
    choice = _Choice(relations, wish)
    free = [one for one in organisations if one.free_bids != 0 and one.country != "US"]
    for side, least in wish.sides.items():
        for _ in range(least):
            choice.take([one for one in free if one.side == side])
    choice.take([one for one in free if one.can_coordinate])
    while len(choice.members) < wish.most_members and choice.take(free):
        pass
    return choice.weigh()


class _Choice:
    """Those chosen so far, with what the next one would add."""

    def __init__(self, relations: Sequence[Relation], wish: Wish) -> None:
        self.wish, self.relations = wish, relations
        self.members: list[Organisation] = []
        self.spent = 0
        self._levels = dict.fromkeys((need.key for need in wish.needs), 0)
        self._ties: dict[str, int] = {}
        self._knows: dict[str, dict[str, int]] = defaultdict(dict)
        for one in relations:
            for a, b in ((one.one, one.other), (one.other, one.one)):
                self._knows[a][b] = max(one.level, self._knows[a].get(b, 0))

    def gain(self, one: Organisation) -> int:
        """Return what one would add."""
        weights, knows = self.wish.weights, self._knows[one.key]
        more = weights.fit * one.fit - weights.member
        for need in self.wish.needs:
            more += need.weight * max(0, one.covers.get(need.key, 0) - self._levels[need.key])
        own = max((knows.get(key, 0) for key in self._ties), default=0)
        theirs = sum(max(0, knows.get(key, 0) - tie) for key, tie in self._ties.items())
        return more + weights.relation * (own + theirs)

    def take(self, pool: list[Organisation]) -> bool:
        """Take the best of some whom there is money for; whether somebody was taken."""
        left = (self.wish.request_most or 0) - self.spent
        pool = [one for one in pool if one not in self.members and (one.request or 0) <= left]
        best = max(pool, key=self.gain, default=None)
        if best is None:
            return False
        if self.gain(best) <= 0 and len(self.members) >= self.wish.least_members:
            return False
        self.spent += best.request or 0
        for key, level in best.covers.items():
            self._levels[key] = max(level, self._levels[key])
        knows = self._knows[best.key]
        for key in self._ties:
            self._ties[key] = max(self._ties[key], knows.get(key, 0))
        self._ties[best.key] = max((knows.get(one.key, 0) for one in self.members), default=0)
        self.members.append(best)
        return True

    def weigh(self) -> int | None:
        """Return what they are worth together; None if they do not meet the conditions."""
        keys = [one.key for one in self.members]
        wanted = replace(self.wish, most_members=len(keys), keep=keys, count=1)
        known = [one for one in self.relations if {one.one, one.other} <= set(keys)]
        found = propose_consortia(self.members, wanted, relations=known)
        return found.proposals[0].worth.total if found.proposals else None
