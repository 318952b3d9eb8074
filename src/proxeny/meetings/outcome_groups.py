"""What meetings are grouped by when their outcomes are compared, and what came before them.

Parts above tell what they know.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, IntegerChoices, QuerySet, Value
from django.utils.translation import gettext_lazy as _

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
    """Where a meeting came from; of several, the first counts."""

    MUST = 1, _("Asked for: must meet")
    WISH = 2, _("Asked for: would like to")
    SUGGESTED = 3, _("Proposed as an introduction")
    HAND = 4, _("Set by hand")
    MANDATE = 5, _("Asked of the ambassador")
    DESK = 6, _("Arranged by the ambassador")


@dataclass(frozen=True, slots=True)
class Counts:
    """How often somebody asked to meet somebody, and how often two were asked to come together."""

    requests: int = 0
    invitations: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Return the sum of both."""
        return Counts(self.requests + other.requests, self.invitations + other.invitations)


#: From a partnership's number and days to how often was asked. The reader is of one of its teams,
#: which is checked before; two queries at most, and the answer names nobody.
Count = Callable[[int, Days], Counts]


_GROUPINGS: dict[str, Grouping] = {}
_SOURCES: list[Pairs] = []
_COUNTS: list[Count] = []


def tell_groups(code: str, grouping: Grouping) -> None:
    """Register one way of grouping, to be told when Django is ready."""
    _GROUPINGS[code] = grouping


def tell_sources(pairs: Pairs) -> None:
    """Register where meetings came from: their keys are those of `Source`."""
    if pairs not in _SOURCES:
        _SOURCES.append(pairs)


def tell_requests(count: Count) -> None:
    """Register how often was asked for meetings, to be told when Django is ready."""
    if count not in _COUNTS:
        _COUNTS.append(count)


def count_requests(partnership_id: int, days: Days) -> Counts:
    """Add up how often was asked for meetings of a partnership, by all that tell it."""
    return sum((count(partnership_id, days) for count in _COUNTS), Counts())


def grouping_of(code: str) -> Grouping | None:
    """Return a way of grouping that was told, or None."""
    return _GROUPINGS.get(code)


def sources() -> tuple[Pairs, ...]:
    """Return all that tell where meetings came from."""
    return tuple(_SOURCES)


def introduced(partnership_id: int) -> QuerySet[Any]:
    """Return the meetings whose two sides a plan proposed to each other, and a team kept it."""
    kept = ProposedIntroduction.objects.filter(
        partnership_id=partnership_id, state=ProposedIntroduction.State.KEPT,
        left__meeting_parties__meeting__partnership_id=partnership_id,
        left__meeting_parties__meeting__parties__organisation=F("right"),
        decided_at__lt=F("left__meeting_parties__meeting__starts_at"),
    )  # fmt: skip
    return kept.values_list("left__meeting_parties__meeting_id", Value(Source.SUGGESTED.value))
