"""Meeting times: suggested, proposed, answered, booked and cancelled by the desk."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
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
from proxeny.kernel.requests import Request
from proxeny.kernel.zones import load_zone
from proxeny.partnerships.models import Partnership

DEFAULT_ZONE = "Europe/Paris"
_TIMES = f"{ONE}/times"
_TIME = f"{_TIMES}/{{time_id}}"


class TimesIn(In):
    """Times to propose, in the time zone of the meeting place."""

    times: Annotated[list[ProposedTimeIn], Field(min_length=1, max_length=rules.MOST_TIMES)]
    time_zone: Zone
    place: Place = ""


class SuitsIn(In):
    """Whether the time suits the desk."""

    suits: bool


class BookIn(DeskWhyIn):
    """A time that was agreed another way. Explain in `why` when and how."""

    starts_at: Moment
    time_zone: Zone
    place: Place = ""


class SuggestionFilters(In):
    """The time zone in which times are suggested. Defaults to your own."""

    zone: Zone = ""


class SpanOut(Out):
    """A start and an end."""

    starts_at: datetime
    ends_at: datetime


class SuggestedTimesOut(Out):
    """Times that suit all three.

    `why` explains why there are few, `unknown` names those whose calendar isn't known.
    """

    times: list[SpanOut]
    why: str
    unknown: list[str]
    zone: str


@router.get(f"{_TIMES}/suggested", response=SuggestedTimesOut, summary="Suggest meeting times")
def suggest_meeting_times(
    request: Request, partnership_id: Id, introduction_id: Id, asked: Query[SuggestionFilters]
) -> dict[str, Any]:
    """Calculated from working hours, busy times and travel times.

    Only for people who work at the desk.
    """
    case = get_desk_case(request, partnership_id, introduction_id)
    if refuse_others(request, partnership_id).state != Partnership.State.ACTIVE:
        raise NotAllowed(_("This partnership has ended. Its records stay as they are."))
    zone = load_zone(asked.zone or request.reader.time_zone or DEFAULT_ZONE).key
    if case.state not in rules.TIMED:
        why = _("You can look for times once both have agreed to meet.")
        return {"times": [], "why": why, "unknown": [], "zone": zone}
    found = suggest_times(case, zone=zone, now=timezone.now())
    spans = [{"starts_at": start, "ends_at": end} for start, end in found.times]
    return {"times": spans, "why": found.why, "unknown": found.unknown, "zone": found.zone}


@router.post(_TIMES, response=DeskIntroductionOut, summary="Propose times")
def offer_times(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    introduction_id: Id,
    offered: TimesIn,
) -> Any:
    """Emails each side a link. If a meeting is already booked, this proposes to move it."""
    get_desk_case(request, partnership_id, introduction_id)
    booking.offer_times(
        actor=request.reader,
        introduction_id=introduction_id,
        time_zone=offered.time_zone,
        proposals=[Proposal(**one.model_dump()) for one in offered.times],
        place=offered.place,
        now=timezone.now(),
    )
    return show_case(request, response, partnership_id, introduction_id)


@router.post(
    f"{_TIME}/answer", response=DeskIntroductionOut, summary="Answer a proposed time for the desk"
)
def answer_for_desk(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    introduction_id: Id,
    time_id: Id,
    answer: SuitsIn,
) -> Any:
    """Answers a time that one side proposed.

    If it suits all three, it is booked at once; otherwise the other side is asked.
    """
    get_desk_case(request, partnership_id, introduction_id)
    booking.answer_for_desk(
        actor=request.reader,
        introduction_id=introduction_id,
        option_id=time_id,
        suits=answer.suits,
        now=timezone.now(),
    )
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{_TIME}/withdraw", response=DeskIntroductionOut, summary="Withdraw a proposed time")
def withdraw_time(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    introduction_id: Id,
    time_id: Id,
) -> Any:
    """No one is notified. Links show the times that are still open."""
    get_desk_case(request, partnership_id, introduction_id)
    booking.withdraw_time(
        actor=request.reader,
        introduction_id=introduction_id,
        option_id=time_id,
        now=timezone.now(),
    )
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{ONE}/book", response=DeskIntroductionOut, summary="Book a time agreed elsewhere")
def book_directly(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    introduction_id: Id,
    booked: BookIn,
) -> Any:
    """For a time agreed by phone or in person, after both have said yes to meeting.

    All three get an invitation.
    """
    get_desk_case(request, partnership_id, introduction_id)
    booking.book_directly(
        actor=request.reader,
        introduction_id=introduction_id,
        now=timezone.now(),
        **booked.model_dump(),
    )
    return show_case(request, response, partnership_id, introduction_id)


@router.post(f"{ONE}/call-off", response=DeskIntroductionOut, summary="Cancel a meeting")
def call_off_booking(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    introduction_id: Id,
    why: DeskWhyIn,
) -> Any:
    """Both sides see the reason. You then look for another time."""
    get_desk_case(request, partnership_id, introduction_id)
    booking.call_off_booking(
        actor=request.reader, introduction_id=introduction_id, why=why.why, now=timezone.now()
    )
    return show_case(request, response, partnership_id, introduction_id)
