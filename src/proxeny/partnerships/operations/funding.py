"""Exchange rates, payers and shares, and the stress test of a partnership's money."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel.numbers import list_currencies
from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.engine import funding as engine
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import (
    Activity,
    ExchangeRate,
    FundingSource,
    Partnership,
)
from proxeny.partnerships.money import GRANTS, Ledger, Sum, read_ledger
from proxeny.partnerships.operations.room import enter, own_side
from proxeny.partnerships.room_queries import needs_of

#: So long the solver may look before it answers with the best it found; for one of many less.
TIME_LIMIT_S = 10.0
TIME_LIMIT_EACH_S = 2.0
Kind = FundingSource.Kind


@transaction.atomic
def set_rate(
    *,
    actor: Reader,
    partnership_id: int,
    currency: str,
    rate: Decimal,
    since_on: date,
    source: str,
    now: datetime,
) -> ExchangeRate:
    """Say what a unit of a currency is worth in the partnership's own, from a day on.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every record of the room; managers only.
    InvalidInput
        No currency, the partnership's own, or no positive rate.
    """
    partnership, parties = enter(actor, partnership_id, binding=True)
    currency = currency.strip().upper()
    if currency not in list_currencies() or currency == partnership.currency:
        raise InvalidInput(
            _("Enter another currency by its three-letter code, such as GBP."), field="currency"
        )
    if not 0 < rate < Decimal("1e8"):
        raise InvalidInput(_("Enter a rate above zero."), field="rate")
    made, _new = ExchangeRate.objects.update_or_create(
        partnership=partnership,
        currency=currency,
        since_on=since_on,
        defaults={"rate": rate, "source": source.strip()[:200]},
    )
    audit.record(
        actor,
        "set_rate",
        made,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes={"title": currency, "rate": str(rate), "since_on": str(since_on)},
    )
    return made


@transaction.atomic
def remove_rate(*, actor: Reader, partnership_id: int, rate_id: int) -> None:
    """Take an exchange rate back."""
    partnership, parties = enter(actor, partnership_id, binding=True)
    kept = ExchangeRate.objects.filter(pk=rate_id, partnership=partnership).first()
    if kept is None:
        raise NotFound(_("We couldn’t find this entry."))
    audit.record(
        actor,
        "remove_rate",
        kept,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes={"title": kept.currency, "rate": str(kept.rate)},
    )
    kept.delete()


@dataclass(frozen=True, slots=True)
class YearOfMoney:
    """Payers in a year: by kind of source and by source."""

    year: int
    total: Decimal
    by_kind: engine.Concentration[str]
    by_source: engine.Concentration[int]

    @property
    def granted(self) -> float:
        """The share of grants, 0 to 1."""
        return sum(self.by_kind.shares.get(kind, 0.0) for kind in GRANTS)


def measure_years(ledger: Ledger) -> list[YearOfMoney]:
    """Return payers and amounts by year, ascending; no query."""
    return [_measure(ledger, year) for year in ledger.years]


def _measure(ledger: Ledger, year: int) -> YearOfMoney:
    lines = [one for one in ledger.lines if one.year == year]
    return YearOfMoney(
        year=year,
        total=sum((one.amount for one in lines), Decimal(0)),
        by_kind=engine.measure_shares((one.source.kind, _cents(one.amount)) for one in lines),
        by_source=engine.measure_shares((one.source.pk, _cents(one.amount)) for one in lines),
    )


def sum_noted(ledger: Ledger, *, secured_only: bool, year: int | None) -> Decimal:
    """Return all money that is noted, also what a stress test leaves out; no query."""
    lines = (
        one.amount
        for one in ledger.lines
        if (year is None or one.year == year)
        and not (secured_only and one.source.certainty != one.source.Certainty.SECURED)
    )
    return sum(lines, Decimal(0))


def save_core_without_grants(ledger: Ledger, *, year: int | None) -> Decimal | None:
    """Return the smallest sum that saves the core if all grants end; None without a core.

    Nothing is searched. One query.
    """
    plan, activities = make_plan(ledger, year=year)
    if not any(one.core for one in activities):
        return None
    grants = {one.pk: 0 for one in ledger.sources if one.kind in GRANTS}
    return _sum(engine.find_rescue(plan, grants).core)


@dataclass(frozen=True, slots=True)
class Stress:
    """The answer of a stress test in the partnership's terms; sums in its currency.

    Attributes
    ----------
    because : mapping
        By the number of an activity that stops, which of those that it needs stop too.
    money, remaining : Decimal
        All money of that time, and what is left of it.
    """

    ledger: Ledger
    outcome: engine.Outcome
    kept: tuple[Activity, ...]
    stopped: tuple[tuple[Activity, str, Decimal], ...]
    save_core: Decimal
    save_all: Decimal
    left: Decimal
    because: Mapping[int, tuple[Activity, ...]] = field(default_factory=dict)
    money: Decimal = Decimal(0)
    remaining: Decimal = Decimal(0)


def stress(
    partnership: Partnership,
    *,
    parts_left: Mapping[int, int],
    secured_only: bool,
    year: int | None,
    today: date,
) -> Stress:
    """Say what goes on when sources end; nothing is written.

    Parameters
    ----------
    parts_left : mapping of int to int
        Per funding source, how many hundredths of its money are left.
    secured_only : bool
        Whether money that is only likely or hoped for counts for nothing.
    year : int, optional
        The money of one year against the activities of that year, their cost spread evenly over
        their days; else all money against all costs.

    Raises
    ------
    InvalidInput
        A part outside 0 to 100.
    """
    if any(not 0 <= part <= 100 for part in parts_left.values()):
        raise InvalidInput(_("Enter a percentage from 0 to 100."))
    ledger = read_ledger(partnership, today=today)
    return stress_ledger(ledger, parts_left=parts_left, secured_only=secured_only, year=year)


def stress_ledger(
    ledger: Ledger, *, parts_left: Mapping[int, int], secured_only: bool, year: int | None
) -> Stress:
    """Do as `stress` for a ledger that was read, with parts from 0 to 100. One query."""
    plan, activities = make_plan(ledger, secured_only=secured_only, year=year)
    outcome = engine.stress(plan, parts_left, time_limit_s=TIME_LIMIT_S)
    kept = set(outcome.kept)
    return Stress(
        ledger=ledger,
        outcome=outcome,
        kept=tuple(activities[one] for one in outcome.kept),
        stopped=tuple(
            (activities[one.activity], one.code, _sum(one.missing)) for one in outcome.stopped
        ),
        save_core=_sum(outcome.rescue.core),
        save_all=_sum(outcome.rescue.everything),
        left=_sum(outcome.left),
        because={
            activities[one.activity].pk: tuple(
                activities[need] for need in plan.activities[one.activity].needs if need not in kept
            )
            for one in outcome.stopped
        },
        money=_sum(sum(line.amount for line in plan.lines)),
        remaining=_sum(
            sum(line.amount * parts_left.get(line.source, 100) // 100 for line in plan.lines)
        ),
    )


@dataclass(frozen=True, slots=True)
class Pillar:
    """Activities that go on if one source alone ends; amounts in the partnership's currency."""

    source: FundingSource
    amount: Decimal
    share: float
    core_kept: bool
    save_core: Decimal
    stopped: tuple[Activity, ...]
    is_exact: bool = True


def find_pillars(ledger: Ledger, *, secured_only: bool, year: int | None) -> list[Pillar]:
    """Return for each source what goes on if it alone ends; the most critical sources first.

    One query. One solve per source; the same question is not solved twice in a row.
    """
    plan, activities = make_plan(ledger, secured_only=secured_only, year=year)
    shares = engine.measure_shares((line.source, line.amount) for line in plan.lines)
    by_id = {one.pk: one for one in ledger.sources}
    found = [
        Pillar(
            source=by_id[source],
            amount=_sum(sum(line.amount for line in plan.lines if line.source == source)),
            share=shares.shares[source],
            core_kept=outcome.core_kept,
            save_core=_sum(outcome.rescue.core),
            stopped=tuple(activities[one.activity] for one in outcome.stopped),
            is_exact=outcome.status == "optimal",
        )
        for source, outcome in _pillars(plan).items()
        if shares.shares.get(source)
    ]
    return sorted(
        found, key=lambda one: (one.core_kept, -one.save_core, -len(one.stopped), -one.share)
    )


@lru_cache(maxsize=64)
def _pillars(plan: engine.Plan) -> dict[int, engine.Outcome]:
    return engine.find_pillars(plan, time_limit_s=TIME_LIMIT_EACH_S)


def make_plan(
    ledger: Ledger, *, secured_only: bool = False, year: int | None = None
) -> tuple[engine.Plan, list[Activity]]:
    """Return the funding as the engine reads it, with the activities in its order. One query.

    What is done cannot stop: it is left out, with the money that was meant for it; what it cost
    beyond that is taken in equal parts from all money that may move.
    """
    asked = [one for one in ledger.activities if year is None or _days_in(one, year)]
    done = {one.pk: _cents(_cost(one, year)) for one in asked if one.state == one.State.DONE}
    activities = [one for one in asked if one.pk not in done]
    place = {one.pk: number for number, one in enumerate(activities)}
    needs = needs_of(one.pk for one in ledger.activities)
    lines = [
        one
        for one in ledger.lines
        if (year is None or one.year == year)
        and not (secured_only and one.source.certainty != one.source.Certainty.SECURED)
        # Money of another year's activity is not there for this one's, unless it may move.
        and (
            one.activity_id is None
            or one.activity_id in place
            or one.activity_id in done
            or one.movable
        )
    ]
    amounts = _amounts_left(lines, _unspent(lines, done))
    plan = engine.Plan(
        tuple(
            engine.Activity(
                cost=_cents(_cost(one, year)),
                value=one.worth,
                core=one.core,
                needs=tuple(sorted(place[pk] for pk in needs.get(one.pk, ()) if pk in place)),
            )
            for one in activities
        ),
        tuple(
            engine.Line(
                source=one.source.pk,
                amount=amount,
                activity=place.get(one.activity_id or 0),
                movable=one.movable,
            )
            for one, amount in zip(lines, amounts, strict=True)
            if one.activity_id not in done or one.movable
        ),
    )
    return plan, activities


def _may_move(line: Sum) -> bool:
    return line.activity_id is None or line.movable


def _unspent(lines: Iterable[Sum], done: Mapping[int, int]) -> Fraction:
    """Return which part of the money that may move is left after what is done."""
    left, pool = dict(done), 0
    for one in lines:
        if _may_move(one):
            pool += _cents(one.amount)
        elif one.activity_id in left:
            left[one.activity_id] -= _cents(one.amount)
    spent = sum(max(one, 0) for one in left.values())
    return Fraction(max(pool - spent, 0), pool) if pool else Fraction(1)


def _amounts_left(lines: Sequence[Sum], part: Fraction) -> list[int]:
    """Return the cents of each line, of what may move the part that is left; no cent gets lost."""
    amounts, pool = [], Fraction(0)
    for one in lines:
        cents = _cents(one.amount)
        if _may_move(one):
            before, pool = pool, pool + cents * part
            cents = int(pool) - int(before)
        amounts.append(cents)
    return amounts


def _days_in(activity: Activity, year: int) -> int:
    first = max(activity.starts_on, date(year, 1, 1))
    last = min(activity.ends_on, date(year, 12, 31))
    return max((last - first).days + 1, 0)


def _cost(activity: Activity, year: int | None) -> Decimal:
    if year is None:
        return activity.cost
    days = (activity.ends_on - activity.starts_on).days + 1
    return activity.cost * _days_in(activity, year) / days


def _cents(amount: Decimal) -> int:
    return round(amount * 100)


def _sum(cents: int) -> Decimal:
    return Decimal(cents) / 100
