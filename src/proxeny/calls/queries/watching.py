"""Watched calls of a person, and watchers with pending news."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy

from proxeny.calls.models import Call, CallWatch
from proxeny.calls.queries.calls import LONG
from proxeny.calls.rules import BRUSSELS
from proxeny.kernel.lists import join_items
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader

_LONG = tuple(f"call__{name}" for name in (*LONG, "search_text", "search_vector"))
#: Today tells of watched calls that close within so many days.
SOON = timedelta(days=30)


def next_deadline(call: Call, *, now: datetime) -> datetime | None:
    """Return when the call closes next: of one in two stages the second, once the first is over."""
    coming = [one for one in (call.closes_at, call.second_closes_at) if one and one > now]
    return coming[0] if coming else None


def days_until(moment: datetime, *, now: datetime) -> int:
    """Return how many days there are until a moment, as calendars in Brussels count them."""
    return (moment.astimezone(BRUSSELS).date() - now.astimezone(BRUSSELS).date()).days


def find_watch(reader: Reader, call_id: int) -> CallWatch | None:
    """Return how the reader watches a call, or None. One query."""
    return CallWatch.objects.filter(person=reader.person, call_id=call_id).first()


#: Watched calls; unsorted, the next to close comes first.
WATCHED = Rows(
    "watched-calls",
    (
        Column("title", gettext_lazy("Call"), lambda one: one.call.title, ("call__title",)),
        Column(
            "reference",
            gettext_lazy("Reference"),
            lambda one: one.call.reference,
            ("call__reference",),
        ),
        Column(
            "closes", gettext_lazy("Closes"), lambda one: one.call.closes_at, ("call__closes_at",)
        ),
        Column("days", gettext_lazy("Days before"), lambda one: join_items(one.days_before)),
    ),
    search=("call__title", "call__reference", "call__programme"),
)


def list_watched(reader: Reader) -> QuerySet[CallWatch]:
    """Return the watched calls that the reader still sees, the next to close first."""
    found = CallWatch.objects.filter(person=reader.person, call__in=Call.objects.all())
    return (
        found.select_related("call__steward")
        .defer(*_LONG)
        .order_by(
            F("call__put_away_at").asc(nulls_first=True),
            F("call__closes_at").asc(nulls_last=True),
            "pk",
        )
    )


def count_hidden(reader: Reader) -> int:
    """Return how many calls the reader watches and does not see any more. One query."""
    watched = CallWatch.objects.filter(person=reader.person)
    return watched.exclude(call__in=Call.objects.all()).count()


@dataclass(frozen=True, slots=True)
class Closing:
    """A watched call that closes soon."""

    call: Call
    closes_at: datetime
    days: int


def list_closing(reader: Reader, *, now: datetime, most: int) -> list[Closing]:
    """Return the calls that the reader watches and that close within `SOON`. One query."""
    if reader.person is None:
        return []
    until = now + SOON
    found = Call.objects.filter(
        Q(closes_at__gt=now, closes_at__lte=until)
        | Q(second_closes_at__gt=now, second_closes_at__lte=until),
        watches__person=reader.person,
        put_away_at=None,
    ).defer(*LONG)
    told = []
    for call in found.order_by("closes_at", "pk")[:most]:
        closes_at = next_deadline(call, now=now)
        if closes_at is not None and closes_at <= until:
            told.append(Closing(call, closes_at, days_until(closes_at, now=now)))
    return told


@dataclass(frozen=True, slots=True)
class News:
    """News for the watcher of a call.

    Attributes
    ----------
    kind : {"", "due", "set", "moved", "gone"}
        It closes soon; a deadline was set; it moved; none lies ahead any more. Empty: nothing to
        report, but the known deadline has to be updated.
    deadline : datetime or None
        The current deadline.
    """

    kind: Literal["", "due", "set", "moved", "gone"]
    deadline: datetime | None


def news_of(watch: CallWatch, *, now: datetime) -> News | None:
    """Return the news for the watcher of a call, with the call loaded; None: nothing."""
    call, told = watch.call, watch.told_closes_at
    deadline = next_deadline(call, now=now)
    if told == deadline:
        return News("due", deadline) if deadline and _due(watch, deadline, now) else None
    if deadline is None:
        return News("gone", None) if told is not None and told > now else None
    if told is None:
        return News("set", deadline)
    # The first stage is over: the watcher knows both deadlines.
    is_next_stage = told == call.closes_at and told <= now
    return News("" if is_next_stage else "moved", deadline)


def _due(watch: CallWatch, deadline: datetime, now: datetime) -> bool:
    passed = days_passed(watch.days_before, deadline, now=now)
    return not set(passed) <= set(watch.reminded)


def days_passed(
    days_before: Iterable[int], deadline: datetime | None, *, now: datetime
) -> list[int]:
    """Return those of some numbers of days before a deadline that have come already."""
    if deadline is None:
        return []
    left = days_until(deadline, now=now)
    return sorted(one for one in days_before if left <= one)


def watches_to_tell(*, now: datetime) -> list[int]:
    """Return the watches of which there is something to tell. One query; service role."""
    found = CallWatch.objects.filter(
        Q(call__closes_at__gt=now) | Q(call__second_closes_at__gt=now) | Q(told_closes_at__gt=now),
        call__put_away_at=None,
    )
    return [
        one.pk
        for one in found.select_related("call").defer(*_LONG).order_by("pk").iterator()
        if news_of(one, now=now) is not None
    ]
