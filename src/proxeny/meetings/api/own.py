"""Meetings over the API: one's own, what one says of them, what came of them, and the calendar."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import Field

from proxeny.kernel.api import Id, In, Named, Out, exact, in_pages
from proxeny.kernel.api.times import Moment
from proxeny.meetings import operations, queries, rules
from proxeny.meetings.api._router import router
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.partnerships.sums import MOST_WORTH

Phase = Literal[*Rating.Phase.values]
Value = Literal[*Rating.Value.values]
MeetingState = Literal[*Meeting.State.values]
MeetingKind = Literal[*Meeting.Kind.values]
#: The states in which somebody hears of a meeting at all.
Told = Literal[*(state for state in Meeting.State.values if state != Meeting.State.DRAFT)]


class WordOut(Out):
    """What the own side said of a meeting: on the day, or six months later.

    Of an agreement also its kind, and what it is worth if that was told.
    """

    phase: Phase
    value: Value
    note: str
    agreed: Literal["", *Rating.Agreed.values]
    worth: Decimal | None
    currency: str
    rated_at: datetime


class MeetingPartyOut(Out):
    """Who comes, for which organisation. Words are those of the caller's side alone."""

    organisation: Named
    name: str
    is_own: bool
    words: list[WordOut]

    @staticmethod
    def resolve_is_own(party: MeetingParty, context: Any) -> bool:
        """Whether the caller belongs to this side."""
        return party.organisation_id in context["request"].reader.organisations

    @staticmethod
    def resolve_words(party: MeetingParty) -> list[Rating]:
        """The query has loaded the own ones along."""
        return party.own_words


class MeetingOut(Out):
    """A meeting. To those who are not of one of the two clusters it stays `confirmed`.

    A catch-up names no people here: `show_catch_up` tells who is asked.
    """

    id: int
    partnership_id: int
    kind: MeetingKind
    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    place: str
    state: MeetingState
    cancel_reason: str
    parties: list[MeetingPartyOut]

    @staticmethod
    def resolve_state(meeting: Meeting, context: Any) -> str:
        """As the caller may know it."""
        return queries.shown_state(meeting, context["request"].reader)

    @staticmethod
    def resolve_parties(meeting: Meeting) -> list[MeetingParty]:
        """In the order in which they were put down."""
        return list(meeting.parties.all())


class MeetingFilters(In):
    """Which meetings to list."""

    since: Moment | None = Field(None, description="Those that end after this moment.")
    until: Moment | None = Field(None, description="Those that begin before this moment.")
    partnership: Id | None = None
    state: Told | None = None


class QuestionOut(Out):
    """A meeting of the caller that waits for a word, or has it (`value`).

    `usual_currency` is that of `worth` if none is said.
    """

    meeting_id: int
    title: str
    starts_at: datetime
    time_zone: str
    others: str
    phase: Phase
    value: Literal["", *Rating.Value.values]
    note: str
    agreed: Literal["", *Rating.Agreed.values]
    worth: Decimal | None
    currency: str
    usual_currency: str
    choices: list[Value]

    @staticmethod
    def resolve_choices(question: queries.Question) -> list[str]:
        """The answers of this phase, in the order in which people read them."""
        return [value.value for value in rules.VALUES_OF[question.phase]]


class RatingIn(In):
    """One side's word on a meeting. `later` is the question after six months.

    An agreement, and nothing else, has a kind (`agreed`) and, if that is told, a `worth`; its
    currency is the partnership's where none is said.
    """

    phase: Phase
    value: Value
    note: Annotated[str, Field(max_length=2000)] = ""
    agreed: Literal["", *Rating.Agreed.values] = ""
    worth: exact(14, 2, least=0, most=MOST_WORTH) | None = None
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""


class MeetingRateOut(Out):
    """A rate with its limits at 95 % (Wilson), all in percent, beside ten events of the field."""

    count: int
    of: int
    percent: float
    low: float
    high: float
    reference: float


class MeetingsOutcomeOut(Out):
    """What came of meetings, step by step, from planned to agreement."""

    planned: int
    cancelled: int
    held: int
    missed: int
    rated: int
    possible: int
    both: int
    later: int
    cooperations: int
    agreements: int
    cooperation_rate: MeetingRateOut
    agreement_rate: MeetingRateOut


_CALENDAR = {"responses": {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}}


@router.get("", response=list[MeetingOut], summary="One's own meetings")
@in_pages("starts_at", "id")
def list_meetings(request: HttpRequest, filters: Query[MeetingFilters]) -> QuerySet[Meeting]:
    """Those the caller goes to, in the order of time; provisional ones may still change."""
    return queries.find_meetings(
        request.reader, since=filters.since, until=filters.until,
        partnership_id=filters.partnership, state=filters.state or "",
    )  # fmt: skip


@router.get("/questions", response=list[QuestionOut], summary="How did it go?")
def list_questions(request: HttpRequest) -> list[queries.Question]:
    """The caller's meetings that have begun, first those that wait for a word."""
    return queries.list_questions(request.reader, now=timezone.now())


@router.get(
    "/outcome/{partnership_id}",
    response=MeetingsOutcomeOut,
    summary="What came of a partnership's meetings",
)
def show_meetings_outcome(request: HttpRequest, partnership_id: Id) -> queries.Chain:
    """For people of the two clusters, over all that was ever shown to participants."""
    return queries.count_partnership_outcome(request.reader, partnership_id)


@router.get("/calendar.ics", summary="One's own calendar", openapi_extra=_CALENDAR)
def download_calendar(request: HttpRequest) -> HttpResponse:
    """The caller's meetings of the last year and all to come, as an iCalendar text."""
    text = queries.write_calendar(request.reader, now=timezone.now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="proxeny.ics"'
    return response


@router.get("/{meeting_id}", response=MeetingOut, summary="One meeting")
def show_meeting(request: HttpRequest, meeting_id: Id) -> Meeting:
    """Time, place, who comes, and what the own side said of it."""
    return queries.get_meeting_of(request.reader, meeting_id)


@router.post("/{meeting_id}/rate", response=WordOut, summary="Say how a meeting went")
def rate_meeting(request: HttpRequest, meeting_id: Id, rating: RatingIn) -> Rating:
    """For the own side, again to change it. The other side never reads it."""
    return operations.rate_meeting(
        actor=request.reader, meeting_id=meeting_id, now=timezone.now(), **rating.model_dump()
    )
