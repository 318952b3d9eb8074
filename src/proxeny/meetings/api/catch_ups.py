"""Catch-ups of a partnership over the API: planning, rescheduling, answers and minutes."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version, unsent
from proxeny.kernel.api.times import Day, Moment
from proxeny.kernel.requests import Request
from proxeny.meetings.api._router import router
from proxeny.meetings.models import CatchUp, Meeting, MeetingParty
from proxeny.meetings.operations import catch_ups as planning
from proxeny.meetings.operations import minutes as writing
from proxeny.meetings.operations.catch_up_facts import LONGEST_MIN, SHORTEST_MIN, CatchUpFacts
from proxeny.meetings.operations.guests import MOST_GUESTS
from proxeny.meetings.queries import catch_ups as queries

CatchUpState = Literal[*Meeting.State.values]
Answer = Literal[*MeetingParty.Answer.values]
Title = Annotated[str, Field(max_length=200)]
Place = Annotated[str, Field(max_length=200)]
Link = Annotated[str, Field(max_length=500)]
Agenda = Annotated[str, Field(max_length=4000)]
Guests = Annotated[list[Id], Field(max_length=MOST_GUESTS)]
Duration = Annotated[int, Field(ge=SHORTEST_MIN, le=LONGEST_MIN)]
Zone = Annotated[str, Field(max_length=60)]
_ALL = "/catch-ups/{partnership_id}"
_ONE = f"{_ALL}/{{catch_up_id}}"


class GuestOut(Out):
    """A person invited to a catch-up.

    `came` is null until attendance is recorded. `person_id` is null if the person has been erased.
    """

    person_id: int | None
    name: str
    side: str
    answer: Answer
    came: bool | None


class CatchUpActionOut(Out):
    """An action agreed at a catch-up.

    It is a record of the partnership's room and is updated there.
    """

    id: int
    title: str
    due_on: date
    party_id: int | None
    person_id: int | None
    done_on: date | None


class CatchUpRow(Out):
    """A catch-up in a list. `id` is the id of its meeting."""

    id: int
    partnership_id: int
    title: str
    state: CatchUpState
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    in_person: bool
    place: str
    video_url: str
    host_id: int | None
    uid: str
    sequence: int
    cancel_reason: str
    guests: list[GuestOut]
    decisions: list[str]
    closed_at: datetime | None
    version: int


class CatchUpOut(CatchUpRow):
    """A catch-up with its agenda, minutes and actions."""

    agenda: str
    minutes: str
    actions: list[CatchUpActionOut]


class CatchUpFilters(In):
    """Filters for the list of catch-ups."""

    since: Moment | None = Field(None, description="Only catch-ups that end after this moment.")
    until: Moment | None = Field(None, description="Only catch-ups that begin before this moment.")
    state: CatchUpState | None = None


class CatchUpIn(In):
    """A catch-up to plan. `guests` are people of at least two sides; `host_id` is a party."""

    starts_at: Moment
    duration_min: Duration
    time_zone: Zone
    guests: Guests
    in_person: bool = False
    title: Title = ""
    place: Place = ""
    video_url: Link = ""
    host_id: Id | None = None
    agenda: Agenda = ""


class CatchUpChangeIn(In):
    """Changes to a catch-up. Fields that are left out stay as they are."""

    starts_at: Moment = unsent()
    duration_min: Duration = unsent()
    time_zone: Zone = unsent()
    guests: Guests = unsent()
    in_person: bool = unsent()
    title: Title = unsent()
    place: Place = unsent()
    video_url: Link = unsent()
    host_id: Id | None = None
    agenda: Agenda = unsent()


class CatchUpReason(In):
    """The reason for cancelling. All invitees can read it."""

    reason: Annotated[str, Field(min_length=1, max_length=300)]


class CatchUpAnswerIn(In):
    """Whether you will attend."""

    will_come: bool


class CatchUpActionIn(In):
    """An action that someone takes on. Without a party, it belongs to all sides together."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    due_on: Day
    party_id: Id | None = None
    person_id: Id | None = None


class MinutesIn(In):
    """What was discussed and decided, who attended, and which actions were agreed.

    `actions` are added to the existing ones.
    """

    text: Annotated[str, Field(max_length=writing.LONGEST_MINUTES)]
    decisions: list[Annotated[str, Field(min_length=1, max_length=writing.LONGEST_DECISION)]] = (
        Field([], max_length=writing.MOST_DECISIONS)
    )
    came: Guests
    actions: list[CatchUpActionIn] = Field([], max_length=50)
    close: bool = Field(
        False, description="Whether to close the minutes and send them to all guests."
    )


def _row(one: CatchUp) -> dict[str, Any]:
    meeting = one.meeting
    names = (
        "title",
        "state",
        "starts_at",
        "ends_at",
        "time_zone",
        "place",
        "uid",
        "sequence",
        "cancel_reason",
    )
    own = ("partnership_id", "in_person", "video_url", "host_id", "closed_at", "version")
    return {
        "id": one.pk,
        **{name: getattr(meeting, name) for name in names},
        **{name: getattr(one, name) for name in own},
        "guests": [
            {
                "person_id": guest.person_id,
                "name": queries.name_of_guest(guest),
                "side": guest.party.side,
                "answer": guest.answer,
                "came": guest.came,
            }
            for guest in one.guests.all()
        ],
        "decisions": [decision.text for decision in one.decisions.all()],
    }


def _tell(rows: list[CatchUp], **_more: Any) -> list[dict[str, Any]]:
    return [_row(one) for one in rows]


def _shown(response: HttpResponse, partnership_id: int, catch_up_id: int) -> dict[str, Any]:
    one = queries.get_catch_up(partnership_id, catch_up_id)
    actions = queries.list_actions(one)
    told = {**_row(one), "agenda": one.agenda, "minutes": one.minutes, "actions": actions}
    # Answers, and what becomes of the actions, raise no version.
    done = [(action.pk, action.version) for action in actions]
    show_version(response, one.version, [guest["answer"] for guest in told["guests"]], str(done))
    return told


def _version(if_match: str | None, partnership_id: int, catch_up_id: int) -> int:
    return match_version(if_match, queries.get_catch_up(partnership_id, catch_up_id).version)


@router.get(_ALL, response=list[CatchUpRow], summary="List catch-ups")
@in_pages("-starts_at", "-meeting_id", tell=_tell)
def list_catch_ups(
    request: Request, partnership_id: Id, filters: Query[CatchUpFilters]
) -> QuerySet[CatchUp]:
    """Returns the catch-ups of a partnership, latest first.

    Available to the teams of its clusters.
    """
    queries.enter_room(request.reader, partnership_id)
    return queries.list_for_program(
        partnership_id, since=filters.since, until=filters.until, state=filters.state or ""
    )


@router.post(_ALL, response={201: CatchUpOut}, summary="Plan a catch-up")
def plan_catch_up(
    request: Request, response: HttpResponse, partnership_id: Id, planned: CatchUpIn
) -> Status[Any]:
    """Sends each guest an invitation by email, unless the catch-up is in the past."""
    made = planning.plan_catch_up(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.now(),
        facts=CatchUpFacts(**{**planned.model_dump(), "guests": tuple(planned.guests)}),
    )
    response["Location"] = f"/api/v1/meetings/catch-ups/{partnership_id}/{made.pk}"
    return Status(201, _shown(response, partnership_id, made.pk))


@router.get(_ONE, response=CatchUpOut, summary="Get a catch-up")
def show_catch_up(
    request: Request, response: HttpResponse, partnership_id: Id, catch_up_id: Id
) -> Any:
    """Returns the agenda, the guests, the minutes, the decisions and the actions."""
    queries.enter_room(request.reader, partnership_id)
    return _shown(response, partnership_id, catch_up_id)


@router.patch(_ONE, response=CatchUpOut, summary="Update or reschedule a catch-up")
def change_catch_up(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    catch_up_id: Id,
    change: CatchUpChangeIn,
    if_match: IfMatch = None,
) -> Any:
    """Emails the guests affected by the change.

    If the time changes, guests are asked to answer again.
    """
    queries.enter_room(request.reader, partnership_id)
    one = queries.get_catch_up(partnership_id, catch_up_id)
    planning.change_catch_up(
        actor=request.reader,
        partnership_id=partnership_id,
        catch_up_id=catch_up_id,
        version=match_version(if_match, one.version),
        facts=_changed(one, change.sent()),
        now=timezone.now(),
    )
    return _shown(response, partnership_id, catch_up_id)


def _changed(one: CatchUp, sent: dict[str, Any]) -> CatchUpFacts:
    facts: dict[str, Any] = {**queries.facts_of(one), **sent}
    return CatchUpFacts(**{**facts, "guests": tuple(facts["guests"])})


@router.post(f"{_ONE}/call-off", response=CatchUpOut, summary="Cancel a catch-up")
def call_off_catch_up(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    catch_up_id: Id,
    why: CatchUpReason,
) -> Any:
    """Cancels the catch-up with a reason that all invitees can read."""
    planning.call_off_catch_up(
        actor=request.reader,
        partnership_id=partnership_id,
        catch_up_id=catch_up_id,
        reason=why.reason,
        now=timezone.now(),
    )
    return _shown(response, partnership_id, catch_up_id)


@router.post(f"{_ONE}/answer", response=CatchUpOut, summary="Answer an invitation to a catch-up")
def answer_catch_up(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    catch_up_id: Id,
    answer: CatchUpAnswerIn,
) -> Any:
    """Saves whether you will attend. Send it again to change your answer."""
    planning.answer_catch_up(
        actor=request.reader,
        partnership_id=partnership_id,
        catch_up_id=catch_up_id,
        will_come=answer.will_come,
        now=timezone.now(),
    )
    return _shown(response, partnership_id, catch_up_id)


@router.put(f"{_ONE}/minutes", response=CatchUpOut, summary="Write the minutes")
def write_catch_up_minutes(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    catch_up_id: Id,
    minutes: MinutesIn,
    if_match: IfMatch = None,
) -> Any:
    """Replaces the text, the decisions and the attendance.

    Actions are added to the existing ones.
    """
    queries.enter_room(request.reader, partnership_id)
    writing.write_minutes(
        actor=request.reader,
        partnership_id=partnership_id,
        catch_up_id=catch_up_id,
        version=_version(if_match, partnership_id, catch_up_id),
        minutes=writing.Minutes(minutes.text, tuple(minutes.decisions), tuple(minutes.came)),
        actions=[writing.NewAction(**one.model_dump()) for one in minutes.actions],
        is_final=minutes.close,
        now=timezone.localtime(),
    )
    return _shown(response, partnership_id, catch_up_id)


@router.post(f"{_ONE}/close", response=CatchUpOut, summary="Close the minutes")
def close_catch_up(
    request: Request, response: HttpResponse, partnership_id: Id, catch_up_id: Id
) -> Any:
    """Records that the catch-up took place, so that it counts towards the agreed rhythm.

    All guests get the minutes.
    """
    writing.close_catch_up(
        actor=request.reader,
        partnership_id=partnership_id,
        catch_up_id=catch_up_id,
        now=timezone.now(),
    )
    return _shown(response, partnership_id, catch_up_id)


@router.post(f"{_ONE}/miss", response=CatchUpOut, summary="Mark a catch-up as missed")
def miss_catch_up(
    request: Request, response: HttpResponse, partnership_id: Id, catch_up_id: Id
) -> Any:
    """Records that the catch-up was not cancelled but did not take place."""
    writing.miss_catch_up(
        actor=request.reader,
        partnership_id=partnership_id,
        catch_up_id=catch_up_id,
        now=timezone.now(),
    )
    return _shown(response, partnership_id, catch_up_id)


@router.post(f"{_ONE}/reopen", response=CatchUpOut, summary="Reopen a catch-up")
def reopen_catch_up(
    request: Request, response: HttpResponse, partnership_id: Id, catch_up_id: Id
) -> Any:
    """Reopens a catch-up that is closed or marked as missed, so that you can correct it."""
    writing.reopen_catch_up(
        actor=request.reader,
        partnership_id=partnership_id,
        catch_up_id=catch_up_id,
        now=timezone.now(),
    )
    return _shown(response, partnership_id, catch_up_id)
