"""The rows behind a figure, as far as the reader may read them.

Meetings and the reports on them are read by all of a room's team: they are found in the service
role, for readers already admitted to the room, since policies would check them one by one.
Everything else is found with the reader's own access.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    DecimalField,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least

from proxeny.ambassadors.models import Introduction, Mandate
from proxeny.events.models import MeetingRequest, Participation
from proxeny.insight.queries.outcome_waits import (
    ABROAD,
    ASKED,
    INTEREST,
    MANDATE,
    MEMBER,
    interests_told,
    mandates_asked,
    sides_asked,
)
from proxeny.kernel.tenancy import as_service
from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.outcome_days import Days
from proxeny.meetings.queries.outcome import shown_meetings
from proxeny.partnerships.models import Activity, Favour

_WHOLE = "Numbers and days of meetings that the whole team reads; the policies would weigh each."
#: What a row is: which table it stands in.
MEETING, CASE, MANDATE_ROW, REQUEST, SIDE, INTEREST_ROW, RATING, ACTIVITY, FAVOUR = (
    "meeting",
    "case",
    "mandate",
    "request",
    "side",
    "interest",
    "rating",
    "activity",
    "favour",
)
#: By what rows are sorted.
SORTED = ("day", "amount")
State = Meeting.State


@dataclass(frozen=True, slots=True)
class Place:
    """The room and the side that asks, and within which days."""

    partnership_id: int
    cluster_id: int
    clusters: Collection[int]
    days: Days


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a figure: source, number, day and amount (None where there is none).

    `whole`: the team reads all of them, and none needs to be counted to say so.
    """

    rows: QuerySet[Any]
    whole: bool = False
    has_amounts: bool = False

    def part(self, *, sort: str, first: int, count: int) -> list[tuple[str, int, datetime, Any]]:
        """Return a number of rows from index `first` on. One query."""
        name, down = sort.removeprefix("-"), sort.startswith("-")
        order = "row_amount" if name == "amount" and self.has_amounts else "row_day"
        with as_service(_WHOLE) if self.whole else nullcontext():
            found = self.rows.order_by(f"{'-' if down else ''}{order}", "row_number")
            return list(found[first : first + count])

    def total(self) -> int:
        """Return the number of rows the reader may read, with multiple counts."""
        with as_service(_WHOLE) if self.whole else nullcontext():
            if self.has_amounts and self.rows.model is Favour:
                return self.rows.aggregate(total=Sum("row_amount"))["total"] or 0
            return self.rows.count()


def find_rows(place: Place, code: str) -> Found | None:
    """Return the rows behind a figure by its code; None where there is no such figure."""
    kind, _dash, more = code.partition("-")
    if code in _MEETINGS:
        return Found(_tell(_meetings(place, code), MEETING, F("starts_at")), whole=True)
    if code in ("requests", "invitations"):
        return Found(_requests(place) if code == "requests" else _invitations(place))
    if kind == "wait":
        return _waits(place, more)
    found: Callable[[Place, str], Found] | None = _OTHERS.get(kind)
    return found(place, more) if found and more else None


def _tell(rows: QuerySet[Any], source: str, day: Any, amount: Any = None) -> QuerySet[Any]:
    none = Value(None, output_field=DecimalField(max_digits=20, decimal_places=2))
    told: QuerySet[Any] = (
        rows.order_by()
        .annotate(
            row_source=Value(source),
            row_number=F("pk"),
            row_day=Cast(day, DateTimeField()),
            row_amount=none if amount is None else amount,
        )
        .values_list("row_source", "row_number", "row_day", "row_amount")
    )
    return told


_SAID = Rating.objects.filter(party__meeting=OuterRef("pk"))


def _said(*values: str) -> Q:
    return Q(Exists(_SAID.filter(value__in=values)))


_COOPERATION = (Rating.Value.AGREEMENT, Rating.Value.NEGOTIATING)
_MEETINGS: Mapping[str, Callable[[], Q]] = {
    "planned": lambda: ~Q(state=State.CANCELLED),
    "cancelled": lambda: Q(state=State.CANCELLED),
    "held": lambda: Q(state=State.HELD),
    "missed": lambda: Q(state=State.MISSED),
    "possible": lambda: _said(Rating.Value.POSSIBLE),
    "both": lambda: Q(promising__gt=1),
    "cooperations": lambda: _said(*_COOPERATION),
    "cooperation-rate": lambda: _said(*_COOPERATION),
    "agreements": lambda: _said(Rating.Value.AGREEMENT),
    "agreement-rate": lambda: _said(Rating.Value.AGREEMENT),
}


def _meetings(place: Place, code: str) -> QuerySet[Meeting]:
    meetings = shown_meetings(place.partnership_id).filter(place.days.holds("starts_at"))
    if code == "both":
        said = Q(parties__ratings__value=Rating.Value.POSSIBLE)
        meetings = meetings.annotate(promising=Count("parties__ratings", filter=said))
    return meetings.filter(_MEETINGS[code]())


def _cases(place: Place, field: str) -> QuerySet[Any]:
    cases = Introduction.objects.filter(
        place.days.holds(field), partnership_id=place.partnership_id, **{f"{field}__isnull": False}
    )
    # One's own desk's; what a member reads of other cases is not the team's.
    return _tell(cases.filter(cluster_id=place.cluster_id), CASE, F(field))


def _asked(place: Place) -> QuerySet[MeetingRequest]:
    return MeetingRequest.objects.filter(
        place.days.holds_day("event__starts_on"),
        event__partnership_id=place.partnership_id,
        kind__in=(MeetingRequest.Kind.MUST, MeetingRequest.Kind.WISH),
    )


def _requests(place: Place) -> QuerySet[Any]:
    met = Introduction.objects.filter(mandate=OuterRef("pk"))
    mandates = Mandate.objects.filter(
        ~Exists(met),
        place.days.holds("asked_at"),
        partnership_id=place.partnership_id,
        cluster_id=place.cluster_id,
    )
    return _cases(place, "opened_at").union(
        _tell(mandates, MANDATE_ROW, F("asked_at")),
        _tell(_asked(place), REQUEST, F("event__starts_on")),
        all=True,
    )


def _invitations(place: Place) -> QuerySet[Any]:
    there = Participation.State.REGISTERED
    pairs = (
        _asked(place)
        .filter(source__state=there, target__state=there)
        .order_by()
        .annotate(one=Least("source_id", "target_id"), other=Greatest("source_id", "target_id"))
        .values("event_id", "one", "other")
        .annotate(first=Min("pk"))
        .values("first")
    )
    once = MeetingRequest.objects.filter(pk__in=pairs)
    return _cases(place, "asked_at").union(_tell(once, REQUEST, F("event__starts_on")), all=True)


def _waits(place: Place, kind: str) -> Found | None:
    if kind in (ASKED, MEMBER, ABROAD):
        sides = sides_asked(place.partnership_id, place.cluster_id)
        sides = sides.filter(place.days.holds("asked_at"))
        if kind != ASKED:
            sides = sides.filter(kind=kind)
        return Found(_tell(sides, SIDE, F("asked_at")))
    if kind == MANDATE:
        mandates = mandates_asked(place.partnership_id, place.cluster_id)
        mandates = mandates.filter(place.days.holds("asked_at"))
        return Found(_tell(mandates, MANDATE_ROW, F("asked_at")))
    if kind == INTEREST:
        interests = interests_told(place.clusters).filter(place.days.holds("created_at"))
        return Found(_tell(interests, INTEREST_ROW, F("created_at")))
    return None


def _worths(place: Place, currency: str) -> Found:
    """Return the agreements whose worth counts, as `meetings.queries.terms` chooses them."""
    own = Case(
        When(worth=None, then=Value(2)),
        When(currency=F("party__meeting__partnership__currency"), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    meetings = shown_meetings(place.partnership_id).filter(place.days.holds("starts_at"))
    agreed = Rating.objects.filter(value=Rating.Value.AGREEMENT, party__meeting__in=meetings)
    once = agreed.order_by(
        "party__meeting_id", own, F("worth").desc(nulls_last=True), "pk"
    ).distinct("party__meeting_id")
    rows = Rating.objects.filter(pk__in=once.values("pk"), currency=currency, worth__isnull=False)
    told = _tell(rows, RATING, F("party__meeting__starts_at"), F("worth"))
    return Found(told, whole=True, has_amounts=True)


def _costs(place: Place, _name: str) -> Found:
    done = Activity.objects.filter(
        partnership_id=place.partnership_id, dropped_at=None, state=Activity.State.DONE, cost__gt=0
    ).annotate(ended=Coalesce(F("done_on"), F("ends_on")))
    done = done.filter(place.days.holds_day("ended"))
    return Found(_tell(done, ACTIVITY, F("ended"), F("cost")), has_amounts=True)


def _favours(place: Place, kind: str) -> Found:
    noted = Favour.objects.filter(
        partnership_id=place.partnership_id, dropped_at=None, confirmed_at__isnull=False
    )
    if kind != "all":
        noted = noted.filter(kind=kind)
    amount = Cast("count", DecimalField(max_digits=20, decimal_places=2))
    return Found(_tell(noted, FAVOUR, F("happened_on"), amount), has_amounts=True)


_OTHERS: Mapping[str, Callable[[Place, str], Found]] = {
    "worth": _worths,
    "cost": _costs,
    "balance": _favours,
}


def numbers_by_source(rows: Sequence[tuple[str, int, datetime, Any]]) -> dict[str, list[int]]:
    """Return the numbers of rows by their table."""
    found: dict[str, list[int]] = {}
    for source, number, _day, _amount in rows:
        found.setdefault(source, []).append(number)
    return found
