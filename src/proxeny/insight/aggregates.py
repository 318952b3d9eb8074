"""Outcomes of meetings within a range of days, as numbers that add up: quarters make a year.

A tally is plain JSON, so that a snapshot can store it:

- `requests`, `invitations`: numbers of requests, and of invitations to two sides to meet.
- `chains`: by kind of activity (`event`, `desk`, `other`) the numbers named by `NUMBERS`.
- `worths`: rows of activity, kind of agreement, currency (empty without a value), number, and
  total value (as text: money is no float).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from proxeny.meetings.models import Rating
from proxeny.meetings.outcome_groups import Counts
from proxeny.meetings.queries.outcome import Chain, Counted, chain_of, rate_of
from proxeny.meetings.queries.terms import CountedTerms, Terms, terms_of
from proxeny.meetings.rules import (
    DAY_VALUES,
    LATER_VALUES,
    REFERENCE_AGREEMENTS,
    REFERENCE_COOPERATIONS,
)

Tally = dict[str, Any]

#: In what a meeting was brought about.
EVENT, DESK, OTHER = "event", "desk", "other"
ACTIVITIES = {
    EVENT: _("Joint events"),
    DESK: _("The ambassadors’ desks"),
    OTHER: _("Other activities"),
}
#: What the numbers of a chain are, in their order.
NUMBERS = (
    "planned",
    "cancelled",
    "held",
    "missed",
    "both",
    *(one.value for one in DAY_VALUES),
    *(one.value for one in LATER_VALUES),
)
_FIRST = 5


def make_tally(
    counts: Counts,
    chains: Mapping[str, Iterable[Counted]],
    terms: Mapping[str, Iterable[CountedTerms]],
) -> Tally:
    """Return counts as a tally, both by kind of activity."""
    return {
        "requests": counts.requests,
        "invitations": counts.invitations,
        "chains": {key: _numbers(chain_of(rows)) for key, rows in sorted(chains.items())},
        "worths": [
            [key, kind, currency, count, None if worth is None else str(worth)]
            for key, rows in sorted(terms.items())
            for kind, currency, count, worth in sorted(rows, key=lambda row: row[:2])
        ],
    }


def _numbers(chain: Chain) -> list[int]:
    told = {**chain.day, **chain.words}
    first = (chain.planned, chain.cancelled, chain.held, chain.missed, chain.both)
    return [*first, *(told[name] for name in NUMBERS[_FIRST:])]


def add_tallies(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of several tallies."""
    requests = invitations = 0
    chains: dict[str, list[int]] = {}
    worths: dict[tuple[str, str, str], tuple[int, Decimal | None]] = {}
    for one in tallies:
        requests += one["requests"]
        invitations += one["invitations"]
        for key, numbers in one["chains"].items():
            before = chains.get(key, [0] * len(NUMBERS))
            chains[key] = [a + b for a, b in zip(before, numbers, strict=True)]
        for activity, kind, currency, count, amount in one["worths"]:
            had, sum_ = worths.get((activity, kind, currency), (0, None))
            more = sum_ if amount is None else (sum_ or Decimal(0)) + Decimal(amount)
            worths[activity, kind, currency] = (had + count, more)
    return {
        "requests": requests,
        "invitations": invitations,
        "chains": dict(sorted(chains.items())),
        "worths": [
            [*key, count, None if amount is None else str(amount)]
            for key, (count, amount) in sorted(worths.items())
        ],
    }


def counts_in(tally: Tally) -> Counts:
    """Return the counts of the steps before the meetings."""
    return Counts(tally["requests"], tally["invitations"])


def chain_in(tally: Tally, activity: str | None = None) -> Chain:
    """Return the outcomes of the meetings, of one kind of activity or of all."""
    total: Counter[str] = Counter()
    for key, numbers in tally["chains"].items():
        if activity in (None, key):
            total.update(dict(zip(NUMBERS, numbers, strict=True)))
    agreements = total[Rating.Value.AGREEMENT]
    cooperations = agreements + total[Rating.Value.NEGOTIATING]
    words = {one.value: total[one] for one in LATER_VALUES}
    later = sum(words.values())
    return Chain(
        total["planned"],
        total["cancelled"],
        total["held"],
        total["missed"],
        total["both"],
        {one.value: total[one] for one in DAY_VALUES},
        words,
        rate_of(cooperations, later, REFERENCE_COOPERATIONS),
        rate_of(agreements, later, REFERENCE_AGREEMENTS),
    )


def terms_in(tally: Tally, activity: str | None = None) -> Terms:
    """Return the agreements, of one kind of activity or of all."""
    return terms_of(
        (kind, currency, count, None if amount is None else Decimal(amount))
        for key, kind, currency, count, amount in tally["worths"]
        if activity in (None, key)
    )
