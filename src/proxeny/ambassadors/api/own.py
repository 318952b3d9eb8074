"""The caller's introductions over the API: whether to meet, when, and why not."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query
from pydantic import Field

from proxeny.ambassadors import rules
from proxeny.ambassadors.api._desk import Role, Wish, Zone, named
from proxeny.ambassadors.api._router import router
from proxeny.ambassadors.api._shapes import ProposedTimeIn
from proxeny.ambassadors.models import Side, TimeOption
from proxeny.ambassadors.operations import booking, wishes
from proxeny.ambassadors.operations.booking import Proposal
from proxeny.ambassadors.queries import own as queries
from proxeny.ambassadors.queries.link_pages import tell_other
from proxeny.ambassadors.queries.own import OwnCase, Step
from proxeny.kernel.api import Id, In, Named, Out, in_pages
from proxeny.kernel.requests import Request

OwnStep = Literal[*(step.value for step in Step)]
_ALL = "/own/introductions"
_ONE = f"{_ALL}/{{introduction_id}}"


class OtherOut(Out):
    """The organisation you are to meet, as shown in the directory.

    `summary` is only given if its entry is public.
    """

    name: str
    where: str
    website: str
    summary: str


class OwnTimeOut(Out):
    """A time to choose. `suits` is your side's answer, or null until it is given."""

    id: int
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    place: str
    is_own: bool
    suits: bool | None


class OwnMeetingOut(Out):
    """The meeting that is booked, or was."""

    id: int
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    place: str


class OwnIntroductionOut(Out):
    """An introduction as your side sees it. What the other side says about it isn't shown.

    `step` is your side's progress; `waits` is true if it is waiting for your answer.
    """

    id: int
    role: Role
    organisation: Named
    other: OtherOut
    cluster: Named
    desk: str = Field(description="The person or cluster in charge of it.")
    reason: str
    step: OwnStep
    waits: bool
    answer: Wish
    why: str
    times: list[OwnTimeOut]
    meeting: OwnMeetingOut | None


class OwnFilters(In):
    """Filters for a list of your introductions."""

    q: str = Field(
        "", max_length=100, description="Words from the other organisation's name or the reason."
    )
    past: bool = False


class WishIn(In):
    """Whether your organisation wants to meet. Only the desk reads the reason."""

    wants: bool
    why: Annotated[str, Field(max_length=1000)] = ""


class OwnTimesIn(In):
    """All the times that suit you (the others count as unsuitable), and optionally another one."""

    suits: Annotated[list[Id], Field(max_length=rules.MOST_TIMES)]
    proposal: ProposedTimeIn | None = None
    time_zone: Zone = ""


class OwnDeclineIn(In):
    """The reason, which only the desk reads.

    Set `for_good` to decline meeting altogether, even if a meeting is booked.
    """

    why: Annotated[str, Field(min_length=1, max_length=300)]
    for_good: bool = False


def _tell(rows: list[Side], **_more: Any) -> list[dict[str, Any]]:
    return [_told(one) for one in queries.tell_own(rows, now=timezone.now())]


def _told(row: OwnCase) -> dict[str, Any]:
    return {
        "id": row.case.pk,
        "role": row.own.role,
        "organisation": named(row.own.organisation),
        "other": tell_other(row.other.organisation),
        "cluster": named(row.case.cluster),
        "desk": named(row.case.in_charge or row.case.cluster)["name"],
        "reason": row.case.reason,
        "step": row.step.value,
        "waits": row.waits,
        "answer": row.own.answer,
        "why": row.own.why,
        "times": [_told_time(one, row.own.role) for one in row.options],
        "meeting": row.meeting,
    }


def _told_time(option: TimeOption, role: str) -> dict[str, Any]:
    names = ("starts_at", "ends_at", "time_zone", "place")
    return {
        "id": option.pk,
        **{name: getattr(option, name) for name in names},
        "is_own": option.proposed_by == role,
        "suits": getattr(option, role),
    }


def _shown(request: Request, introduction_id: int) -> dict[str, Any]:
    return _told(queries.get_own(request.reader, introduction_id, now=timezone.now()))


@router.get(_ALL, response=list[OwnIntroductionOut], summary="List your introductions")
@in_pages("-asked_at", "-id", tell=_tell)
def list_own_introductions(request: Request, filters: Query[OwnFilters]) -> QuerySet[Side]:
    """Returns the introductions your organisations have been asked about, most recent first."""
    return queries.find_own(request.reader, now=timezone.now(), past=filters.past, search=filters.q)


@router.get(_ONE, response=OwnIntroductionOut, summary="Get one of your introductions")
def show_own_introduction(request: Request, introduction_id: Id) -> dict[str, Any]:
    """Returns who to meet and why, what there is to answer, and the meeting."""
    return _shown(request, introduction_id)


@router.post(f"{_ONE}/wish", response=OwnIntroductionOut, summary="Say whether you want to meet")
def answer_wish(request: Request, introduction_id: Id, answer: WishIn) -> dict[str, Any]:
    """For your organisation. You can change your mind until the other side has answered too."""
    wishes.answer_wish(
        actor=request.reader,
        introduction_id=introduction_id,
        now=timezone.now(),
        **answer.model_dump(),
    )
    return _shown(request, introduction_id)


@router.post(f"{_ONE}/times", response=OwnIntroductionOut, summary="Say which times suit you")
def answer_times(request: Request, introduction_id: Id, answer: OwnTimesIn) -> dict[str, Any]:
    """The earliest time that suits all three is booked at once."""
    other = answer.proposal
    booking.answer_times(
        actor=request.reader,
        introduction_id=introduction_id,
        suits=answer.suits,
        proposal=Proposal(**other.model_dump()) if other else None,
        time_zone=answer.time_zone,
        now=timezone.now(),
    )
    return _shown(request, introduction_id)


@router.post(f"{_ONE}/decline", response=OwnIntroductionOut, summary="Decline to meet")
def decline_introduction(
    request: Request, introduction_id: Id, declined: OwnDeclineIn
) -> dict[str, Any]:
    """Declines only the booked meeting, or meeting altogether.

    The other side doesn't see the reason.
    """
    booking.cancel_own(
        actor=request.reader,
        introduction_id=introduction_id,
        now=timezone.now(),
        **declined.model_dump(),
    )
    return _shown(request, introduction_id)
