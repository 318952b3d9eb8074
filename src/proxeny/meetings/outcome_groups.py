"""Groupings of meetings for comparing outcomes, and the requests before them.

Higher-level packages register what they know.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, IntegerChoices, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.hooks import Hook, KeyedHook
from proxeny.meetings.outcome_days import Days
from proxeny.partnerships.models import ProposedIntroduction

#: From a partnership's number to rows of (meeting, key); never evaluated alone, but joined in SQL.
Pairs = Callable[[int], QuerySet[Any]]
#: From keys to what people call them; one query at most.
Names = Callable[[Collection[int]], Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way of grouping: a meeting has one key or none."""

    pairs: Pairs
    name: Names


class Source(IntegerChoices):
    """Source of a meeting; of several, the first counts."""

    MUST = 1, _("Requested: must meet")
    WISH = 2, _("Requested: would like to meet")
    SUGGESTED = 3, _("Proposed as an introduction")
    HAND = 4, _("Set manually")
    MANDATE = 5, _("Requested from the ambassador")
    DESK = 6, _("Arranged by the ambassador")


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of requests to meet, and of invitations of two to meet each other."""

    requests: int = 0
    invitations: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Return the sum of both."""
        return Counts(self.requests + other.requests, self.invitations + other.invitations)


#: From a partnership's number and days to how often was asked. The reader is of one of its teams,
#: which is checked before; two queries at most, and the answer names nobody.
Count = Callable[[int, Days], Counts]


GROUPINGS: KeyedHook[Grouping] = KeyedHook("outcomes.groupings", "One way of grouping outcomes.")
SOURCES: Hook[Pairs] = Hook(
    "outcomes.sources", "Where meetings came from, by the keys of `Source`."
)
REQUESTS: Hook[Count] = Hook("outcomes.requests", "Counts requests for meetings.")


def count_requests(partnership_id: int, days: Days) -> Counts:
    """Add up the requests for meetings of a partnership, over all registered counters."""
    return sum((count(partnership_id, days) for count in REQUESTS), Counts())


def grouping_of(code: str) -> Grouping | None:
    """Return a registered grouping, or None."""
    return GROUPINGS.get(code)


def sources() -> tuple[Pairs, ...]:
    """Return all registered sources of meetings."""
    return tuple(SOURCES)


def introduced(partnership_id: int) -> QuerySet[Any]:
    """Return the meetings whose two sides a plan proposed to each other, and a team kept it."""
    kept = ProposedIntroduction.objects.filter(
        partnership_id=partnership_id,
        state=ProposedIntroduction.State.KEPT,
        left__meeting_parties__meeting__partnership_id=partnership_id,
        left__meeting_parties__meeting__parties__organisation=F("right"),
        decided_at__lt=F("left__meeting_parties__meeting__starts_at"),
    )
    return kept.values_list("left__meeting_parties__meeting_id", Value(Source.SUGGESTED.value))
