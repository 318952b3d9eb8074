"""Activity of each desk of a partnership, in numbers; nothing else of the other side is shown."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from proxeny.meetings.models import Meeting
from proxeny.meetings.outcome_days import Days
from proxeny.meetings.queries.outcome import Chain, Counted, chain_of, count_by, shown_meetings
from proxeny.meetings.queries.terms import CountedTerms, Terms, count_terms, terms_of


@dataclass(frozen=True, slots=True)
class Totals:
    """Activity of one desk within some days, and its open tasks.

    Attributes
    ----------
    noted, asked, agreed : int
        Introductions noted; those whose two sides were asked; those that both accepted.
    put_aside, refused_by_member, refused_by_other : int
        Those that the desk, the member or the other side ended.
    mandates, accepted, declined, unmet : int
        Mandates asked; accepted and declined; those asked that led to no introduction.
    open, late, booked, waiting : int
        Now, whatever the days: open introductions, those whose next step is late, booked meetings
        to come, and mandates without a last word.
    days_to_yes, days_to_meeting : float or None
        Median days from asking to the second yes, and to a meeting that was held.
    """

    cluster_id: int
    is_own: bool
    noted: int
    asked: int
    agreed: int
    put_aside: int
    refused_by_member: int
    refused_by_other: int
    open: int
    late: int
    booked: int
    mandates: int
    accepted: int
    declined: int
    waiting: int
    unmet: int
    days_to_yes: float | None
    days_to_meeting: float | None

    @property
    def has_done(self) -> bool:
        """Whether there was any request or activity within the days."""
        ended = self.put_aside + self.refused_by_member + self.refused_by_other
        return bool(self.noted or self.asked or self.agreed or self.mandates or ended)

    @property
    def has_begun(self) -> bool:
        """Whether there is anything to report, within these days or today."""
        return bool(self.has_done or self.open or self.waiting)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Outcomes of meetings, counted by key."""

    chains: Mapping[int, Sequence[Counted]]
    terms: Mapping[int, Sequence[CountedTerms]]

    def of(self, *keys: int) -> tuple[Chain, Terms]:
        """Return the total outcomes of the meetings with one of these keys."""
        return (
            chain_of(row for key in keys for row in self.chains.get(key, ())),
            terms_of(row for key in keys for row in self.terms.get(key, ())),
        )


def read_totals(partnership_id: int, days: Days, *, today: date) -> list[Totals]:
    """Return the activity of each desk of a partnership, by sides. One query.

    For people of its teams; the database returns nothing to all others.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proxeny_desk_totals(%s, %s, %s, %s)",
            [partnership_id, *_moments(days), today],
        )
        return [Totals(**json.loads(row)) for (row,) in cursor.fetchall()]


def _moments(days: Days) -> tuple[datetime | None, datetime | None]:
    """Return the first moment of the days, and the one after their last."""
    end = days.until + timedelta(days=1) if days.until else None
    return (
        datetime.combine(days.since, time.min, days.zone) if days.since else None,
        datetime.combine(end, time.min, days.zone) if end else None,
    )


def read_chains(partnership_id: int, days: Days) -> Outcomes:
    """Return the outcomes of the meetings each desk arranged, by its cluster. Two queries.

    Of meetings that began within the days, as both teams read all meetings of the room.
    """
    desks = Meeting.objects.filter(partnership_id=partnership_id, desk__isnull=False)
    return add_up(partnership_id, days, desks.values_list("pk", F("desk_id")))


def add_up(partnership_id: int, days: Days, pairs: QuerySet[Any]) -> Outcomes:
    """Count the outcomes of the desks' meetings by a key of each. Two queries."""
    meetings = shown_meetings(partnership_id).filter(days.holds("starts_at"), desk__isnull=False)
    chains: dict[int, list[Counted]] = {}
    for key, row in count_by(meetings, [pairs]):
        chains.setdefault(int(key or 0), []).append(row)
    terms: dict[int, list[CountedTerms]] = {}
    for key, told in count_terms(meetings, [pairs]):
        terms.setdefault(int(key or 0), []).append(told)
    return Outcomes(chains, terms)
