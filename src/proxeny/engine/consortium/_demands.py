"""Demands of rules and of the wish: who cannot take part at all, and rows over those who can."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.consortium._money import percent_of, sum_of
from proxeny.engine.consortium._profiles import Profiles
from proxeny.engine.consortium.directory import Organisation, Wish
from proxeny.engine.consortium.rules import Count, Only, Rate, Share, Sum, Total

__all__ = ["Row", "build_rows", "coordinators_of", "screen"]

type Bools = NDArray[np.bool_]
_NONE = 10**18


@dataclass(frozen=True, slots=True)
class Row:
    """A demand: the sum of numbers of those who take part lies between two.

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
    numbers: NDArray[np.int64]
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


def _needs_sums(wish: Wish) -> set[Sum]:
    needed: set[Sum] = set()
    if wish.request_most is not None:
        needed.add("request")
    for rule in wish.call.rules:
        if isinstance(rule, Share | Total):
            needed.add(rule.of)
        if isinstance(rule, Share) and rule.base:
            needed.add(rule.base)
    return needed


def screen(organisations: Sequence[Organisation], wish: Wish) -> list[str]:
    """Return for each why it cannot take part, empty if it can."""
    without, sums = set(wish.without), _needs_sums(wish)
    rates = [rule for rule in wish.call.rules if isinstance(rule, Rate)]
    reasons = []
    for one in organisations:
        own = None if one.cost is None or one.request is None else one.cost - one.request
        if one.key in without:
            reason = "without"
        elif one.free_bids == 0:
            reason = "free_bids"
        elif own is not None and one.own_most is not None and own > one.own_most:
            reason = "own_most"
        elif any(sum_of(one, of) is None for of in sums):
            reason = "figures"
        elif own is not None and one.request:
            reason = next((rule.key for rule in rates if _asks_too_much(one, rule)), "")
        else:
            reason = ""
        reasons.append(reason)
    return _screen_rules(organisations, wish, reasons)


def _asks_too_much(one: Organisation, rule: Rate) -> bool:
    percent = percent_of(rule, nonprofit=one.nonprofit)
    return 100 * (one.request or 0) > percent * (one.cost or 0)


def _screen_rules(
    organisations: Sequence[Organisation], wish: Wish, reasons: list[str]
) -> list[str]:
    profiles = Profiles(organisations, wish.call)
    for rule in wish.call.rules:
        if isinstance(rule, Only) and not rule.who.coordinator:
            bad = profiles.matches(rule.who, sure=False)
            bad &= ~profiles.matches(rule.allowed, sure=True)
        elif isinstance(rule, Count) and rule.most == 0 and not rule.who.coordinator:
            bad = profiles.matches(rule.who, sure=False)
        else:
            continue
        for at in np.flatnonzero(bad):
            reasons[at] = reasons[at] or rule.key
    return reasons


def coordinators_of(organisations: Sequence[Organisation], profiles: Profiles, wish: Wish) -> Bools:
    """Return who can coordinate and is what all rules want of a coordinator."""
    able = np.array(
        [one.can_coordinate and one.role == "beneficiary" for one in organisations], dtype=bool
    )
    for rule in wish.call.rules:
        if not rule.who.coordinator:
            continue
        if isinstance(rule, Count) and rule.least:
            able &= profiles.matches(rule.who, sure=True)
        elif isinstance(rule, Only):
            able &= ~profiles.matches(rule.who, sure=False) | profiles.matches(
                rule.allowed, sure=True
            )
    return able


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
    asks = [
        rule for rule in wish.call.rules if rule.who.coordinator and isinstance(rule, Count | Only)
    ]
    if wish.needs_coordinator or any(not isinstance(one, Count) or one.least for one in asks):
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


def _sums(organisations: Sequence[Organisation], of: Sum) -> NDArray[np.int64]:
    return np.array([sum_of(one, of) or 0 for one in organisations], dtype=np.int64)


def _sum_rows(
    rule: Share | Total, organisations: Sequence[Organisation], profiles: Profiles
) -> Iterator[Row]:
    sums = _sums(organisations, rule.of)
    sure = profiles.matches(rule.who, sure=True)
    maybe = profiles.matches(rule.who, sure=False)
    base = _sums(organisations, rule.base or rule.of) if isinstance(rule, Share) else sums
    for place in _places(rule.each, organisations, profiles):
        low, high = sums * (sure & place), sums * (maybe & place)
        if_any = sure & place if rule.each else None
        if isinstance(rule, Total):
            if rule.least:
                yield Row(rule.key, low, least=rule.least, if_any=if_any)
            if rule.most is not None:
                yield Row(rule.key, high, most=rule.most)
            continue
        if rule.least:
            part = Fraction(rule.least) / 100
            numbers = low * part.denominator - base * part.numerator
            yield Row(rule.key, numbers, least=0, if_any=if_any)
        if rule.most < 100:
            part = Fraction(rule.most) / 100
            yield Row(rule.key, high * part.denominator - base * part.numerator, most=0)


def _places(
    each: str, organisations: Sequence[Organisation], profiles: Profiles
) -> Iterator[Bools]:
    """Yield who is of one place each."""
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
