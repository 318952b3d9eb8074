"""Event data for comparing meeting outcomes: the event, the requests behind a meeting, counts."""

from collections.abc import Collection
from typing import Any

from django.db.models import Case, F, FilteredRelation, Q, QuerySet, Value, When
from django.db.models.functions import Greatest, Least

from proxeny.events.models import AgendaEntry, Event, MeetingRequest, Participation
from proxeny.kernel.tenancy import as_service
from proxeny.meetings.outcome_days import Days
from proxeny.meetings.outcome_groups import Counts, Source

_ASKED = {MeetingRequest.Kind.MUST: Source.MUST, MeetingRequest.Kind.WISH: Source.WISH}


def events_of(partnership_id: int) -> QuerySet[Any]:
    """Return the meetings of a partnership with the event of each."""
    entries = AgendaEntry.objects.filter(event__partnership_id=partnership_id)
    return entries.values_list("meeting_id", "event_id")


def name_events(event_ids: Collection[int]) -> dict[int, str]:
    """Return what events are called. One query."""
    return dict(Event.objects.filter(pk__in=event_ids).values_list("pk", "title"))


def sources_of(partnership_id: int) -> QuerySet[Any]:
    """Return the meetings of a partnership's events with their source, several times at most.

    As far as the reader sees what was asked for. The agenda places what somebody asked for; all
    else was put there by hand, or its request has been taken back since.
    """
    entries = AgendaEntry.objects.filter(event__partnership_id=partnership_id).annotate(
        there=FilteredRelation("first__requests", condition=Q(first__requests__target=F("second"))),
        back=FilteredRelation("second__requests", condition=Q(second__requests__target=F("first"))),
    )
    asked = [
        When(Q(there__kind=kind) | Q(back__kind=kind), then=Value(source.value))
        for kind, source in _ASKED.items()
    ]
    return entries.values_list("meeting_id", Case(*asked, default=Value(Source.HAND.value)))


def count_requests(partnership_id: int, days: Days) -> Counts:
    """Count musts and wishes at a partnership's events, and the pairs to be invited for them.

    Counts events that begin within the days. A pair is two registered participants of which one or
    both asked. Two queries, in the service role: each team reads the counts, and only readers with
    access to the requests read the names.
    """
    asked = MeetingRequest.objects.filter(
        days.holds_day("event__starts_on"),
        event__partnership_id=partnership_id,
        kind__in=list(_ASKED),
    )
    there = Participation.State.REGISTERED
    pairs = asked.filter(source__state=there, target__state=there).annotate(
        one=Least("source_id", "target_id"), other=Greatest("source_id", "target_id")
    )
    with as_service("A team reads how much was asked for, but may not see who asked for whom."):
        return Counts(asked.count(), pairs.order_by().values("one", "other").distinct().count())
