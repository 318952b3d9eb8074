"""Look at every condition of a call: met or not, and what exactly is missing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import singledispatch
from typing import Literal

from proxeny.engine._checks import check_distinct
from proxeny.engine.consortium._independent import count_independent, independent_gaps
from proxeny.engine.consortium._money import (
    Found,
    check_rate,
    check_share,
    check_total,
    rate_of,
    unknown_sums,
)
from proxeny.engine.consortium._who import Judge, Seen, paid_of
from proxeny.engine.consortium.countries import BODY, country_of
from proxeny.engine.consortium.model import Doubt, Gap, Participant, Report, Verdict, Who
from proxeny.engine.consortium.rules import (
    Call,
    Count,
    Countries,
    Independent,
    Only,
    Rate,
    Rule,
    Share,
    Total,
)

__all__ = ["check_consortium", "find_rate"]

type Everybody = tuple[Participant, ...]


def check_consortium(participants: Sequence[Participant], call: Call) -> Report:
    """Look at each rule of a call.

    Parameters
    ----------
    participants : sequence of Participant
        Of one bid; each key once.
    call : Call

    Returns
    -------
    Report
        A verdict on each rule, in their order. What a country without status, a sum that is not
        known or a line of the table in doubt leave open is `unknown`, with the reason, unless the
        verdict is the same either way.

    Raises
    ------
    ValueError
        If two participants have one key.

    Notes
    -----
    What is in doubt is taken in turn as if it were, and as if it were not; both times every rule
    but that of independence takes one look, and that one a matching, at most
    `O(countries**2 * participants)` with the countries that would not help.

    Examples
    --------
    >>> from datetime import date
    >>> from proxeny.engine.consortium import Call, Participant, check_consortium, find_rules
    >>> call = Call(
    ...     on=date(2026, 9, 15), programme="horizon-europe",
    ...     rules=find_rules("horizon-europe-ria").rules,
    ... )
    >>> report = check_consortium(
    ...     [
    ...         Participant(key="athens", country="GR", coordinator=True),
    ...         Participant(key="paris", country="FR"),
    ...         Participant(key="oslo", country="NO", role="affiliated_entity"),
    ...     ],
    ...     call,
    ... )
    >>> gap = report["he-three"].gaps[0]
    >>> report["he-three"].status, gap.count, gap.outside, gap.independent_of
    ('broken', 1, ('FR', 'GR'), ('athens', 'paris'))
    """
    everybody = tuple(participants)
    check_distinct("participants", (one.key for one in everybody))
    judge = Judge(call)
    verdicts = tuple(_with_source(_look(rule, judge, everybody)) for rule in call.rules)
    statuses = {one.status for one in verdicts}
    status: Literal["met", "broken", "unknown"] = "met"
    if "broken" in statuses:
        status = "broken"
    elif "unknown" in statuses or any(one.doubts for one in verdicts):
        status = "unknown"
    return Report(status=status, verdicts=verdicts)


def find_rate(one: Participant, call: Call) -> Fraction:
    """Return the largest share of its cost that a participant may request without breaking a rule.

    It is treated as requesting money. Rules that only possibly apply to it count too.

    Examples
    --------
    >>> from datetime import date
    >>> from proxeny.engine.consortium import Call, Participant, Rate, Who, find_rate
    >>> call = Call(
    ...     on=date(2026, 9, 15), programme="horizon-europe",
    ...     rules=(Rate(key="all", percent=90), Rate(key="firms", percent=70, percent_nonprofit=100)),
    ... )
    >>> find_rate(Participant(key="firm", country="GR"), call)
    Fraction(7, 10)
    >>> find_rate(Participant(key="lab", country="FR", nonprofit=True), call)
    Fraction(9, 10)
    """
    judge, asking = Judge(call), replace(one, cost=None, request=1)
    rates = [
        rate_of(rule, nonprofit=one.nonprofit)
        for rule in call.rules
        if isinstance(rule, Rate) and judge.matches(asking, rule.who) is not False
    ]
    return min([Fraction(1), *rates])


def _with_source(verdict: Verdict) -> Verdict:
    if verdict.rule.sure:
        return verdict
    return replace(verdict, doubts=(*verdict.doubts, Doubt(code="rule")))


def _settle(
    rule: Rule,
    better: tuple[Gap, ...],
    worse: tuple[Gap, ...],
    doubts: tuple[Doubt, ...],
    *,
    counted: Sequence[str] = (),
    **figures: float,
) -> Verdict:
    """Return the verdict from what is missing in the better and in the worse case."""
    status: Literal["met", "broken", "unknown"] = "unknown"
    if not worse and not better:
        status = "met"
    elif better and worse:
        status = "broken"
    gaps = worse if status == "unknown" and worse else better or worse
    # Doubts without effect on the verdict are dropped.
    kept = doubts if status == "unknown" else ()
    return Verdict(
        rule=rule, status=status, gaps=gaps, doubts=kept, counted=tuple(counted), figures=figures
    )


@singledispatch
def _look(rule: Rule, judge: Judge, everybody: Everybody) -> Verdict:
    raise TypeError(f"rule {rule!r}: of no known kind")


@_look.register
def _look_independent(rule: Independent, judge: Judge, everybody: Everybody) -> Verdict:
    seen = judge.see(everybody, rule.who)
    asked = rule.of_which or Who()
    special = judge.see(seen.maybe, asked)
    sure = tuple(one for one in seen.sure if one in special.sure)
    better = independent_gaps(rule, seen.maybe, special.maybe)
    worse = independent_gaps(rule, seen.sure, sure)
    number, good, picked = count_independent(seen.sure, sure, independent=rule.independent)
    verdict = _settle(
        rule,
        better,
        worse,
        (*seen.doubts, *(one for one in special.doubts if one not in seen.doubts)),
        counted=sorted(one.key for one in picked),
        found=number,
        found_of_which=good,
        least=rule.least,
    )
    for_now = tuple(one.key for one in seen.sure if judge.is_for_now(one))
    if verdict.status == "met" and for_now:
        kept = [one for one in seen.sure if one.key not in for_now]
        if independent_gaps(rule, kept, [one for one in sure if one.key not in for_now]):
            return replace(verdict, conditional_on=for_now)
    return verdict


@_look.register
def _look_count(rule: Count, judge: Judge, everybody: Everybody) -> Verdict:
    seen = judge.see(everybody, rule.who)

    def gaps(few: int, many: tuple[Participant, ...]) -> tuple[Gap, ...]:
        if few < rule.least:
            return (Gap(code="participants", count=rule.least - few, who=rule.who),)
        if rule.most is not None and len(many) > rule.most:
            keys = tuple(one.key for one in many)
            return (Gap(code="too_many", count=len(many) - rule.most, participants=keys),)
        return ()

    better, worse = _cases(gaps, seen, bool(rule.least), rule.most is not None)
    for_now = tuple(one.key for one in seen.sure if judge.is_for_now(one))
    verdict = _settle(
        rule,
        better,
        worse,
        seen.doubts,
        counted=[one.key for one in seen.sure],
        found=len(seen.sure),
        least=rule.least,
    )
    if verdict.status == "met" and rule.who.statuses and len(seen.sure) - len(for_now) < rule.least:
        return replace(verdict, conditional_on=for_now)
    return verdict


def _cases(
    gaps: Callable[[int, tuple[Participant, ...]], tuple[Gap, ...]],
    seen: Seen,
    has_least: bool,
    has_most: bool,
) -> tuple[tuple[Gap, ...], tuple[Gap, ...]]:
    """Return the gaps in the better and in the worse case of what is in doubt.

    For a least number those in doubt count in the better case, for a most number in the worse. With
    both, some number between the two may fit.
    """
    low, high = len(seen.sure), len(seen.maybe)
    if has_least and has_most:
        options = [gaps(number, seen.maybe[:number]) for number in range(low, high + 1)]
        better = () if () in options else options[0]
        worse = next((one for one in options if one), ())
        return better, worse
    if has_most:
        return gaps(low, seen.sure), gaps(high, seen.maybe)
    return gaps(high, seen.maybe), gaps(low, seen.sure)


@_look.register
def _look_countries(rule: Countries, judge: Judge, everybody: Everybody) -> Verdict:
    seen = judge.see(everybody, rule.who)

    def gaps(some: tuple[Participant, ...]) -> tuple[Gap, ...]:
        found = {country_of(one) for one in some}
        if len(found) < rule.least:
            missing = rule.least - len(found)
            outside = tuple(sorted(code for code in found if not code.startswith(BODY)))
            return (Gap(code="countries", count=missing, who=rule.who, outside=outside),)
        if rule.most is not None and len(found) > rule.most:
            keys = tuple(one.key for one in some)
            over = len(found) - rule.most
            return (Gap(code="too_many_countries", count=over, participants=keys),)
        return ()

    few, many = gaps(seen.sure), gaps(seen.maybe)
    better, worse = (few, many) if bool(few) < bool(many) else (many, few)
    return _settle(
        rule,
        better,
        worse,
        seen.doubts,
        counted=[one.key for one in seen.sure],
        found=len({country_of(one) for one in seen.sure}),
        least=rule.least,
    )


@_look.register
def _look_only(rule: Only, judge: Judge, everybody: Everybody) -> Verdict:
    seen = judge.see(everybody, rule.who)
    allowed = judge.see(seen.maybe, rule.allowed)
    never = [one.key for one in seen.sure if one not in allowed.maybe]
    perhaps = [one.key for one in seen.maybe if one not in allowed.sure]
    doubts = tuple(one for one in (*seen.doubts, *allowed.doubts) if one.participant in perhaps)

    def gaps(keys: list[str]) -> tuple[Gap, ...]:
        gap = Gap(code="not_allowed", count=len(keys), who=rule.allowed, participants=tuple(keys))
        return (gap,) if keys else ()

    return _settle(rule, gaps(never), gaps(perhaps), doubts, counted=never, found=len(never))


def _settle_sums(
    rule: Share | Total | Rate,
    seen: Seen,
    found: Callable[[tuple[Participant, ...]], Found],
    unknown: tuple[Doubt, ...],
    **figures: float,
) -> Verdict:
    """Return the verdict on sums; with one that is not known there is none.

    Unless those that are known are over a ceiling already.
    """
    few, many = found(seen.sure), found(seen.maybe)
    better, worse = (few, many) if len(few.gaps) <= len(many.gaps) else (many, few)
    is_over = isinstance(rule, Total) and any(one.code == "too_much" for one in better.gaps)
    if unknown and not is_over:
        return Verdict(
            rule=rule, status="unknown", gaps=worse.gaps, doubts=(*seen.doubts, *unknown)
        )
    return _settle(
        rule, better.gaps, worse.gaps, seen.doubts, counted=few.counted, found=few.found, **figures
    )


@_look.register
def _look_share(rule: Share, judge: Judge, everybody: Everybody) -> Verdict:
    seen = judge.see(everybody, rule.who)
    return _settle_sums(
        rule,
        seen,
        lambda meant: check_share(rule, everybody, meant),
        unknown_sums(everybody, rule.base or rule.of) or unknown_sums(seen.maybe, rule.of),
        least=rule.least,
        most=rule.most,
    )


@_look.register
def _look_total(rule: Total, judge: Judge, everybody: Everybody) -> Verdict:
    seen = judge.see(everybody, rule.who)
    bounds = (
        {"least": rule.least} if rule.most is None else {"least": rule.least, "most": rule.most}
    )
    return _settle_sums(
        rule,
        seen,
        lambda meant: check_total(rule, meant),
        unknown_sums(seen.maybe, rule.of),
        **bounds,
    )


@_look.register
def _look_rate(rule: Rate, judge: Judge, everybody: Everybody) -> Verdict:
    seen = judge.see(everybody, rule.who)
    paid = tuple(one for one in seen.maybe if paid_of(one) is not False)
    unknown = tuple(
        {
            one.participant: one for sum_ in ("request", "cost") for one in unknown_sums(paid, sum_)
        }.values()
    )
    return _settle_sums(
        rule, seen, lambda meant: check_rate(rule, meant), unknown, most=rule.percent
    )
