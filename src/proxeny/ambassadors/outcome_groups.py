"""Desk data for comparing meeting outcomes: sources of meetings, and numbers of requests."""

from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from proxeny.ambassadors.models import Introduction
from proxeny.ambassadors.queries.totals import read_totals
from proxeny.meetings.models import Meeting
from proxeny.meetings.outcome_days import Days
from proxeny.meetings.outcome_groups import Counts, Source


def sources_of(partnership_id: int) -> QuerySet[Any]:
    """Return the meetings that desks arranged, each with its source.

    That a member had asked for one is known to its own cluster alone: to the other side it reads
    as arranged by the ambassador.
    """
    asked = When(introduction__source=Introduction.Source.MANDATE, then=Value(Source.MANDATE.value))
    source = Case(asked, default=Value(Source.DESK.value))
    met = Meeting.objects.filter(partnership_id=partnership_id, desk__isnull=False)
    return met.values_list("pk", source)


def count_requests(partnership_id: int, days: Days) -> Counts:
    """Count the requests to desks and the invitations by them, within the days. One query.

    A request is an introduction that a desk noted, or a mandate that has led to none: where it has,
    the introductions count instead. An invitation is an introduction whose two sides were asked.
    """
    totals = read_totals(partnership_id, days, today=timezone.localdate())
    return Counts(sum(one.noted + one.unmet for one in totals), sum(one.asked for one in totals))
