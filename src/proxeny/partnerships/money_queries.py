"""The page of money: years as bars and tables, sources with their sums, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from proxeny.partnerships.models import (
    Activity,
    ExchangeRate,
    FundingLine,
    FundingSource,
    Party,
)
from proxeny.partnerships.money import Ledger
from proxeny.partnerships.share_chart import Piece, draw_bar

#: A source that ends this soon is mentioned.
SOON = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class LineRow:
    """Amount as entered and as counted; `missing` says why it does not count."""

    line: FundingLine
    amount: Decimal | None
    rate: ExchangeRate | None = None
    activity: Activity | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with its sums, and what they come to in the partnership's currency."""

    source: FundingSource
    side: str
    total: Decimal
    lines: tuple[LineRow, ...]
    ends: str


def list_sources(ledger: Ledger, *, today: date) -> list[SourceRow]:
    """Return all sources with their sums, the largest first; no query."""
    by_source: dict[int, list[LineRow]] = {one.pk: [] for one in ledger.sources}
    activities = {one.pk: one for one in ledger.activities}
    for one in ledger.lines:
        by_source[one.source.pk].append(
            LineRow(one.line, one.amount, one.rate, activities.get(one.activity_id or 0))
        )
    for line in ledger.unrated:
        by_source[line.source_id].append(
            LineRow(line, None, activity=activities.get(line.activity_id or 0), missing="rate")
        )
    for line in ledger.idle:
        by_source[line.source_id].append(LineRow(line, None, missing="idle"))
    rows = [_row(one, by_source[one.pk], today) for one in ledger.sources]
    return sorted(rows, key=lambda one: (-one.total, one.source.name.casefold()))


def _row(source: FundingSource, lines: list[LineRow], today: date) -> SourceRow:
    lines.sort(key=lambda one: (one.line.year, one.line.pk))
    return SourceRow(
        source=source,
        side=source.party.side.lower() if source.party else "both",
        total=sum((one.amount for one in lines if one.amount), Decimal(0)),
        lines=tuple(lines),
        ends=_when(source.ends_on, today),
    )


def _when(day: date | None, today: date) -> str:
    if day is None:
        return ""
    if day < today:
        return "past"
    return "soon" if day - today <= SOON else "later"


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year's money: the bar by kind and the bar by side, with their parts."""

    year: int
    total: Decimal
    kinds: tuple[Piece, ...]
    sides: tuple[Piece, ...]


def draw_years(ledger: Ledger, parties: Sequence[Party], *, is_rtl: bool) -> list[YearRow]:
    """Return the payers of each year, as bars; no query."""
    return [_year(ledger, year, parties, is_rtl) for year in ledger.years]


def _year(ledger: Ledger, year: int, parties: Sequence[Party], is_rtl: bool) -> YearRow:
    lines = [one for one in ledger.lines if one.year == year]
    kinds: dict[str, Decimal] = dict.fromkeys(FundingSource.Kind.values, Decimal(0))
    sides: dict[int | None, Decimal] = {}
    for one in lines:
        kinds[one.source.kind] += one.amount
        sides[one.source.party_id] = sides.get(one.source.party_id, Decimal(0)) + one.amount
    labels: Mapping[str, Any] = dict(FundingSource.Kind.choices)
    by_side = [
        *(
            (f"side-{one.side.lower()}", one.organisation.name, sides.get(one.pk, Decimal(0)))
            for one in parties
        ),
        ("side-both", _("all together"), sides.get(None, Decimal(0))),
    ]
    # Money for all together comes between the two sides.
    by_side.insert(1, by_side.pop())
    return YearRow(
        year=year,
        total=sum(kinds.values(), Decimal(0)),
        kinds=tuple(draw_bar(((k, labels[k], v) for k, v in kinds.items()), is_rtl=is_rtl)),
        sides=tuple(draw_bar(by_side, is_rtl=is_rtl)),
    )


def kinds_used(years: Sequence[YearRow]) -> list[tuple[str, Any]]:
    """Return the kinds of source of which there is money, in their order."""
    used = {piece.code for row in years for piece in row.kinds}
    return [(code, label) for code, label in FundingSource.Kind.choices if code in used]


@dataclass(frozen=True, slots=True)
class RateRow:
    """An exchange rate; only the newest that has begun counts."""

    rate: ExchangeRate
    state: str


def list_rates(ledger: Ledger, *, today: date) -> list[RateRow]:
    """Return the exchange rates by currency, the newest first, each with whether it counts."""
    rows, counted = [], set[str]()
    for one in ledger.rates:
        if one.since_on > today:
            state = "later"
        else:
            state = "past" if one.currency in counted else "counts"
            counted.add(one.currency)
        rows.append(RateRow(one, state))
    return rows
