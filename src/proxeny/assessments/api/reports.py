"""Reports over the API, as the teams write, give and hand them over."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
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
from proxeny.assessments.queries.hand_overs import asked_to
from proxeny.assessments.queries.later import list_later
from proxeny.assessments.queries.reports import MOST_SUMMARY, find_reports, get_report, read_draft
from proxeny.assessments.report_pdf import answer_report_pdf
from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version
from proxeny.kernel.api.files import file_of
from proxeny.kernel.api.times import Day, Moment
from proxeny.meetings.models import Meeting, MeetingParty

_REPORTS, _REMARKS, _HAND_OVER = f"{ONE}/reports", f"{ONE}/remarks", f"{ONE}/hand-over"
MeetingAnswer = Literal[*MeetingParty.Answer.values]
MeetingState = Literal[*Meeting.State.values]


class ReportMissingOut(Out):
    """What a draft lacks; `blocks` where it cannot go without."""

    text: str
    blocks: bool


class ReportDraftOut(Out):
    """A report as it would be given now. Send `seen` back to give it."""

    content: dict[str, Any]
    seen: str
    can_go: bool
    missing: list[ReportMissingOut]


class ReportSummaryIn(In):
    """The page with which the report begins."""

    summary: Annotated[str, Field(max_length=MOST_SUMMARY)]


class ReportSummaryOut(Out):
    """The page with which the report begins."""

    summary: str


class ReportGiveIn(In):
    """Which draft is given, and what is new in it from the second version on."""

    seen: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    news: Annotated[str, Field(max_length=500)] = ""


class HandOverGuestOut(Out):
    """Who comes to a hand-over, for which organisation, and what they answered."""

    person_id: int | None
    name: str
    organisation_id: int
    answer: MeetingAnswer


class ReportHandOverOut(Out):
    """How the hand-over stands: its meeting, if one is arranged, and when it was done."""

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
    """When and where the report is gone through, and who comes (numbers of people)."""

    starts_at: Moment
    duration_min: Annotated[int, Field(ge=15, le=480)]
    time_zone: Annotated[str, Field(max_length=60, description="Like Europe/Athens.")]
    place: Annotated[str, Field(min_length=1, max_length=200, description="Or a video link.")]
    guests: Annotated[list[Id], Field(min_length=1, max_length=100)]


class ReportHandOverReasonIn(In):
    """Why, in a sentence that the company reads."""

    reason: Annotated[str, Field(min_length=1, max_length=300)]


class ReportHeldIn(In):
    """On which day the report was gone through."""

    held_on: Day


def _now() -> datetime:
    return timezone.localtime()


@router.get(
    f"{ONE}/report-draft", response=ReportDraftOut, summary="A report as it would be given now"
)
def show_report_draft(request: HttpRequest, partnership_id: Id, engagement_id: Id) -> Any:
    """With all that it lacks. The company reads nothing of it before it is given."""
    return read_draft(enter(request, partnership_id, engagement_id))


@router.get(f"{ONE}/report-summary", response=ReportSummaryOut, summary="The summary of a report")
def show_report_summary(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id
) -> Engagement:
    """As the teams have written it so far; its ETag goes with a change."""
    one = enter(request, partnership_id, engagement_id)
    show_version(response, one.version)
    return one


@router.put(f"{ONE}/report-summary", response=ReportSummaryOut, summary="Write the summary")
def write_report_summary(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    written: ReportSummaryIn, if_match: IfMatch = None,
) -> Engagement:  # fmt: skip
    """One page at most, in the language of the report."""
    one = enter(request, partnership_id, engagement_id)
    reports.write_summary(
        actor=request.reader, engagement_id=one.pk, summary=written.summary,
        version=match_version(if_match, one.version), now=_now(),
    )  # fmt: skip
    return show_report_summary(request, response, partnership_id, engagement_id)


@router.get(_REPORTS, response=list[AssessmentReportRow], summary="The versions of a report")
def list_reports(request: HttpRequest, partnership_id: Id, engagement_id: Id) -> Any:
    """Those that were given, the newest first: 50 at most."""
    return list(find_reports(enter(request, partnership_id, engagement_id)))


@router.post(_REPORTS, response={201: AssessmentReportOut}, summary="Give the report")
def give_report(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    given: ReportGiveIn,
) -> Status[Any]:  # fmt: skip
    """From then on this version never changes; the company is told by mail."""
    one = enter(request, partnership_id, engagement_id)
    made = reports.give_report(
        actor=request.reader, engagement_id=one.pk, now=_now(), **given.model_dump()
    )
    path = f"/api/v1/assessments/{partnership_id}/engagements/{one.pk}/reports/{made.number}"
    response["Location"] = path
    return Status(201, made)


@router.get(
    f"{_REPORTS}/{{number}}", response=AssessmentReportOut, summary="One version of a report"
)
def show_report(
    request: HttpRequest, partnership_id: Id, engagement_id: Id, number: shapes.Number
) -> Report:
    """Word for word as it was given; `sha256` is that of its content."""
    return get_report(enter(request, partnership_id, engagement_id), number)


@router.get(
    f"{_REPORTS}/{{number}}/pdf", summary="One version as PDF",
    openapi_extra=file_of("application/pdf"),
)  # fmt: skip
def take_report(
    request: HttpRequest, partnership_id: Id, engagement_id: Id, number: shapes.Number
) -> HttpResponse:
    """In the language of the report."""
    one = enter(request, partnership_id, engagement_id)
    return answer_report_pdf(one, get_report(one, number))


@router.get(_REMARKS, response=list[ReportRemarkOut], summary="What was said beside a report")
def list_remarks(request: HttpRequest, partnership_id: Id, engagement_id: Id) -> Any:
    """By all, in its order, each with its answers: 500 at most."""
    return shapes.tell_threads(request, enter(request, partnership_id, engagement_id))


@router.post(
    _REMARKS, response={201: shapes.ReportSaidOut}, summary="Say something beside a report"
)
def write_remark(
    request: HttpRequest, partnership_id: Id, engagement_id: Id, said: ReportRemarkIn
) -> Status[Any]:
    """Or answer what was said; the company is told by mail, once a day."""
    return shapes.write(request, enter(request, partnership_id, engagement_id), said)


@router.post(
    f"{_REMARKS}/{{remark_id}}/settle", response=list[ReportRemarkOut], summary="Settle a remark"
)
def settle_remark(
    request: HttpRequest, partnership_id: Id, engagement_id: Id, remark_id: Id
) -> Any:
    """Nothing more is to be said about it."""
    one = enter(request, partnership_id, engagement_id)
    return shapes.settle(request, one, remark_id, is_settled=True)


@router.post(
    f"{_REMARKS}/{{remark_id}}/reopen",
    response=list[ReportRemarkOut],
    summary="Take a remark up again",
)
def reopen_remark(
    request: HttpRequest, partnership_id: Id, engagement_id: Id, remark_id: Id
) -> Any:
    """It waits again to be settled."""
    one = enter(request, partnership_id, engagement_id)
    return shapes.settle(request, one, remark_id, is_settled=False)


@router.get(_HAND_OVER, response=ReportHandOverOut, summary="How the hand-over stands")
def show_hand_over(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id
) -> dict[str, Any]:
    """Its meeting with who comes, and when it was done."""
    one = enter(request, partnership_id, engagement_id)
    show_version(response, one.version)
    return _tell_hand_over(one)


def _tell_hand_over(one: Engagement) -> dict[str, Any]:
    meeting, none = one.meeting, dict.fromkeys(("starts_at", "ends_at", "state"))
    names = ("starts_at", "ends_at", "time_zone", "place", "state")
    told = {name: getattr(meeting, name) for name in names} if meeting else none
    return {
        "time_zone": "", "place": "", **told, "meeting_id": one.meeting_id,
        "guests": asked_to(one), "handed_over_at": one.handed_over_at,
        "reason": one.reason if one.handed_over_at else "",
    }  # fmt: skip


@router.put(_HAND_OVER, response=ReportHandOverOut, summary="Arrange the hand-over, or change it")
def arrange_hand_over(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    wanted: ReportHandOverIn, if_match: IfMatch = None,
) -> dict[str, Any]:  # fmt: skip
    """All who come get an invitation for their calendar, and each change."""
    one = enter(request, partnership_id, engagement_id)
    values = wanted.model_dump()
    handing_over.arrange_hand_over(
        actor=request.reader, engagement_id=one.pk, version=match_version(if_match, one.version),
        facts=HandOverFacts(**{**values, "guests": tuple(values["guests"])}), now=_now(),
    )  # fmt: skip
    return show_hand_over(request, response, partnership_id, engagement_id)


@router.post(f"{_HAND_OVER}/off", response=ReportHandOverOut, summary="Call the hand-over off")
def call_off_hand_over(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    why: ReportHandOverReasonIn, if_match: IfMatch = None,
) -> dict[str, Any]:  # fmt: skip
    """All who were asked are told why; another meeting can be arranged."""
    one = enter(request, partnership_id, engagement_id)
    handing_over.call_off_hand_over(
        actor=request.reader, engagement_id=one.pk, seen=match_version(if_match, one.version),
        reason=why.reason, now=_now(),
    )  # fmt: skip
    return show_hand_over(request, response, partnership_id, engagement_id)


@router.post(f"{_HAND_OVER}/held", response=ReportHandOverOut, summary="The report is handed over")
def note_handed_over(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    held: ReportHeldIn, if_match: IfMatch = None,
) -> dict[str, Any]:  # fmt: skip
    """The company is asked six and twelve months after that day what came of it."""
    one = enter(request, partnership_id, engagement_id)
    handing_over.note_handed_over(
        actor=request.reader, engagement_id=one.pk, seen=match_version(if_match, one.version),
        held_on=held.held_on, now=_now(),
    )  # fmt: skip
    return show_hand_over(request, response, partnership_id, engagement_id)


@router.post(
    f"{_HAND_OVER}/without", response=ReportHandOverOut, summary="Hand over without a meeting"
)
def hand_over_without_meeting(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    why: ReportHandOverReasonIn, if_match: IfMatch = None,
) -> dict[str, Any]:  # fmt: skip
    """With a reason; a meeting to come is called off."""
    one = enter(request, partnership_id, engagement_id)
    handing_over.hand_over_without_meeting(
        actor=request.reader, engagement_id=one.pk, seen=match_version(if_match, one.version),
        reason=why.reason, now=_now(),
    )  # fmt: skip
    return show_hand_over(request, response, partnership_id, engagement_id)


@router.get(f"{ONE}/later", response=list[ReportLaterOut], summary="What came of a report")
def list_later_answers(request: HttpRequest, partnership_id: Id, engagement_id: Id) -> Any:
    """After six and after twelve months, in the words of the company."""
    return list_later(enter(request, partnership_id, engagement_id))
