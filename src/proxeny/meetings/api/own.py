"""Your own meetings over the API: the list, ratings, outcomes and the calendar."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import Field

from proxeny.kernel.api import Id, In, Named, Out, exact, in_pages
from proxeny.kernel.api.times import Moment
from proxeny.kernel.calendar import answer_calendar
from proxeny.kernel.requests import Request
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
    """What your side said about a meeting, on the day or six months later.

    An agreement also has a kind and, if it was reported, a value.
    """

    phase: Phase
    value: Value
    note: str
    agreed: Literal["", *Rating.Agreed.values]
    worth: Decimal | None
    currency: str
    rated_at: datetime


class MeetingPartyOut(Out):
    """An organisation that takes part in a meeting, and the person who represents it.

    `words` contains only the ratings of your own side.
    """

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
        """Return the own ratings, which the query has loaded along."""
        found: Any = party
        words: list[Rating] = found.own_words
        return words


class MeetingOut(Out):
    """A meeting. If you don't belong to one of the two clusters, `state` stays `confirmed` after it
    has taken place.

    A catch-up names no people here: use `show_catch_up` for its guests.
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
        """Return the state that the caller may see."""
        return queries.shown_state(meeting, context["request"].reader)

    @staticmethod
    def resolve_parties(meeting: Meeting) -> list[MeetingParty]:
        """Return the parties in the order in which they were saved."""
        return list(meeting.parties.all())


class MeetingFilters(In):
    """Filters for the list of meetings."""

    since: Moment | None = Field(None, description="Only meetings that end after this moment.")
    until: Moment | None = Field(None, description="Only meetings that begin before this moment.")
    partnership: Id | None = None
    state: Told | None = None


class QuestionOut(Out):
    """A meeting of yours to rate. If you have already rated it, `value` holds your answer.

    `usual_currency` applies to `worth` if no currency is given.
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
        """Return the answers of this phase, in the order of the pages."""
        return [value.value for value in rules.VALUES_OF[question.phase]]


class RatingIn(In):
    """Your side's rating of a meeting. `later` is the question asked after six months.

    Only an agreement has a kind (`agreed`) and, optionally, a value (`worth`). If no currency is
    given, the partnership's currency applies.
    """

    phase: Phase
    value: Value
    note: Annotated[str, Field(max_length=2000)] = ""
    agreed: Literal["", *Rating.Agreed.values] = ""
    worth: exact(14, 2, least=0, most=MOST_WORTH) | None = None
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""


class MeetingRateOut(Out):
    """A rate with its 95% confidence limits (Wilson), all in percent, and the rate of ten events
    in the field for reference.

    `of` is the number of meetings whose outcome was reported after six months. While it is zero,
    `percent`, `low` and `high` are null.
    """

    count: int
    of: int
    percent: float | None
    low: float | None
    high: float | None
    reference: float


class MeetingsOutcomeOut(Out):
    """Outcomes of meetings, step by step, from planned meetings to agreements.

    `held_unknown` counts meetings that are still to come, or where no one has said whether they
    took place. `outcome_unknown` counts meetings that took place but have no answer about their
    outcome yet.
    """

    planned: int
    cancelled: int
    held: int
    missed: int
    held_unknown: int
    outcome_unknown: int
    rated: int
    possible: int
    both: int
    later: int
    cooperations: int
    agreements: int
    cooperation_rate: MeetingRateOut
    agreement_rate: MeetingRateOut


_CALENDAR = {"responses": {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}}


@router.get("", response=list[MeetingOut], summary="List your meetings")
@in_pages("starts_at", "id")
def list_meetings(request: Request, filters: Query[MeetingFilters]) -> QuerySet[Meeting]:
    """Returns the meetings you take part in, in order of time.

    Provisional meetings may still change.
    """
    return queries.find_meetings(
        request.reader,
        since=filters.since,
        until=filters.until,
        partnership_id=filters.partnership,
        state=filters.state or "",
    )


@router.get("/questions", response=list[QuestionOut], summary="List meetings to rate")
def list_questions(request: Request) -> list[queries.Question]:
    """Returns your meetings that have begun. Meetings you haven't rated yet come first."""
    return queries.list_questions(request.reader, now=timezone.now())


@router.get(
    "/outcome/{partnership_id}",
    response=MeetingsOutcomeOut,
    summary="Get the outcomes of a partnership's meetings",
)
def show_meetings_outcome(request: Request, partnership_id: Id) -> queries.Chain:
    """Counts all meetings that were ever shown to participants.

    Available to people of the two clusters.
    """
    return queries.count_partnership_outcome(request.reader, partnership_id)


@router.get("/calendar.ics", summary="Download your calendar", openapi_extra=_CALENDAR)
def download_calendar(request: Request) -> HttpResponse:
    """Returns your meetings of the last year and all upcoming ones as an iCalendar file."""
    text = queries.write_calendar(request.reader, now=timezone.now())
    return answer_calendar(text, "proxeny.ics")


@router.get("/{meeting_id}", response=MeetingOut, summary="Get a meeting")
def show_meeting(request: Request, meeting_id: Id) -> Meeting:
    """Returns the time, the place, the participants, and the ratings of your own side."""
    return queries.get_meeting_of(request.reader, meeting_id)


@router.post("/{meeting_id}/rate", response=WordOut, summary="Rate a meeting")
def rate_meeting(request: Request, meeting_id: Id, rating: RatingIn) -> Rating:
    """Saves the rating of your side. Send it again to change it. The other side never sees it."""
    return operations.rate_meeting(
        actor=request.reader, meeting_id=meeting_id, now=timezone.now(), **rating.model_dump()
    )
