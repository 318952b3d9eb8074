"""Sums: shares, ceilings, rates of funding; what is too much, what is too little."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Protocol

from proxeny.engine.consortium.countries import country_of
from proxeny.engine.consortium.model import Doubt, Gap, Participant
from proxeny.engine.consortium.rules import Each, Rate, Share, Sum, Total, percent

__all__ = [
    "Found",
    "check_rate",
    "check_share",
    "check_total",
    "rate_of",
    "sum_of",
    "unknown_sums",
]


@dataclass(frozen=True, slots=True)
class Found:
    """Result of a check of sums: gaps, offending participants, and the highest or lowest figure."""

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


def _places(
    participants: Sequence[Participant], each: Each
) -> list[tuple[str, tuple[Participant, ...]]]:
    """Return participants by what each of them is for a rule; one of no group is alone."""
    if not each:
        return [("", tuple(participants))]
    places: dict[tuple[str, str], list[Participant]] = {}
    for one in participants:
        # A name of its own keeps one that is alone apart from a group that is called like it.
        name, own = one.key, one.key
        if each == "country":
            name, _, own = country_of(one).partition(" ")
        elif each != "participant" and getattr(one, each):
            name, own = getattr(one, each), ""
        elif each == "side":
            continue
        places.setdefault((name, own), []).append(one)
    return [(name, tuple(members)) for (name, _), members in sorted(places.items())]


def _sum(participants: Iterable[Participant], of: Sum) -> int:
    return sum(sum_of(one, of) or 0 for one in participants)


def _look_at_sums(
    rule: Share | Total, meant: Sequence[Participant], least: int, most: int | None
) -> tuple[list[Gap], list[str], list[int]]:
    """Return the gaps, those that are counted, and the sum of each place."""
    gaps: list[Gap] = []
    counted: list[str] = []
    sums: list[int] = []
    for place, members in _places(meant, rule.each):
        part = _sum(members, rule.of)
        keys = tuple(one.key for one in members)
        sums.append(part)
        before = len(gaps)
        if part < least:
            gaps.append(Gap(code="too_little", place=place, participants=keys, amount=least - part))
        if most is not None and part > most:
            gaps.append(Gap(code="too_much", place=place, participants=keys, amount=part - most))
        if len(gaps) > before or not rule.each:
            counted.extend(keys)
    return gaps, counted, sums


def check_share(
    rule: Share, everybody: Sequence[Participant], meant: Sequence[Participant]
) -> Found:
    """Return where shares are too low or too high.

    The amount is what has to go from others to them, or from them to others, while the whole stays.
    """
    whole = _sum(everybody, rule.base or rule.of)
    least, most = ceil(percent(rule.least) * whole), floor(percent(rule.most) * whole)
    gaps, counted, sums = _look_at_sums(rule, meant, least, most)
    worst = min(sums, default=0) if rule.least else max(sums, default=0)
    return Found(tuple(gaps), tuple(counted), round(100 * worst / whole, 2) if whole else 0.0)


def check_total(rule: Total, meant: Sequence[Participant]) -> Found:
    """Return where sums are too low or too high."""
    gaps, counted, sums = _look_at_sums(rule, meant, rule.least, rule.most)
    worst = min(sums, default=0) if rule.least else max(sums, default=0)
    return Found(tuple(gaps), tuple(counted), worst)


def rate_of(rule: Rate, *, nonprofit: bool) -> Fraction:
    """Return the largest part of its cost that one may ask for."""
    if nonprofit and rule.percent_nonprofit is not None:
        return percent(rule.percent_nonprofit)
    return percent(rule.percent)


def check_rate(rule: Rate, meant: Sequence[Participant]) -> Found:
    """Return the participants that request more of their cost than allowed."""
    gaps: list[Gap] = []
    rates: list[float] = []
    for one in meant:
        cost, request = one.cost or 0, one.request or 0
        if cost:
            rates.append(100 * request / cost)
        much = request - floor(rate_of(rule, nonprofit=one.nonprofit) * cost)
        if much > 0:
            gaps.append(Gap(code="rate", participants=(one.key,), amount=much))
    counted = tuple(key for gap in gaps for key in gap.participants)
    return Found(tuple(gaps), counted, round(max(rates, default=0.0), 2))
