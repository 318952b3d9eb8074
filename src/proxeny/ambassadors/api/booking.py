"""When the two meet: times worked out, proposed, answered, booked and called off by the desk."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from proxeny.ambassadors import rules
from proxeny.ambassadors.api._desk import (
    ONE,
    DeskIntroductionOut,
    DeskWhyIn,
    Place,
    Zone,
    get_desk_case,
    refuse_others,
    show_case,
)
from proxeny.ambassadors.api._router import router
from proxeny.ambassadors.api._shapes import ProposedTimeIn
from proxeny.ambassadors.operations import booking
from proxeny.ambassadors.operations.booking import Proposal
from proxeny.ambassadors.operations.finding import suggest_times
from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.api.times import Moment
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.zones import load_zone
from proxeny.partnerships.models import Partnership

DEFAULT_ZONE = "Europe/Paris"
_TIMES = f"{ONE}/times"
_TIME = f"{_TIMES}/{{time_id}}"


class TimesIn(In):
    """Times to propose, by the clocks of the place where they meet."""

    times: Annotated[list[ProposedTimeIn], Field(min_length=1, max_length=rules.MOST_TIMES)]
    time_zone: Zone
    place: Place = ""


class SuitsIn(In):
    """Whether the desk can come then."""

    suits: bool


class BookIn(DeskWhyIn):
    """A time that was agreed in another way; `why`: when and how."""

    starts_at: Moment
    time_zone: Zone
    place: Place = ""


class SuggestionFilters(In):
    """By whose clocks times are worked out; the caller's own if nothing is said."""

    zone: Zone = ""


class SpanOut(Out):
    """From when to when."""

    starts_at: datetime
    ends_at: datetime


class SuggestedTimesOut(Out):
    """Times that suit all three; `why` there are few, and whose calendar nobody knows."""

    times: list[SpanOut]
    why: str
    unknown: list[str]
    zone: str


@router.get(f"{_TIMES}/suggested", response=SuggestedTimesOut, summary="Times that suit all three")
def suggest_meeting_times(
    request: HttpRequest, partnership_id: Id, introduction_id: Id, asked: Query[SuggestionFilters]
) -> dict[str, Any]:
    """Worked out from working hours, busy times and ways, for who works at the desk."""
    case = get_desk_case(request, partnership_id, introduction_id)
    if refuse_others(request, partnership_id).state != Partnership.State.ACTIVE:
        raise NotAllowed(_("This partnership has ended. What it keeps stays as it is."))
    zone = load_zone(asked.zone or request.reader.time_zone or DEFAULT_ZONE).key
    if case.state not in rules.TIMED:
        why = _("Times are looked for once both have said that they want to meet.")
        return {"times": [], "why": why, "unknown": [], "zone": zone}
    found = suggest_times(case, zone=zone, now=timezone.now())
    spans = [{"starts_at": start, "ends_at": end} for start, end in found.times]
    return {"times": spans, "why": found.why, "unknown": found.unknown, "zone": found.zone}


@router.post(_TIMES, response=DeskIntroductionOut, summary="Propose times")
def offer_times(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, introduction_id: Id,
    offered: TimesIn,
) -> Any:  # fmt: skip
    """To both, each by a mail with a link. While a meeting is booked this proposes to move it."""
    get_desk_case(request, partnership_id, introduction_id)
    booking.offer_times(
        actor=request.reader, introduction_id=introduction_id, time_zone=offered.time_zone,
        proposals=[Proposal(**one.model_dump()) for one in offered.times], place=offered.place,
        now=timezone.now(),
    )  # fmt: skip
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{_TIME}/answer", response=DeskIntroductionOut, summary="Say whether the desk can")
def answer_for_desk(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, introduction_id: Id,
    time_id: Id, answer: SuitsIn,
) -> Any:  # fmt: skip
    """To a time that a side proposed. What suits all three is booked at once; else the other is asked."""
    get_desk_case(request, partnership_id, introduction_id)
    booking.answer_for_desk(
        actor=request.reader, introduction_id=introduction_id, option_id=time_id,
        suits=answer.suits, now=timezone.now(),
    )  # fmt: skip
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{_TIME}/withdraw", response=DeskIntroductionOut, summary="Take a time back")
def withdraw_time(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, introduction_id: Id,
    time_id: Id,
) -> Any:  # fmt: skip
    """Nobody is told: links show what is still open."""
    get_desk_case(request, partnership_id, introduction_id)
    booking.withdraw_time(
        actor=request.reader, introduction_id=introduction_id, option_id=time_id,
        now=timezone.now(),
    )  # fmt: skip
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{ONE}/book", response=DeskIntroductionOut, summary="Book a time agreed elsewhere")
def book_directly(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, introduction_id: Id,
    booked: BookIn,
) -> Any:  # fmt: skip
    """By phone or in person, after both have said yes to meeting. All three get an invitation."""
    get_desk_case(request, partnership_id, introduction_id)
    booking.book_directly(
        actor=request.reader, introduction_id=introduction_id, now=timezone.now(),
        **booked.model_dump(),
    )  # fmt: skip
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{ONE}/call-off", response=DeskIntroductionOut, summary="Call a meeting off")
def call_off_booking(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, introduction_id: Id,
    why: DeskWhyIn,
) -> Any:  # fmt: skip
    """With a reason that both sides read; another time is looked for."""
    get_desk_case(request, partnership_id, introduction_id)
    booking.call_off_booking(
        actor=request.reader, introduction_id=introduction_id, why=why.why, now=timezone.now()
    )
    return show_case(request, response, partnership_id, introduction_id)
