"""Demands of rules and of the wish: excluded organisations, and rows over the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.consortium._money import rate_of, sum_of
from proxeny.engine.consortium._profiles import Profiles
from proxeny.engine.consortium.directory import Organisation, Wish
from proxeny.engine.consortium.rules import Count, Only, Rate, Rule, Share, Sum, Total, percent

__all__ = ["Bools", "Ints", "Row", "build_rows", "coordinators_of", "screen", "sums_needed"]

type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]
_NONE = 10**18


@dataclass(frozen=True, slots=True)
class Row:
    """Demand: the sum of the members' numbers lies between two bounds.

    Parameters
    ----------
    name : str
        The demand it belongs to; a demand may have several rows.
    numbers : ndarray
        One each; whole.
    if_any : ndarray of bool, optional
        It holds only if one of these takes part.
    """

    name: str
    numbers: Ints
    least: int = -_NONE
    most: int = _NONE
    if_any: Bools | None = None

    @property
    def has_least(self) -> bool:
        """Whether it asks for something."""
        return self.least > -_NONE

    @property
    def has_most(self) -> bool:
        """Whether it limits something."""
        return self.most < _NONE


def _sums_needed(wish: Wish) -> set[Sum]:
    needed: set[Sum] = set()
    if wish.request_most is not None:
        needed.add("request")
    for rule in wish.call.rules:
        if isinstance(rule, Share | Total):
            needed.add(rule.of)
        if isinstance(rule, Share) and rule.base:
            needed.add(rule.base)
    return needed


def sums_needed(organisations: Sequence[Organisation], wish: Wish) -> list[Ints]:
    """Return each kind of sum that a demand looks at, one number for each organisation."""
    return [_sums(organisations, of) for of in sorted(_sums_needed(wish))]


def screen(organisations: Sequence[Organisation], wish: Wish) -> list[str]:
    """Return for each why it cannot take part, empty if it can; of rules the first it breaks."""
    without, sums = set(wish.without), _sums_needed(wish)
    reasons = []
    for one in organisations:
        own = sum_of(one, "own")
        if one.key in without:
            reason = "without"
        elif one.free_bids == 0:
            reason = "free_bids"
        elif own is not None and one.own_most is not None and own > one.own_most:
            reason = "own_most"
        elif any(sum_of(one, of) is None for of in sums):
            reason = "figures"
        else:
            reason = ""
        reasons.append(reason)
    profiles = Profiles(organisations, wish.call)
    for rule in wish.call.rules:
        if not rule.who.coordinator:
            for at in np.flatnonzero(_break_alone(rule, organisations, profiles)).tolist():
                reasons[at] = reasons[at] or rule.key
    return reasons


def _break_alone(rule: Rule, organisations: Sequence[Organisation], profiles: Profiles) -> Bools:
    """Return the organisations that break a rule by themselves, whatever the other members."""
    if isinstance(rule, Only):
        allowed = profiles.matches(rule.allowed, sure=True)
        return profiles.matches(rule.who, sure=False) & ~allowed
    if isinstance(rule, Count) and rule.most == 0:
        return profiles.matches(rule.who, sure=False)
    if isinstance(rule, Rate):
        bad = profiles.matches(rule.who, sure=False)
        for at in np.flatnonzero(bad).tolist():
            bad[at] = _asks_too_much(organisations[at], rule)
        return bad
    return np.zeros(len(organisations), dtype=bool)


def _asks_too_much(one: Organisation, rule: Rate) -> bool:
    if one.cost is None or not one.request:
        return False
    most = rate_of(rule, nonprofit=one.nonprofit)
    return one.request * most.denominator > one.cost * most.numerator


def coordinators_of(organisations: Sequence[Organisation], profiles: Profiles, wish: Wish) -> Bools:
    """Return possible coordinators: able to coordinate, and meeting all rules on coordinators."""
    able = np.array(
        [one.can_coordinate and one.role == "beneficiary" for one in organisations], dtype=bool
    )
    for rule in wish.call.rules:
        if rule.who.coordinator:
            able &= ~_break_alone(rule, organisations, profiles)
            if _asks_for_coordinator(rule):
                able &= profiles.matches(rule.who, sure=True)
    return able


def _asks_for_coordinator(rule: Rule) -> bool:
    return bool(isinstance(rule, Count) and rule.who.coordinator and rule.least)


def build_rows(
    organisations: Sequence[Organisation],
    profiles: Profiles,
    wish: Wish,
    levels: NDArray[np.int8],
    coordinators: Bools,
    *,
    in_full: bool,
) -> list[Row]:
    """Return all demands but those on different countries as rows.

    Not in full: without those on each participant or group alone, which are as many as there are.
    """
    ones = np.ones(len(organisations), dtype=np.int64)
    rows = [Row("members", ones, wish.least_members, wish.most_members)]
    for side, least in wish.sides.items():
        on = np.array([one.side == side for one in organisations], dtype=np.int64)
        rows.append(Row(f"side:{side}", on, least=least))
    for at, need in enumerate(wish.needs):
        if need.least:
            on = (levels[:, at] > 0).astype(np.int64)
            rows.append(Row(f"need:{need.key}", on, least=need.least))
    if wish.request_most is not None:
        rows.append(Row("request_most", _sums(organisations, "request"), most=wish.request_most))
    if wish.needs_coordinator or any(_asks_for_coordinator(rule) for rule in wish.call.rules):
        rows.append(Row("coordinator", coordinators.astype(np.int64), least=1))
    for rule in wish.call.rules:
        if isinstance(rule, Count) and not rule.who.coordinator:
            rows.extend(_count_rows(rule, profiles))
        elif isinstance(rule, Share | Total) and (
            in_full or rule.each not in ("participant", "group")
        ):
            rows.extend(_sum_rows(rule, organisations, profiles))
    return rows


def _count_rows(rule: Count, profiles: Profiles) -> Iterator[Row]:
    if rule.least:
        sure = profiles.matches(rule.who, sure=True)
        yield Row(rule.key, sure.astype(np.int64), least=rule.least)
    if rule.most:
        maybe = profiles.matches(rule.who, sure=False)
        yield Row(rule.key, maybe.astype(np.int64), most=rule.most)


def _sums(organisations: Sequence[Organisation], of: Sum, times: int = 1) -> Ints:
    """Return sums; an error if all together, so many times, are too large to be compared."""
    sums = [sum_of(one, of) or 0 for one in organisations]
    if sum(map(abs, sums)) * times >= _NONE:
        raise ValueError(f"{of}: sums of {len(sums)} organisations are too large to be compared")
    return np.array(sums, dtype=np.int64)


def _sum_rows(
    rule: Share | Total, organisations: Sequence[Organisation], profiles: Profiles
) -> Iterator[Row]:
    has_own = "own" in (rule.of, getattr(rule, "base", None))
    places = list(_places(rule.each, organisations, profiles))
    sure, maybe = (profiles.matches(rule.who, sure=is_sure) for is_sure in (True, False))
    if rule.least or has_own:
        adds, takes, bound = _compared(rule, rule.least, organisations)
        for place in places:
            on = place & sure
            yield Row(rule.key, adds * on - takes, bound, if_any=on if rule.each else None)
    most = _most_of(rule)
    if most is not None:
        adds, takes, bound = _compared(rule, most, organisations)
        for place in places:
            on = place & maybe
            # Where there is no participant, only sums below 0 could break it.
            if_any = on if rule.each and has_own else None
            yield Row(rule.key, adds * on - takes, most=bound, if_any=if_any)


def _most_of(rule: Share | Total) -> float | None:
    """Return the limit, None if nothing can be above it."""
    if isinstance(rule, Total) or rule.most < 100:
        return rule.most
    return None if rule.of != "own" and rule.base in (None, rule.of) else rule.most


def _compared(
    rule: Share | Total, limit: float, organisations: Sequence[Organisation]
) -> tuple[Ints, Ints, int]:
    """Return what those of a place add, what everybody takes off, and the bound of the difference."""
    if isinstance(rule, Total):
        sums = _sums(organisations, rule.of)
        return sums, np.zeros_like(sums), int(limit)
    part = percent(limit)
    times = 2 * max(part.numerator, part.denominator)
    base = _sums(organisations, rule.base or rule.of, times)
    return _sums(organisations, rule.of, times) * part.denominator, base * part.numerator, 0


def _places(
    each: str, organisations: Sequence[Organisation], profiles: Profiles
) -> Iterator[Bools]:
    """Yield the organisations of each place."""
    count = len(organisations)
    if not each:
        yield np.ones(count, dtype=bool)
    elif each == "country":
        for number in range(len(profiles.countries)):
            yield profiles.country == number
    elif each == "side":
        sides = np.array([one.side for one in organisations])
        for side in sorted(set(sides.tolist()) - {""}):
            yield sides == side
    else:
        if each == "group":
            for number in range(int(profiles.group.max(initial=-1)) + 1):
                yield profiles.group == number
        alone = np.arange(count) if each == "participant" else np.flatnonzero(profiles.group < 0)
        for at in alone.tolist():
            place = np.zeros(count, dtype=bool)
            place[at] = True
            yield place
