"""Funding of a partnership as figures in one currency, each with its exchange rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from proxeny.partnerships.models import (
    Activity,
    ExchangeRate,
    FundingLine,
    FundingSource,
    Partnership,
)

CENT = Decimal("0.01")
#: The kinds of sources that are grants.
GRANTS = (FundingSource.Kind.REGIONAL, FundingSource.Kind.NATIONAL, FundingSource.Kind.EUROPEAN)


@dataclass(frozen=True, slots=True)
class Sum:
    """Funding line in the partnership's currency; `rate` if it was entered in another."""

    line: FundingLine
    source: FundingSource
    activity_id: int | None
    year: int
    amount: Decimal
    movable: bool
    rate: ExchangeRate | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Figures of the funding.

    Lines that do not count are kept apart: `unrated` lines have no exchange rate (their currencies:
    `without_rate`), and `idle` ones are meant for an archived activity.
    """

    currency: str
    activities: Sequence[Activity]
    sources: Sequence[FundingSource]
    lines: Sequence[Sum]
    without_rate: Sequence[str]
    rates: Sequence[ExchangeRate]
    unrated: Sequence[FundingLine] = ()
    idle: Sequence[FundingLine] = ()

    @property
    def years(self) -> list[int]:
        """The years that money is noted for, rising."""
        return sorted({one.year for one in self.lines})

    def count_done(self) -> int:
        """Return how many activities are done."""
        return sum(one.state == Activity.State.DONE for one in self.activities)

    def count_late(self, today: date) -> int:
        """Return how many activities are not done, and were to end before today."""
        return sum(
            one.state != Activity.State.DONE and one.ends_on < today for one in self.activities
        )


def read_ledger(partnership: Partnership, *, today: date) -> Ledger:
    """Return the funding of a partnership. Four queries.

    A sum in another currency counts at the newest rate up to `today`; fractions of a cent are
    rounded half to even.
    """
    rates = list(
        ExchangeRate.objects.filter(partnership=partnership).order_by("currency", "-since_on")
    )
    valid: dict[str, ExchangeRate | None] = {partnership.currency: None}
    for one in rates:
        if one.since_on <= today:
            valid.setdefault(one.currency, one)
    activities = list(
        Activity.objects.filter(partnership=partnership, dropped_at=None).order_by(
            "starts_on", "pk"
        )
    )
    live = {one.pk for one in activities}
    sources = list(
        FundingSource.objects.filter(partnership=partnership, dropped_at=None)
        .select_related("party__organisation")
        .order_by("pk")
    )
    by_id = {one.pk: one for one in sources}
    found = FundingLine.objects.filter(
        partnership=partnership, dropped_at=None, source__dropped_at=None
    ).order_by("year", "pk")
    lines, unrated, idle = list[Sum](), list[FundingLine](), list[FundingLine]()
    for line in found:
        if line.currency not in valid:
            unrated.append(line)
        # Money for an archived activity does not count until the activity is restored.
        elif line.activity_id is not None and line.activity_id not in live:
            idle.append(line)
        else:
            source, rate = by_id[line.source_id], valid[line.currency]
            amount = (line.amount * (rate.rate if rate else 1)).quantize(CENT, ROUND_HALF_EVEN)
            lines.append(
                Sum(line, source, line.activity_id, line.year, amount, source.movable, rate)
            )
    without = tuple(sorted({one.currency for one in unrated}))
    return Ledger(partnership.currency, activities, sources, lines, without, rates, unrated, idle)
