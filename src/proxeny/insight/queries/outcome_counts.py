"""Outcomes of a room's meetings, counted by quarter: grouped in the database.

A room's team reads all of its business meetings and the reports on them, but policies would check
each row: everything here counts in the service role, and is for readers already admitted to the
room.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    BigIntegerField,
    BitXor,
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Concat
from django.utils import timezone

from proxeny.ambassadors.models import Introduction, Mandate
from proxeny.events.models import AgendaEntry, MeetingRequest
from proxeny.insight.aggregates import DESK, EVENT, OTHER, Tally, make_tally
from proxeny.insight.quarters import days_of
from proxeny.kernel.tenancy import as_service
from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.outcome_days import Days
from proxeny.meetings.outcome_groups import count_requests
from proxeny.meetings.queries.outcome import count_by, shown_meetings
from proxeny.meetings.queries.terms import count_terms
from proxeny.meetings.rules import OPEN

#: By quarter, what stands there: equal marks, equal rows.
Marks = dict[str, list[Any]]


def quarter_text(field: str) -> Func:
    """Return the quarter of a moment in the house's time zone, such as `2026-Q3`."""
    zone = Value(str(timezone.get_default_timezone()))
    return Func(
        F(field),
        zone,
        template="to_char(%(expressions)s, 'YYYY\"-Q\"Q')",
        arg_joiner=" AT TIME ZONE ",
        output_field=CharField(),
    )


def _quarter_of_day(field: str) -> Func:
    return Func(
        F(field),
        template="to_char(%(expressions)s::timestamp, 'YYYY\"-Q\"Q')",
        output_field=CharField(),
    )


def _print(*fields: str) -> BitXor:
    """Return a print of some fields of all rows, whatever their order: another value, another print."""
    line = Func(
        *(F(one) for one in fields),
        output_field=BigIntegerField(),
        template="hashtextextended(concat_ws('|', %(expressions)s), 0)",
    )
    return BitXor(line)


def read_marks(partnership_id: int) -> tuple[Marks, datetime | None]:
    """Return a fingerprint of each quarter, and the newest moment. Six queries, all grouped."""
    meetings = shown_meetings(partnership_id).order_by()
    ratings = (
        Rating.objects.filter(
            party__meeting__partnership_id=partnership_id,
            party__meeting__kind=Meeting.Kind.BUSINESS,
        )
        .exclude(party__meeting__state__in=OPEN)
        .order_by()
    )
    with as_service("Rows hidden from the team are changes too; only counts and hashes come out."):
        found = [
            list(
                meetings.values_list(quarter_text("starts_at")).annotate(
                    Count("pk"), print=_print("pk", "state", "desk"), newest=Max("updated_at")
                )
            ),
            list(
                ratings.values_list(quarter_text("party__meeting__starts_at")).annotate(
                    Count("pk"),
                    print=_print("pk", "value", "agreed", "worth", "currency"),
                    newest=Max("rated_at"),
                )
            ),
            *(list(rows) for rows in _asked(partnership_id)),
        ]
    marks: Marks = {}
    moments: list[datetime] = []
    for place, rows in enumerate(found):
        for quarter, *mark in rows:
            moments += [one for one in mark if isinstance(one, datetime)]
            told = [one.isoformat() if isinstance(one, datetime) else one for one in mark]
            marks.setdefault(quarter, [None] * len(found))[place] = told
    return marks, max(moments, default=None)


def _asked(partnership_id: int) -> Iterable[QuerySet[Any]]:
    """Yield counts of requests and invitations, by quarter."""
    cases = Introduction.objects.filter(partnership_id=partnership_id).order_by()
    yield cases.values_list(quarter_text("opened_at")).annotate(Count("pk"))
    yield (
        cases.filter(asked_at__isnull=False)
        .values_list(quarter_text("asked_at"))
        .annotate(Count("pk"))
    )
    met = Exists(Introduction.objects.filter(mandate=OuterRef("pk")))
    mandates = Mandate.objects.filter(partnership_id=partnership_id).order_by()
    yield (
        mandates.annotate(unmet=~met)
        .values_list(quarter_text("asked_at"))
        .annotate(count=Count("pk", filter=Q(unmet=True)))
    )
    asked = MeetingRequest.objects.filter(event__partnership_id=partnership_id).order_by()
    yield (
        asked.values_list(_quarter_of_day("event__starts_on")).annotate(
            Count("pk"), print=_print("pk", "kind", "source__state", "target__state")
        )
    )


def _within(quarters: Collection[str]) -> Q:
    zone = timezone.get_default_timezone()
    ranges = (Days(zone, *days_of(one)).holds("starts_at") for one in quarters)
    return reduce(or_, ranges, Q(pk__in=[]))


def _activity(partnership_id: int) -> Case:
    events = AgendaEntry.objects.filter(event__partnership_id=partnership_id)
    return Case(
        When(desk__isnull=False, then=Value(DESK)),
        When(pk__in=events.values("meeting_id"), then=Value(EVENT)),
        default=Value(OTHER),
    )


def count_quarters(partnership_id: int, quarters: Collection[str]) -> dict[str, Tally]:
    """Return the outcomes of some quarters. Two queries for all, and few for each.

    The reader is of a team of the room.
    """
    if not quarters:
        return {}
    meetings = shown_meetings(partnership_id).filter(_within(quarters))
    key = Concat(quarter_text("starts_at"), Value("|"), _activity(partnership_id))
    chains, terms = _count(meetings, key)
    zone = timezone.get_default_timezone()
    return {
        one: make_tally(
            count_requests(partnership_id, Days(zone, *days_of(one))),
            chains.get(one, {}),
            terms.get(one, {}),
        )
        for one in quarters
    }


def count_days(partnership_id: int, days: Days) -> Tally:
    """Return the outcomes of a range of days, as `count_quarters` of a quarter."""
    meetings = shown_meetings(partnership_id).filter(days.holds("starts_at"))
    chains, terms = _count(meetings, Concat(Value("|"), _activity(partnership_id)))
    return make_tally(count_requests(partnership_id, days), chains.get("", {}), terms.get("", {}))


def _count(
    meetings: QuerySet[Meeting], key: Any
) -> tuple[dict[str, dict[str, list[Any]]], dict[str, dict[str, list[Any]]]]:
    """Return chains and terms by the two parts of a key, which a bar divides."""
    pairs = [meetings.order_by().values_list("pk", key)]
    with as_service("The room's team reads all of its meetings; the policies would weigh each."):
        return _split(count_by(meetings, pairs)), _split(count_terms(meetings, pairs))


def _split(rows: Iterable[tuple[str | None, Any]]) -> dict[str, dict[str, list[Any]]]:
    found: dict[str, dict[str, list[Any]]] = {}
    for key, row in rows:
        quarter, activity = (key or "|").split("|")
        found.setdefault(quarter, {}).setdefault(activity, []).append(row)
    return found
