"""Trend, need, open call: the table as its rows are seen today, gaps first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from proxeny.calls.models import Call
from proxeny.directory.models import Listing
from proxeny.folding import fold
from proxeny.insight.foresight_presenters import GAPS
from proxeny.insight.models import Trend

NEED_SORTS = ("size", "trend", "needs", "calls")


@dataclass(frozen=True, slots=True)
class Cell:
    """A trend of the radar with the records behind each of its cells.

    Records that are gone, or hidden from the reader by now, are counted in `gone` alone. `gap` is
    the calculated one; None where nothing is missing, and before the trend was counted.
    """

    trend: Trend
    is_counted: bool = False
    state: str = "too_few"
    gap: str | None = None
    size: float = 0.0
    needs_own: tuple[Listing, ...] = ()
    needs_partner: tuple[Listing, ...] = ()
    offers_own: tuple[Listing, ...] = ()
    offers_partner: tuple[Listing, ...] = ()
    calls: tuple[Call, ...] = ()
    gone: int = 0

    @property
    def companies_own(self) -> int:
        """The number of organisations on the own side that need it."""
        return len({one.organisation_id for one in self.needs_own})

    @property
    def companies_partner(self) -> int:
        """The number of organisations on the other side that need it."""
        return len({one.organisation_id for one in self.needs_partner})

    @property
    def companies(self) -> int:
        """The number of organisations on both sides that need it, each counted once."""
        return len({one.organisation_id for one in (*self.needs_own, *self.needs_partner)})


@dataclass(frozen=True, slots=True)
class NeedsWanted:
    """The filter and order of the table: words of the trend, a kind of gap."""

    q: str = ""
    gap: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    listings: Mapping[int, Listing] = field(default_factory=dict)
    calls: Mapping[int, Call] = field(default_factory=dict)


def list_cells(content: Mapping[str, Any], trends: Sequence[Trend], *, now: datetime) -> list[Cell]:
    """Return a row for each trend, gaps first, the largest first; two queries.

    Trends that were put on the radar since come last.
    """
    rows = {one["trend"]: one for one in content.get("table", ())}
    by_number = {one.pk: one for one in trends}
    counted = [row for number, row in rows.items() if number in by_number]
    seen = _see(counted, now)
    found = [_cell(by_number[row["trend"]], row, seen) for row in counted]
    return found + [Cell(one) for one in trends if one.pk not in rows]


def narrow_cells(cells: Sequence[Cell], wanted: NeedsWanted) -> list[Cell]:
    """Return the rows that fit, in the order that is wanted."""
    words = fold(wanted.q).split()
    found = [
        one
        for one in cells
        if all(word in fold(one.trend.title) for word in words)
        and (not wanted.gap or one.gap == wanted.gap)
    ]
    name, is_down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    keys: dict[str, Any] = {
        "trend": lambda one: fold(one.trend.title),
        "needs": lambda one: one.companies,
        "calls": lambda one: len(one.calls),
        "size": lambda one: one.size,
    }
    return sorted(found, key=keys[name], reverse=is_down) if name in keys else found


def count_gaps(cells: Sequence[Cell]) -> dict[str, int]:
    """Return the numbers of trends by kind of gap."""
    return {gap: sum(one.gap == gap for one in cells) for gap in GAPS}


def get_cell(content: Mapping[str, Any], trend: Trend, *, now: datetime) -> Cell:
    """Return the records behind one trend. Two queries."""
    return list_cells(content, [trend], now=now)[0]


_LISTED = ("needs_own", "needs_partner", "offers_own", "offers_partner")


def _see(rows: Sequence[Mapping[str, Any]], now: datetime) -> _Seen:
    listings = {pk for row in rows for name in _LISTED for pk in row[name]}
    calls = {pk for row in rows for pk in row["calls"]}
    return _Seen(_listings(listings), _calls(calls, now))


def _listings(numbers: Collection[int]) -> dict[int, Listing]:
    found = Listing.objects.filter(pk__in=numbers, status=Listing.Status.PUBLISHED)
    return {one.pk: one for one in found.select_related("organisation")}


def _calls(numbers: Collection[int], now: datetime) -> dict[int, Call]:
    found = Call.objects.filter(pk__in=numbers, put_away_at=None).defer("text", "search_text")
    return {one.pk: one for one in found if is_open(one, now)}


def is_open(call: Call, now: datetime) -> bool:
    """Whether a call can still be answered."""
    last = call.second_closes_at or call.closes_at
    return last is not None and last > now


def _cell(trend: Trend, row: Mapping[str, Any], seen: _Seen) -> Cell:
    listed: dict[str, Any] = {
        name: tuple(seen.listings[pk] for pk in row[name] if pk in seen.listings)
        for name in _LISTED
    }
    calls = sorted(
        (seen.calls[pk] for pk in row["calls"] if pk in seen.calls),
        key=lambda one: (one.closes_at or one.second_closes_at, one.pk),
    )
    there = sum(map(len, listed.values())) + len(calls)
    told = sum(len(row[name]) for name in (*_LISTED, "calls"))
    return Cell(
        trend,
        True,
        row["state"],
        row["gap"],
        row["size"],
        calls=tuple(calls),
        gone=told - there,
        **listed,
    )
