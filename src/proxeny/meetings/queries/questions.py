"""Meetings that wait for the reader's word, or have it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.meetings.rules import AGREED, LATER_AFTER
from proxeny.partnerships.models import Partnership


@dataclass(frozen=True, slots=True)
class Question:
    """Meeting that waits for, or already has, the reader's rating.

    `agreed`, `worth` and `currency` are those of an agreement; `usual_currency` is the currency of
    the partnership's amounts.
    """

    meeting_id: int
    title: str
    starts_at: datetime
    time_zone: str
    others: str
    phase: str
    value: str
    note: str
    agreed: str
    worth: Decimal | None
    currency: str
    usual_currency: str


def list_questions(reader: Reader, *, now: datetime) -> list[Question]:
    """Return "how did it go" for the reader's meetings that have begun; three queries.

    First what has no answer, the latest first. Six months after a meeting that was held, the
    question is about the outcome.
    """
    # Participants may see nothing else of the partnership: a join would drop the meeting, too.
    usual = Partnership.objects.filter(pk=OuterRef("meeting__partnership_id")).values("currency")
    own = _own_past(reader, now).annotate(usual_currency=Subquery(usual))
    own = own.select_related("meeting").prefetch_related("ratings")
    parties: list[Any] = sorted(own, key=lambda party: party.meeting.starts_at, reverse=True)
    others = _names_of_others(parties)
    questions = [_question(party, others[party.pk], now) for party in parties]
    return sorted(questions, key=lambda question: bool(question.value))


def _names_of_others(own: list[MeetingParty]) -> dict[int, str]:
    ids = {party.meeting_id for party in own}
    names: dict[int, list[tuple[int, str]]] = {}
    rows = MeetingParty.objects.filter(meeting_id__in=ids).values_list(
        "meeting_id", "pk", "organisation__name"
    )
    for meeting_id, party_id, name in rows.order_by("pk"):
        names.setdefault(meeting_id, []).append((party_id, name))
    return {
        party.pk: ", ".join(n for pk, n in names[party.meeting_id] if pk != party.pk)
        for party in own
    }


def _question(party: Any, others: str, now: datetime) -> Question:
    meeting: Meeting = party.meeting
    ripe = meeting.state == Meeting.State.HELD and meeting.ends_at <= now - LATER_AFTER
    phase = Rating.Phase.LATER if ripe else Rating.Phase.DAY
    said = next((rating for rating in party.ratings.all() if rating.phase == phase), None)
    return Question(
        meeting_id=meeting.pk,
        title=meeting.title,
        starts_at=meeting.starts_at,
        time_zone=meeting.time_zone,
        others=others,
        phase=phase,
        value=said.value if said else "",
        note=said.note if said else "",
        agreed=said.agreed if said else "",
        worth=said.worth if said else None,
        currency=said.currency if said else "",
        usual_currency=party.usual_currency or "",
    )


def find_open_questions(reader: Reader, *, now: datetime) -> QuerySet[MeetingParty]:
    """Return the reader's places at meetings of which they are yet to say how it went.

    With `is_ripe`, whether the question is what came of it. The latest meeting comes first.
    """
    ripe = Q(meeting__state=Meeting.State.HELD, meeting__ends_at__lte=now - LATER_AFTER)
    day, later = (
        Exists(Rating.objects.filter(party=OuterRef("pk"), phase=phase))
        for phase in (Rating.Phase.DAY, Rating.Phase.LATER)
    )
    found = _own_past(reader, now).annotate(is_ripe=ExpressionWrapper(ripe, BooleanField()))
    return found.filter(Q(~later, is_ripe=True) | Q(~day, is_ripe=False)).order_by(
        "-meeting__starts_at", "pk"
    )


def count_open_questions(reader: Reader, *, now: datetime) -> int:
    """Return how many meetings of the reader wait for their word; one query."""
    return find_open_questions(reader, now=now).count()


def _own_past(reader: Reader, now: datetime) -> QuerySet[MeetingParty]:
    """Return the reader's places at business meetings that have begun."""
    return (
        MeetingParty.objects.filter(organisation_id__in=reader.organisations)
        .filter(Q(person_id=reader.person) | Q(person__isnull=True))
        .filter(
            meeting__kind=Meeting.Kind.BUSINESS,
            meeting__state__in=AGREED,
            meeting__starts_at__lte=now,
        )
    )
