"""Outcome figures in a snapshot: by period, as the team of one side reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from proxeny.insight.aggregates import Tally, chain_in, counts_in, terms_in
from proxeny.insight.models import Snapshot
from proxeny.insight.quarters import before, quarter_of
from proxeny.insight.queries.snapshots import find_snapshot
from proxeny.meetings.outcome_groups import Counts
from proxeny.meetings.queries.outcome import Chain
from proxeny.meetings.queries.terms import Terms

#: The last twelve months, and all time.
RECENT, ALL = "recent", "all"


@dataclass(frozen=True, slots=True)
class Period:
    """The figures of a range of days. `code` is empty for a custom range, counted on request."""

    code: str
    since: date | None
    until: date | None
    tally: Tally
    waits: Mapping[str, Mapping[str, Any]]
    costs: Mapping[str, Any] | None

    @property
    def counts(self) -> Counts:
        """The counts of the steps before the meetings."""
        return counts_in(self.tally)

    @property
    def chain(self) -> Chain:
        """The outcomes of all meetings."""
        return chain_in(self.tally)

    @property
    def terms(self) -> Terms:
        """The agreements."""
        return terms_in(self.tally)

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened in it."""
        return self.counts == Counts() and not any(any(n) for n in self.tally["chains"].values())


@dataclass(frozen=True, slots=True)
class Outcomes:
    """All outcome figures of a room, as one side's team reads them."""

    snapshot: Snapshot
    currency: str
    today: date
    periods: Mapping[str, Mapping[str, Any]]
    balances: Sequence[Mapping[str, Any]]

    def period(self, code: str) -> Period | None:
        """Return the figures of a period by its code, or None where there is none."""
        found = self.periods.get(code)
        return None if found is None else period_of(code, found)

    @property
    def quarters(self) -> list[str]:
        """The quarters of which there is anything, up to the running one, without a gap."""
        now = quarter_of(self.today)
        known = sorted(one for one in self.periods if "-Q" in one and one <= now)
        found = [now]
        while known and found[-1] > known[0]:
            found.append(before(found[-1]))
        return found[::-1]

    @property
    def years(self) -> list[str]:
        """The years there are figures of, up to this one, newest first."""
        known = [one for one in self.periods if one.isdecimal() and int(one) <= self.today.year]
        return sorted(known, reverse=True)


def period_of(code: str, told: Mapping[str, Any]) -> Period:
    """Return a period from what `operations.outcome_periods.figures_of` made of it."""
    since, until = (told[name] and date.fromisoformat(told[name]) for name in ("since", "until"))
    return Period(code, since, until, told["tally"], told["waits"], told["costs"])


def read_outcomes(organisation_id: int, partnership_id: int) -> Outcomes | None:
    """Return the figures of a side, or None before a job has worked them out. One query."""
    snapshot = find_snapshot(Snapshot.Kind.OUTCOMES, organisation_id, partnership_id)
    # What another part of the product has begun to write is no figures yet.
    if snapshot is None or "periods" not in snapshot.content:
        return None
    told = snapshot.content
    return Outcomes(
        snapshot,
        told["currency"],
        date.fromisoformat(told["today"]),
        told["periods"],
        told["balances"],
    )
