"""Catch-ups of a partnership over the API: planned, moved, called off, answered, written down."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version, unsent
from proxeny.kernel.api.times import Day, Moment
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
    """Who is asked; `came` is null until it is written down. An erased person has no number."""

    person_id: int | None
    name: str
    side: str
    answer: Answer
    came: bool | None


class CatchUpActionOut(Out):
    """What was taken on; a record of the room, changed there."""

    id: int
    title: str
    due_on: date
    party_id: int | None
    person_id: int | None
    done_on: date | None


class CatchUpRow(Out):
    """A catch-up in a list. `id` is its meeting's."""

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
    """A catch-up with its agenda, its minutes, and what is to be done."""

    agenda: str
    minutes: str
    actions: list[CatchUpActionOut]


class CatchUpFilters(In):
    """Which catch-ups to list."""

    since: Moment | None = Field(None, description="Those that end after this moment.")
    until: Moment | None = Field(None, description="Those that begin before this moment.")
    state: CatchUpState | None = None


class CatchUpIn(In):
    """What is planned. `guests` are people of at least two sides; `host_id` is a party."""

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
    """What is to be otherwise; the rest stays."""

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
    """Why; all who are asked read it."""

    reason: Annotated[str, Field(min_length=1, max_length=300)]


class CatchUpAnswerIn(In):
    """Whether the caller comes."""

    will_come: bool


class CatchUpActionIn(In):
    """Something that somebody took on; without a party, all together."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    due_on: Day
    party_id: Id | None = None
    person_id: Id | None = None


class MinutesIn(In):
    """What was said, decided and taken on, and who came. `actions` are added to those there."""

    text: Annotated[str, Field(max_length=writing.LONGEST_MINUTES)]
    decisions: list[Annotated[str, Field(min_length=1, max_length=writing.LONGEST_DECISION)]] = (
        Field([], max_length=writing.MOST_DECISIONS)
    )
    came: Guests
    actions: list[CatchUpActionIn] = Field([], max_length=50)
    close: bool = Field(False, description="Whether the minutes stand, and go to all guests.")


def _row(one: CatchUp) -> dict[str, Any]:
    meeting = one.meeting
    names = ("title", "state", "starts_at", "ends_at", "time_zone", "place", "uid", "sequence",
             "cancel_reason")  # fmt: skip
    own = ("partnership_id", "in_person", "video_url", "host_id", "closed_at", "version")
    return {
        "id": one.pk,
        **{name: getattr(meeting, name) for name in names},
        **{name: getattr(one, name) for name in own},
        "guests": [
            {"person_id": guest.person_id, "name": queries.name_of_guest(guest),
             "side": guest.party.side, "answer": guest.answer, "came": guest.came}
            for guest in one.guests.all()
        ],
        "decisions": [decision.text for decision in one.decisions.all()],
    }  # fmt: skip


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


@router.get(_ALL, response=list[CatchUpRow], summary="Catch-ups of a partnership")
@in_pages("-starts_at", "-meeting_id", tell=_tell)
def list_catch_ups(
    request: HttpRequest, partnership_id: Id, filters: Query[CatchUpFilters]
) -> QuerySet[CatchUp]:
    """For people of its teams, the latest first."""
    queries.enter_room(request.reader, partnership_id)
    return queries.list_for_program(
        partnership_id, since=filters.since, until=filters.until, state=filters.state or ""
    )


@router.post(_ALL, response={201: CatchUpOut}, summary="Plan a catch-up")
def plan_catch_up(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, planned: CatchUpIn
) -> Status[Any]:
    """Each guest gets an invitation by mail, unless it lies in the past."""
    made = planning.plan_catch_up(
        actor=request.reader, partnership_id=partnership_id, now=timezone.now(),
        facts=CatchUpFacts(**{**planned.model_dump(), "guests": tuple(planned.guests)}),
    )  # fmt: skip
    response["Location"] = f"/api/v1/meetings/catch-ups/{partnership_id}/{made.pk}"
    return Status(201, _shown(response, partnership_id, made.pk))


@router.get(_ONE, response=CatchUpOut, summary="One catch-up")
def show_catch_up(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, catch_up_id: Id
) -> Any:
    """Its agenda, who is asked, and what was said, decided and taken on."""
    queries.enter_room(request.reader, partnership_id)
    return _shown(response, partnership_id, catch_up_id)


@router.patch(_ONE, response=CatchUpOut, summary="Move or change a catch-up")
def change_catch_up(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, catch_up_id: Id,
    change: CatchUpChangeIn, if_match: IfMatch = None,
) -> Any:  # fmt: skip
    """Who has to know of it gets a mail; a new time asks for new answers."""
    queries.enter_room(request.reader, partnership_id)
    one = queries.get_catch_up(partnership_id, catch_up_id)
    planning.change_catch_up(
        actor=request.reader, partnership_id=partnership_id, catch_up_id=catch_up_id,
        version=match_version(if_match, one.version), facts=_changed(one, change.sent()),
        now=timezone.now(),
    )  # fmt: skip
    return _shown(response, partnership_id, catch_up_id)


def _changed(one: CatchUp, sent: dict[str, Any]) -> CatchUpFacts:
    facts: dict[str, Any] = {**queries.facts_of(one), **sent}
    return CatchUpFacts(**{**facts, "guests": tuple(facts["guests"])})


@router.post(f"{_ONE}/call-off", response=CatchUpOut, summary="Call a catch-up off")
def call_off_catch_up(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, catch_up_id: Id,
    why: CatchUpReason,
) -> Any:  # fmt: skip
    """With a reason that all who are asked read."""
    planning.call_off_catch_up(
        actor=request.reader, partnership_id=partnership_id, catch_up_id=catch_up_id,
        reason=why.reason, now=timezone.now(),
    )  # fmt: skip
    return _shown(response, partnership_id, catch_up_id)


@router.post(f"{_ONE}/answer", response=CatchUpOut, summary="Say whether one comes")
def answer_catch_up(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, catch_up_id: Id,
    answer: CatchUpAnswerIn,
) -> Any:  # fmt: skip
    """For oneself; again to change it."""
    planning.answer_catch_up(
        actor=request.reader, partnership_id=partnership_id, catch_up_id=catch_up_id,
        will_come=answer.will_come, now=timezone.now(),
    )  # fmt: skip
    return _shown(response, partnership_id, catch_up_id)


@router.put(f"{_ONE}/minutes", response=CatchUpOut, summary="Write the minutes")
def write_catch_up_minutes(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, catch_up_id: Id,
    minutes: MinutesIn, if_match: IfMatch = None,
) -> Any:  # fmt: skip
    """Text, decisions and who came are as sent; actions are added to those there."""
    queries.enter_room(request.reader, partnership_id)
    writing.write_minutes(
        actor=request.reader, partnership_id=partnership_id, catch_up_id=catch_up_id,
        version=_version(if_match, partnership_id, catch_up_id),
        minutes=writing.Minutes(minutes.text, tuple(minutes.decisions), tuple(minutes.came)),
        actions=[writing.NewAction(**one.model_dump()) for one in minutes.actions],
        is_final=minutes.close, now=timezone.localtime(),
    )  # fmt: skip
    return _shown(response, partnership_id, catch_up_id)


@router.post(f"{_ONE}/close", response=CatchUpOut, summary="Close the minutes")
def close_catch_up(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, catch_up_id: Id
) -> Any:
    """It took place, and counts for the rhythm; all guests get the minutes."""
    writing.close_catch_up(
        actor=request.reader, partnership_id=partnership_id, catch_up_id=catch_up_id,
        now=timezone.now(),
    )  # fmt: skip
    return _shown(response, partnership_id, catch_up_id)


@router.post(f"{_ONE}/miss", response=CatchUpOut, summary="Mark a catch-up as missed")
def miss_catch_up(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, catch_up_id: Id
) -> Any:
    """It was not called off, and did not take place."""
    writing.miss_catch_up(
        actor=request.reader, partnership_id=partnership_id, catch_up_id=catch_up_id,
        now=timezone.now(),
    )  # fmt: skip
    return _shown(response, partnership_id, catch_up_id)


@router.post(f"{_ONE}/reopen", response=CatchUpOut, summary="Open a catch-up again")
def reopen_catch_up(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, catch_up_id: Id
) -> Any:
    """One that is closed or marked as missed, to put something right."""
    writing.reopen_catch_up(
        actor=request.reader, partnership_id=partnership_id, catch_up_id=catch_up_id,
        now=timezone.now(),
    )  # fmt: skip
    return _shown(response, partnership_id, catch_up_id)
