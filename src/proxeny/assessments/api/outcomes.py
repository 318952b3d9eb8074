"""A company's own reports over the API, and the outcomes of assessments."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
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
from proxeny.assessments.models import Engagement, Later, Report
from proxeny.assessments.operations.follow_up import LaterFacts, answer_later
from proxeny.assessments.queries.follow_up import list_later, seen_of
from proxeny.assessments.queries.outcomes import GROUPS, QUESTION, Outcome, Rate, read_outcome
from proxeny.assessments.queries.own import get_own
from proxeny.assessments.queries.reports import find_reports, get_report
from proxeny.assessments.report_pdf import answer_report_pdf
from proxeny.kernel.api import Id, IfMatch, In, Out, exact, match_version, show_version
from proxeny.kernel.api.files import file_of
from proxeny.kernel.api.times import Day
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.partnerships.queries import get_partnership
from proxeny.partnerships.sums import MOST_WORTH

_OWN = "/own/engagements/{engagement_id}"
_REPORTS, _REMARKS, _LATER = f"{_OWN}/reports", f"{_OWN}/remarks", f"{_OWN}/later"
Months = Annotated[int, Field(description="6 or 12.", ge=6, le=12)]
Said = Literal[*Later.Value.values]
AssessmentsBy = Literal[*GROUPS]


class ReportLaterIn(In):
    """What came of the report. `worth` and `currency` are optional."""

    value: Said
    worth: exact(14, 2, least=0, most=MOST_WORTH) | None = None
    currency: Annotated[str, Field(max_length=3)] = ""
    text: Annotated[str, Field(max_length=2000)] = ""


class AssessmentRateOut(Out):
    """A rate in percent with its 95% limits (Wilson). `is_thin` is true if too few cases are known
    for a meaningful rate.

    `of` is the number of cases where the answer is known. If it is 0, `percent`, `low` and `high`
    are null.
    """

    count: int
    of: int
    percent: float | None
    low: float | None
    high: float | None
    is_thin: bool

    @staticmethod
    def resolve_percent(rate: Rate) -> float | None:
        """Return null if nothing is known."""
        return rate.percent if rate.of else None

    @staticmethod
    def resolve_low(rate: Rate) -> float | None:
        """Return null if nothing is known."""
        return rate.low if rate.of else None

    @staticmethod
    def resolve_high(rate: Rate) -> float | None:
        """Return null if nothing is known."""
        return rate.high if rate.of else None


class AssessmentChainOut(Out):
    """How many assessments reached each stage.

    `told_half` and `told_year` count those whose company has answered after six and twelve months,
    `promised` the reports with a promised date, and `kept` those that were sent by that date.
    """

    asked: int
    accepted: int
    signed: int
    reported: int
    handed_over: int
    told_half: int
    used: int
    told_year: int
    entered: int
    promised: int
    kept: int
    mean_days: float | None
    reported_rate: AssessmentRateOut
    used_rate: AssessmentRateOut
    entered_rate: AssessmentRateOut
    kept_rate: AssessmentRateOut


class AssessmentGroupOut(Out):
    """The assessments of one question, country, cluster or adviser. `key` is empty for the rest."""

    key: str
    label: str
    chain: AssessmentChainOut


class AssessmentOutcomesOut(Out):
    """The total, and each group. An assessment counts towards each of its advisers."""

    by: AssessmentsBy
    since: date | None
    until: date | None
    chain: AssessmentChainOut
    groups: list[AssessmentGroupOut]


class AssessmentOutcomeFilters(In):
    """Which assessments to count, and how to group them."""

    by: AssessmentsBy = QUESTION
    since: Day | None = Field(None, description="The first day on which they were requested.")
    until: Day | None = Field(
        None, description="The last day on which they were requested, inclusive."
    )


@router.get(
    "/{partnership_id}/outcomes",
    response=AssessmentOutcomesOut,
    summary="Get outcomes of assessments",
)
def show_assessment_outcomes(
    request: Request, partnership_id: Id, filters: Query[AssessmentOutcomeFilters]
) -> Outcome:
    """For the teams of the clusters. Leaves out what a conflict of interest hides."""
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("We couldn’t find this partnership."))
    get_partnership(partnership_id)
    return read_outcome(request.reader, partnership_id, **filters.model_dump())


def _own(request: Request, engagement_id: int) -> Engagement:
    return get_own(request.reader, engagement_id)


@router.get(_REPORTS, response=list[AssessmentReportRow], summary="List versions of your report")
def list_own_reports(request: Request, engagement_id: Id) -> Any:
    """Returns the versions that were sent to you, newest first: 50 at most."""
    return list(find_reports(_own(request, engagement_id)))


@router.get(
    f"{_REPORTS}/{{number}}", response=AssessmentReportOut, summary="Get a version of your report"
)
def show_own_report(request: Request, engagement_id: Id, number: shapes.Number) -> Report:
    """Returns the report word for word as it was sent."""
    return get_report(_own(request, engagement_id), number)


@router.get(
    f"{_REPORTS}/{{number}}/pdf",
    summary="Download your report as PDF",
    openapi_extra=file_of("application/pdf"),
)
def take_own_report(request: Request, engagement_id: Id, number: shapes.Number) -> HttpResponse:
    """In the language of the report."""
    one = _own(request, engagement_id)
    return answer_report_pdf(one, get_report(one, number))


@router.get(_REMARKS, response=list[ReportRemarkOut], summary="List remarks on your report")
def list_own_remarks(request: Request, engagement_id: Id) -> Any:
    """Returns everyone's remarks in order, each with its replies: 500 at most."""
    return shapes.tell_threads(request, _own(request, engagement_id))


@router.post(_REMARKS, response={201: shapes.ReportSaidOut}, summary="Add a remark to your report")
def write_own_remark(request: Request, engagement_id: Id, said: ReportRemarkIn) -> Status[Any]:
    """You can also reply to a remark. The teams are notified by email, once a day."""
    return shapes.write(request, _own(request, engagement_id), said)


@router.post(
    f"{_REMARKS}/{{remark_id}}/settle",
    response=list[ReportRemarkOut],
    summary="Resolve a remark on your report",
)
def settle_own_remark(request: Request, engagement_id: Id, remark_id: Id) -> Any:
    """Marks it as needing no further discussion."""
    return shapes.settle(request, _own(request, engagement_id), remark_id, is_settled=True)


@router.post(
    f"{_REMARKS}/{{remark_id}}/reopen",
    response=list[ReportRemarkOut],
    summary="Reopen a remark on your report",
)
def reopen_own_remark(request: Request, engagement_id: Id, remark_id: Id) -> Any:
    """The remark is open again until someone resolves it."""
    return shapes.settle(request, _own(request, engagement_id), remark_id, is_settled=False)


@router.get(
    _LATER, response=list[ReportLaterOut], summary="List your answers on what came of a report"
)
def list_own_later(request: Request, engagement_id: Id) -> Any:
    """Returns the questions after six and after twelve months, with your answers."""
    return list_later(_own(request, engagement_id))


@router.get(
    f"{_LATER}/{{months}}",
    response=ReportLaterOut,
    summary="Get your answer after six or twelve months",
)
def show_own_later(
    request: Request, response: HttpResponse, engagement_id: Id, months: Months
) -> Later:
    """Includes the ETag to send with your answer."""
    one = _find(_own(request, engagement_id), months)
    show_version(response, seen_of(one))
    return one


def _find(engagement: Engagement, months: int) -> Later:
    found = next((one for one in list_later(engagement) if one.months == months), None)
    if found is None:
        raise NotFound(_("We couldn’t find this question."))
    return found


@router.put(f"{_LATER}/{{months}}", response=ReportLaterOut, summary="Answer what came of a report")
def answer_own_later(
    request: Request,
    response: HttpResponse,
    engagement_id: Id,
    months: Months,
    said: ReportLaterIn,
    if_match: IfMatch = None,
) -> Later:
    """Send it again to change your answer. The teams read it and count it."""
    one = _find(_own(request, engagement_id), months)
    answer_later(
        actor=request.reader,
        engagement_id=engagement_id,
        months=months,
        seen=match_version(if_match, seen_of(one)),
        facts=LaterFacts(**said.model_dump()),
        now=timezone.localtime(),
    )
    return show_own_later(request, response, engagement_id, months)
