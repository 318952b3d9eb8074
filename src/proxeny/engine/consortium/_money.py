"""Sums: shares, ceilings, rates of funding; what is too much, what is too little."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Protocol

from proxeny.engine.consortium.countries import plain_code
from proxeny.engine.consortium.model import Doubt, Gap, Participant
from proxeny.engine.consortium.rules import Each, Rate, Share, Sum, Total

__all__ = [
    "Found",
    "check_rate",
    "check_share",
    "check_total",
    "percent_of",
    "sum_of",
    "unknown_sums",
]


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at sums finds: gaps, those that break it, and the highest or lowest figure."""

    gaps: tuple[Gap, ...]
    counted: tuple[str, ...]
    found: float


class Paid(Protocol):
    """Something with a cost and a request: a participant, an organisation."""

    @property
    def cost(self) -> int | None:
        """In minor units."""

    @property
    def request(self) -> int | None:
        """In minor units."""


def sum_of(one: Paid, of: Sum) -> int | None:
    """Return a participant's cost, request or own contribution; None if it is not known."""
    if of == "cost":
        return one.cost
    if of == "request":
        return one.request
    if one.cost is None or one.request is None:
        return None
    return one.cost - one.request


def unknown_sums(participants: Iterable[Participant], of: Sum) -> tuple[Doubt, ...]:
    """Return whose sums are not known."""
    return tuple(
        Doubt(code="figures", participant=one.key, value=of)
        for one in participants
        if sum_of(one, of) is None
    )


def _places(participants: Sequence[Participant], each: Each) -> dict[str, list[Participant]]:
    """Return participants by what each of them is for a rule; one of no group or side is alone."""
    places: dict[str, list[Participant]] = {}
    for one in participants:
        if each == "country":
            place = plain_code(one.country)
        elif each == "participant":
            place = one.key
        elif each:
            place = getattr(one, each)
            if not place:
                if each == "side":
                    continue
                place = one.key
        else:
            place = ""
        places.setdefault(place, []).append(one)
    if not each:
        places.setdefault("", [])
    return places


def _sum(participants: Iterable[Participant], of: Sum) -> int:
    return sum(sum_of(one, of) or 0 for one in participants)


def check_share(
    rule: Share, everybody: Sequence[Participant], meant: Sequence[Participant]
) -> Found:
    """Return where shares are too low or too high.

    The amount is what has to go from others to them, or from them to others, while the whole stays.
    """
    whole = _sum(everybody, rule.base or rule.of)
    gaps: list[Gap] = []
    shares: list[float] = []
    counted: list[str] = []
    for place, members in sorted(_places(meant, rule.each).items()):
        part = _sum(members, rule.of)
        keys = tuple(one.key for one in members)
        shares.append(100 * part / whole if whole else 0.0)
        little = ceil(Fraction(rule.least) * whole / 100) - part
        much = part - floor(Fraction(rule.most) * whole / 100)
        if little > 0:
            gaps.append(Gap(code="too_little", place=place, participants=keys, amount=little))
        if much > 0:
            gaps.append(Gap(code="too_much", place=place, participants=keys, amount=much))
        if little > 0 or much > 0 or not rule.each:
            counted.extend(keys)
    worst = min(shares, default=0.0) if rule.least else max(shares, default=0.0)
    return Found(tuple(gaps), tuple(counted), round(worst, 2))


def check_total(rule: Total, meant: Sequence[Participant]) -> Found:
    """Return where sums are too low or too high."""
    gaps: list[Gap] = []
    sums: list[int] = []
    counted: list[str] = []
    for place, members in sorted(_places(meant, rule.each).items()):
        part = _sum(members, rule.of)
        keys = tuple(one.key for one in members)
        sums.append(part)
        if part < rule.least:
            gaps.append(
                Gap(code="too_little", place=place, participants=keys, amount=rule.least - part)
            )
        if rule.most is not None and part > rule.most:
            gaps.append(
                Gap(code="too_much", place=place, participants=keys, amount=part - rule.most)
            )
        if (gaps and gaps[-1].participants == keys) or not rule.each:
            counted.extend(keys)
    worst = min(sums, default=0) if rule.least else max(sums, default=0)
    return Found(tuple(gaps), tuple(counted), worst)


def percent_of(rule: Rate, *, nonprofit: bool) -> float:
    """Return the most percent of its cost that one may ask for."""
    if nonprofit and rule.percent_nonprofit is not None:
        return rule.percent_nonprofit
    return rule.percent


def check_rate(rule: Rate, meant: Sequence[Participant]) -> Found:
    """Return who asks for more of its cost than it may."""
    gaps: list[Gap] = []
    rates: list[float] = []
    for one in meant:
        cost, request = one.cost or 0, one.request or 0
        if cost:
            rates.append(100 * request / cost)
        much = request - floor(Fraction(percent_of(rule, nonprofit=one.nonprofit)) * cost / 100)
        if much > 0:
            gaps.append(Gap(code="rate", participants=(one.key,), amount=much))
    counted = tuple(key for gap in gaps for key in gap.participants)
    return Found(tuple(gaps), counted, round(max(rates, default=0.0), 2))
