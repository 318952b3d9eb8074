"""The figures of one period: outcomes, response times, and the cost of an outcome."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from proxeny.engine.figures import cost_per, median_wait, weigh_two
from proxeny.insight.aggregates import Tally, chain_in
from proxeny.insight.quarters import days_of
from proxeny.insight.queries.outcome_waits import ABROAD, ANSWERED, ASKED, KINDS, MEMBER, Wait
from proxeny.insight.queries.outcomes import ALL
from proxeny.meetings.queries.outcome import Chain

#: What a cost is shown for: names of numbers of a chain.
COSTED = ("held", "cooperations", "agreements")


@dataclass(frozen=True, slots=True)
class Cost:
    """An activity that is done: its number, its cost in the room's currency, and its last day."""

    activity_id: int
    amount: Decimal
    ended_on: date


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a period; None is open."""

    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return (not self.since or day >= self.since) and (not self.until or day <= self.until)


def spans_of(quarters: Iterable[str], today: date) -> dict[str, tuple[Span, list[str]]]:
    """Return the periods there are: all, each year and each quarter, with the quarters in each.

    Not the last twelve months, which no quarters make up.
    """
    known = sorted(quarters)
    found = {ALL: (Span(None, None), known)}
    for year in sorted({int(one[:4]) for one in known} | {today.year, today.year - 1}):
        days = Span(date(year, 1, 1), date(year, 12, 31))
        found[str(year)] = (days, [one for one in known if one.startswith(f"{year}-")])
    for one in known:
        found[one] = (Span(*days_of(one)), [one])
    return found


def recent_days(today: date) -> Span:
    """Return the last twelve months, today included."""
    before = today.replace(year=today.year - 1, day=min(today.day, 28 if today.month == 2 else 31))
    return Span(before + timedelta(days=1), today)


def figures_of(
    span: Span, tally: Tally, waits: Sequence[Wait], costs: Sequence[Cost], *, today: date
) -> dict[str, Any]:
    """Return the figures of a period as a snapshot keeps them.

    Returns
    -------
    dict
        `since`, `until` (ISO days or None), `tally` (`insight.aggregates`), `waits` by kind
        (`Waits`, hours), and `costs`: None where no activity that is done has a cost, else the
        `amount` (text), how many `activities`, and for each of `COSTED` a `CostPer`.
    """
    return {
        "since": span.since and span.since.isoformat(),
        "until": span.until and span.until.isoformat(),
        "tally": tally,
        "waits": _waits(waits, today),
        "costs": _costs([one for one in costs if span.holds(one.ended_on)], chain_in(tally)),
    }


def _waits(waits: Sequence[Wait], today: date) -> dict[str, dict[str, Any]]:
    by_kind: dict[str, list[Wait]] = {}
    for one in waits:
        by_kind.setdefault(one.kind, []).append(one)
        if one.kind in (MEMBER, ABROAD):
            by_kind.setdefault(ASKED, []).append(one)
    return {
        kind: asdict(
            median_wait(
                [one.hours_until(today) for one in rows],
                [one.how == ANSWERED for one in rows],
                [one.count for one in rows],
            )
        )
        for kind in KINDS
        if (rows := by_kind.get(kind))
    }


def _costs(costs: Sequence[Cost], chain: Chain) -> dict[str, Any] | None:
    if not costs:
        return None
    amount = sum((one.amount for one in costs), Decimal(0))
    return {
        "amount": str(amount),
        "activities": len(costs),
        **{name: asdict(cost_per(float(amount), getattr(chain, name))) for name in COSTED},
    }


def balances_of(given: Mapping[str, Sequence[tuple[int, int]]], own: int) -> list[dict[str, Any]]:
    """Return how balanced give and take is, by kind and for all kinds together (`all`).

    Parameters
    ----------
    given : mapping
        By kind, the number of each party's organisation and how much it gave.
    own : int
        The organisation whose share is returned.
    """
    total: dict[int, int] = {}
    for rows in given.values():
        for giver, count in rows:
            total[giver] = total.get(giver, 0) + count
    return [
        _balance(kind, rows, own)
        for kind, rows in ((ALL, list(total.items())), *given.items())
        if kind == ALL or any(count for _giver, count in rows)
    ]


def _balance(kind: str, rows: Sequence[tuple[int, int]], own: int) -> dict[str, Any]:
    mine = sum(count for giver, count in rows if giver == own)
    others = sum(count for giver, count in rows if giver != own)
    found = weigh_two(mine, others, even=1 / len(rows)) if len(rows) > 1 else None
    sure = {**asdict(found), "is_even": found.is_even} if found else None
    return {
        "kind": kind,
        "given": [list(one) for one in rows],
        "own": mine,
        "others": others,
        "sure": sure,
    }
