"""Reports over the API, as the teams write, send and hand them over."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments.api import _reports as shapes
from proxeny.assessments.api._reports import (
    AssessmentReportOut,
    AssessmentReportRow,
    ReportLaterOut,
    ReportRemarkIn,
    ReportRemarkOut,
)
from proxeny.assessments.api._router import router
from proxeny.assessments.api._work import ONE, enter
from proxeny.assessments.models import Engagement, Report
from proxeny.assessments.operations import handing_over, reports
from proxeny.assessments.operations.handing_over import HandOverFacts
from proxeny.assessments.queries.follow_up import list_later
from proxeny.assessments.queries.hand_overs import asked_to
from proxeny.assessments.queries.reports import MOST_SUMMARY, find_reports, get_report, read_draft
from proxeny.assessments.report_pdf import answer_report_pdf
from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version
from proxeny.kernel.api.files import file_of
from proxeny.kernel.api.times import Day, Moment
from proxeny.kernel.requests import Request
from proxeny.meetings.models import Meeting, MeetingParty

_REPORTS, _REMARKS, _HAND_OVER = f"{ONE}/reports", f"{ONE}/remarks", f"{ONE}/hand-over"
MeetingAnswer = Literal[*MeetingParty.Answer.values]
MeetingState = Literal[*Meeting.State.values]


class ReportMissingOut(Out):
    """Something a draft lacks. If `blocks` is true, the report can't be sent without it."""

    text: str
    blocks: bool


class ReportDraftOut(Out):
    """A report as it would be sent now. To send it, pass `seen` back."""

    content: dict[str, Any]
    seen: str
    can_go: bool
    missing: list[ReportMissingOut]


class ReportSummaryIn(In):
    """The summary at the beginning of the report."""

    summary: Annotated[str, Field(max_length=MOST_SUMMARY)]


class ReportSummaryOut(Out):
    """The summary at the beginning of the report."""

    summary: str


class ReportGiveIn(In):
    """Which draft to send and, from the second version on, what is new in it."""

    seen: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    news: Annotated[str, Field(max_length=500)] = ""


class HandOverGuestOut(Out):
    """A person invited to a handover, their organisation, and their answer."""

    person_id: int | None
    name: str
    organisation_id: int
    answer: MeetingAnswer


class ReportHandOverOut(Out):
    """The state of the handover: its meeting, if one is arranged, and when it was done."""

    meeting_id: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    time_zone: str
    place: str
    state: MeetingState | None
    guests: list[HandOverGuestOut]
    handed_over_at: datetime | None
    reason: str


class ReportHandOverIn(In):
    """When and where you go through the report, and who comes (the numbers of the people)."""

    starts_at: Moment
    duration_min: Annotated[int, Field(ge=15, le=480)]
    time_zone: Annotated[str, Field(max_length=60, description="For example, Europe/Athens.")]
    place: Annotated[
        str, Field(min_length=1, max_length=200, description="A place or a video link.")
    ]
    guests: Annotated[list[Id], Field(min_length=1, max_length=100)]


class ReportHandOverReasonIn(In):
    """The reason, in one sentence that the company reads."""

    reason: Annotated[str, Field(min_length=1, max_length=300)]


class ReportHeldIn(In):
    """The day on which you went through the report."""

    held_on: Day


def _now() -> datetime:
    return timezone.localtime()


@router.get(f"{ONE}/report-draft", response=ReportDraftOut, summary="Get the draft of a report")
def show_report_draft(request: Request, partnership_id: Id, engagement_id: Id) -> Any:
    """Returns the report as it would be sent now, with everything it still lacks.

    The company can't read any of it until it is sent.
    """
    return read_draft(enter(request, partnership_id, engagement_id))


@router.get(
    f"{ONE}/report-summary", response=ReportSummaryOut, summary="Get the summary of a report"
)
def show_report_summary(
    request: Request, response: HttpResponse, partnership_id: Id, engagement_id: Id
) -> Engagement:
    """Returns the summary as the teams have written it so far. Send its ETag with a change."""
    one = enter(request, partnership_id, engagement_id)
    show_version(response, one.version)
    return one


@router.put(
    f"{ONE}/report-summary", response=ReportSummaryOut, summary="Write the summary of a report"
)
def write_report_summary(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    written: ReportSummaryIn,
    if_match: IfMatch = None,
) -> Engagement:
    """One page at most, in the language of the report."""
    one = enter(request, partnership_id, engagement_id)
    reports.write_summary(
        actor=request.reader,
        engagement_id=one.pk,
        summary=written.summary,
        version=match_version(if_match, one.version),
        now=_now(),
    )
    return show_report_summary(request, response, partnership_id, engagement_id)


@router.get(_REPORTS, response=list[AssessmentReportRow], summary="List versions of a report")
def list_reports(request: Request, partnership_id: Id, engagement_id: Id) -> Any:
    """Returns the versions that were sent, newest first: 50 at most."""
    return list(find_reports(enter(request, partnership_id, engagement_id)))


@router.post(_REPORTS, response={201: AssessmentReportOut}, summary="Send the report")
def give_report(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    given: ReportGiveIn,
) -> Status[Any]:
    """From then on, this version never changes. The company is notified by email."""
    one = enter(request, partnership_id, engagement_id)
    made = reports.give_report(
        actor=request.reader, engagement_id=one.pk, now=_now(), **given.model_dump()
    )
    path = f"/api/v1/assessments/{partnership_id}/engagements/{one.pk}/reports/{made.number}"
    response["Location"] = path
    return Status(201, made)


@router.get(
    f"{_REPORTS}/{{number}}", response=AssessmentReportOut, summary="Get a version of a report"
)
def show_report(
    request: Request, partnership_id: Id, engagement_id: Id, number: shapes.Number
) -> Report:
    """Returns it word for word as it was sent. `sha256` is the hash of its content."""
    return get_report(enter(request, partnership_id, engagement_id), number)


@router.get(
    f"{_REPORTS}/{{number}}/pdf",
    summary="Download a version of a report as PDF",
    openapi_extra=file_of("application/pdf"),
)
def take_report(
    request: Request, partnership_id: Id, engagement_id: Id, number: shapes.Number
) -> HttpResponse:
    """In the language of the report."""
    one = enter(request, partnership_id, engagement_id)
    return answer_report_pdf(one, get_report(one, number))


@router.get(_REMARKS, response=list[ReportRemarkOut], summary="List remarks on a report")
def list_remarks(request: Request, partnership_id: Id, engagement_id: Id) -> Any:
    """Returns everyone's remarks in order, each with its replies: 500 at most."""
    return shapes.tell_threads(request, enter(request, partnership_id, engagement_id))


@router.post(_REMARKS, response={201: shapes.ReportSaidOut}, summary="Add a remark to a report")
def write_remark(
    request: Request, partnership_id: Id, engagement_id: Id, said: ReportRemarkIn
) -> Status[Any]:
    """You can also reply to a remark. The company is notified by email, once a day."""
    return shapes.write(request, enter(request, partnership_id, engagement_id), said)


@router.post(
    f"{_REMARKS}/{{remark_id}}/settle", response=list[ReportRemarkOut], summary="Resolve a remark"
)
def settle_remark(request: Request, partnership_id: Id, engagement_id: Id, remark_id: Id) -> Any:
    """Marks it as needing no further discussion."""
    one = enter(request, partnership_id, engagement_id)
    return shapes.settle(request, one, remark_id, is_settled=True)


@router.post(
    f"{_REMARKS}/{{remark_id}}/reopen",
    response=list[ReportRemarkOut],
    summary="Reopen a remark",
)
def reopen_remark(request: Request, partnership_id: Id, engagement_id: Id, remark_id: Id) -> Any:
    """The remark is open again until someone resolves it."""
    one = enter(request, partnership_id, engagement_id)
    return shapes.settle(request, one, remark_id, is_settled=False)


@router.get(_HAND_OVER, response=ReportHandOverOut, summary="Get the state of the handover")
def show_hand_over(
    request: Request, response: HttpResponse, partnership_id: Id, engagement_id: Id
) -> dict[str, Any]:
    """Returns its meeting with those invited, and when it was done."""
    one = enter(request, partnership_id, engagement_id)
    show_version(response, one.version)
    return _tell_hand_over(one)


def _tell_hand_over(one: Engagement) -> dict[str, Any]:
    meeting, none = one.meeting, dict.fromkeys(("starts_at", "ends_at", "state"))
    names = ("starts_at", "ends_at", "time_zone", "place", "state")
    told = {name: getattr(meeting, name) for name in names} if meeting else none
    return {
        "time_zone": "",
        "place": "",
        **told,
        "meeting_id": one.meeting_id,
        "guests": asked_to(one),
        "handed_over_at": one.handed_over_at,
        "reason": one.reason if one.handed_over_at else "",
    }


@router.put(
    _HAND_OVER, response=ReportHandOverOut, summary="Arrange or change the handover meeting"
)
def arrange_hand_over(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    wanted: ReportHandOverIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Everyone invited gets a calendar invitation, and an update with each change."""
    one = enter(request, partnership_id, engagement_id)
    values = wanted.model_dump()
    handing_over.arrange_hand_over(
        actor=request.reader,
        engagement_id=one.pk,
        version=match_version(if_match, one.version),
        facts=HandOverFacts(**{**values, "guests": tuple(values["guests"])}),
        now=_now(),
    )
    return show_hand_over(request, response, partnership_id, engagement_id)


@router.post(f"{_HAND_OVER}/off", response=ReportHandOverOut, summary="Cancel the handover meeting")
def call_off_hand_over(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    why: ReportHandOverReasonIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Everyone invited is given the reason. You can arrange another meeting."""
    one = enter(request, partnership_id, engagement_id)
    handing_over.call_off_hand_over(
        actor=request.reader,
        engagement_id=one.pk,
        seen=match_version(if_match, one.version),
        reason=why.reason,
        now=_now(),
    )
    return show_hand_over(request, response, partnership_id, engagement_id)


@router.post(f"{_HAND_OVER}/held", response=ReportHandOverOut, summary="Confirm the handover")
def note_handed_over(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    held: ReportHeldIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Six and twelve months after that day, the company is asked what came of it."""
    one = enter(request, partnership_id, engagement_id)
    handing_over.note_handed_over(
        actor=request.reader,
        engagement_id=one.pk,
        seen=match_version(if_match, one.version),
        held_on=held.held_on,
        now=_now(),
    )
    return show_hand_over(request, response, partnership_id, engagement_id)


@router.post(
    f"{_HAND_OVER}/without",
    response=ReportHandOverOut,
    summary="Hand over a report without a meeting",
)
def hand_over_without_meeting(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    why: ReportHandOverReasonIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Give a reason. An upcoming meeting is cancelled."""
    one = enter(request, partnership_id, engagement_id)
    handing_over.hand_over_without_meeting(
        actor=request.reader,
        engagement_id=one.pk,
        seen=match_version(if_match, one.version),
        reason=why.reason,
        now=_now(),
    )
    return show_hand_over(request, response, partnership_id, engagement_id)


@router.get(f"{ONE}/later", response=list[ReportLaterOut], summary="List what came of a report")
def list_later_answers(request: Request, partnership_id: Id, engagement_id: Id) -> Any:
    """Returns the company's answers after six and after twelve months."""
    return list_later(enter(request, partnership_id, engagement_id))
