"""Waiting times of requests, as a team sees them: grouped in the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    DateTimeField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors.models import Introduction, Mandate, Side
from proxeny.directory.models import Interest
from proxeny.insight.queries.outcome_counts import quarter_text
from proxeny.meetings.outcome_days import Days

MEMBER, ABROAD, MANDATE, INTEREST = "member", "abroad", "mandate", "interest"
#: Both sides of introductions together.
ASKED = "asked"
KINDS = {
    ASKED: _("Invited to meet: both sides together"),
    MEMBER: _("Invited to meet: own members"),
    ABROAD: _("Invited to meet: those abroad"),
    MANDATE: _("Mandates: until the desk answered"),
    INTEREST: _("Interest in offers and needs: until answered"),
}
#: How a wait ended: with an answer, without one (both took so many hours), or not yet.
ANSWERED, ENDED, WAITING = "answered", "ended", "waiting"


@dataclass(frozen=True, slots=True)
class Wait:
    """So many waits that were asked in one quarter and went alike.

    `hours` is None, and `since` the day, of those that still wait.
    """

    kind: str
    quarter: str
    how: str
    hours: int | None
    since: date | None
    count: int

    def hours_until(self, today: date) -> int:
        """Return the waiting time in hours, in whole days for those that still wait."""
        if self.since is None:
            return self.hours or 0
        return 24 * max(0, (today - self.since).days)


def read_waits(
    partnership_id: int, cluster_id: int, clusters: Collection[int], days: Days
) -> list[Wait]:
    """Return the waits for answers to requests made within a range of days. Three queries.

    Introductions and mandates are those of the own desk, which is all that a team reads; interest
    is that between members of the room's clusters.
    """
    return [
        *_gather(sides_asked(partnership_id, cluster_id), "asked_at", days),
        *_gather(mandates_asked(partnership_id, cluster_id), "asked_at", days),
        *_gather(interests_told(clusters), "created_at", days),
    ]


def sides_asked(partnership_id: int, cluster_id: int) -> QuerySet[Any]:
    """Return the sides that the own desk asked to meet, with `kind`, `how` and `ends`."""
    sides = Side.objects.filter(
        partnership_id=partnership_id, cluster_id=cluster_id, asked_at__isnull=False
    )
    over = Introduction.State.CLOSED
    return sides.annotate(
        kind=Case(When(role=Side.Role.MEMBER, then=Value(MEMBER)), default=Value(ABROAD)),
        how=Case(
            When(answered_at__gte=F("asked_at"), then=Value(ANSWERED)),
            When(introduction__state=over, then=Value(ENDED)),
            default=Value(WAITING),
        ),
        ends=Case(
            When(answered_at__gte=F("asked_at"), then=F("answered_at")),
            When(introduction__state=over, then=F("introduction__changed_at")),
            output_field=DateTimeField(),
        ),
    )


def mandates_asked(partnership_id: int, cluster_id: int) -> QuerySet[Any]:
    """Return members' requests to the own desk, with `kind`, `how` and `ends`."""
    mandates = Mandate.objects.filter(partnership_id=partnership_id, cluster_id=cluster_id)
    waits = Q(state__in=(Mandate.State.ASKED, Mandate.State.QUESTION), answered_at=None)
    # When one without an answer was taken back is not known: it tells nothing.
    return mandates.filter(waits | Q(answered_at__gte=F("asked_at"))).annotate(
        kind=Value(MANDATE),
        how=Case(When(waits, then=Value(WAITING)), default=Value(ANSWERED)),
        ends=F("answered_at"),
    )


def interests_told(clusters: Collection[int]) -> QuerySet[Any]:
    """Return interest between clusters of a room, with `kind`, `how` and `ends`."""
    found = Interest.objects.filter(sender__in=clusters, receiver__in=clusters).exclude(
        sender=F("receiver")
    )
    over = Interest.State.WITHDRAWN
    return found.annotate(
        kind=Value(INTEREST),
        how=Case(
            When(state=over, then=Value(ENDED)),
            When(decided_at__isnull=False, then=Value(ANSWERED)),
            default=Value(WAITING),
        ),
        ends=Coalesce("decided_at", Case(When(state=over, then=F("updated_at")))),
    )


def _gather(rows: QuerySet[Any], asked: str, days: Days) -> Sequence[Wait]:
    hours = Func(
        F("ends"),
        F(asked),
        arg_joiner=" - ",
        output_field=IntegerField(),
        template="greatest(0, floor(extract(epoch FROM %(expressions)s) / 3600))::integer",
    )
    since = Case(When(how=WAITING, then=TruncDate(asked)), output_field=DateField())
    found = (
        rows.filter(days.holds(asked))
        .order_by()
        .values_list("kind", quarter_text(asked), "how", hours, since)
        .annotate(Count("pk"))
    )
    return [Wait(*row) for row in found]
