"""A company's own reports over the API, and what assessments led to."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
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
from proxeny.assessments.operations.later import LaterFacts, answer_later
from proxeny.assessments.queries.later import list_later, seen_of
from proxeny.assessments.queries.outcomes import GROUPS, QUESTION, Outcome, read_outcome
from proxeny.assessments.queries.own import get_own
from proxeny.assessments.queries.reports import find_reports, get_report
from proxeny.assessments.report_pdf import answer_report_pdf
from proxeny.kernel.api import Id, IfMatch, In, Out, exact, match_version, show_version
from proxeny.kernel.api.files import file_of
from proxeny.kernel.api.times import Day
from proxeny.kernel.errors import NotFound
from proxeny.partnerships.queries import get_partnership
from proxeny.partnerships.sums import MOST_WORTH

_OWN = "/own/engagements/{engagement_id}"
_REPORTS, _REMARKS, _LATER = f"{_OWN}/reports", f"{_OWN}/remarks", f"{_OWN}/later"
Months = Annotated[int, Field(description="6 or 12.", ge=6, le=12)]
Said = Literal[*Later.Value.values]
AssessmentsBy = Literal[*GROUPS]


class ReportLaterIn(In):
    """What came of it; `worth` and `currency` may be left out."""

    value: Said
    worth: exact(14, 2, least=0, most=MOST_WORTH) | None = None
    currency: Annotated[str, Field(max_length=3)] = ""
    text: Annotated[str, Field(max_length=2000)] = ""


class AssessmentRateOut(Out):
    """A rate with its limits at 95 % (Wilson), in percent; `is_thin` where it means little."""

    count: int
    of: int
    percent: float
    low: float
    high: float
    is_thin: bool


class AssessmentChainOut(Out):
    """How many assessments came how far.

    `told_half` and `told_year` are those whose company has answered after six and twelve months,
    `promised` the reports with a promised day, `kept` those that were out by it.
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
    """Those of one question, country, cluster or adviser; `key` is empty for the rest."""

    key: str
    label: str
    chain: AssessmentChainOut


class AssessmentOutcomesOut(Out):
    """The whole, and each group; an assessment counts for each of its advisers."""

    by: AssessmentsBy
    since: date | None
    until: date | None
    chain: AssessmentChainOut
    groups: list[AssessmentGroupOut]


class AssessmentOutcomeFilters(In):
    """Which assessments count, and by what they are compared."""

    by: AssessmentsBy = QUESTION
    since: Day | None = Field(None, description="First day on which they were asked for.")
    until: Day | None = Field(None, description="Last day, which counts too.")


@router.get(
    "/{partnership_id}/outcomes", response=AssessmentOutcomesOut,
    summary="What assessments led to",
)  # fmt: skip
def show_assessment_outcomes(
    request: HttpRequest, partnership_id: Id, filters: Query[AssessmentOutcomeFilters]
) -> Outcome:
    """For the teams of the clusters, but for what a conflict of interest hides."""
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("There is no such partnership."))
    get_partnership(partnership_id)
    return read_outcome(request.reader, partnership_id, **filters.model_dump())


def _own(request: HttpRequest, engagement_id: int) -> Engagement:
    return get_own(request.reader, engagement_id)  # type: ignore[attr-defined]


@router.get(
    _REPORTS, response=list[AssessmentReportRow], summary="The versions of one's own report"
)
def list_own_reports(request: HttpRequest, engagement_id: Id) -> Any:
    """Those that were given, the newest first: 50 at most."""
    return list(find_reports(_own(request, engagement_id)))


@router.get(f"{_REPORTS}/{{number}}", response=AssessmentReportOut, summary="One's own report")
def show_own_report(request: HttpRequest, engagement_id: Id, number: shapes.Number) -> Report:
    """Word for word as it was given."""
    return get_report(_own(request, engagement_id), number)


@router.get(
    f"{_REPORTS}/{{number}}/pdf", summary="One's own report as PDF",
    openapi_extra=file_of("application/pdf"),
)  # fmt: skip
def take_own_report(request: HttpRequest, engagement_id: Id, number: shapes.Number) -> HttpResponse:
    """In the language of the report."""
    one = _own(request, engagement_id)
    return answer_report_pdf(one, get_report(one, number))


@router.get(
    _REMARKS, response=list[ReportRemarkOut], summary="What was said beside one's own report"
)
def list_own_remarks(request: HttpRequest, engagement_id: Id) -> Any:
    """By all, in its order, each with its answers: 500 at most."""
    return shapes.tell_threads(request, _own(request, engagement_id))


@router.post(
    _REMARKS, response={201: shapes.ReportSaidOut}, summary="Say something beside one's report"
)
def write_own_remark(request: HttpRequest, engagement_id: Id, said: ReportRemarkIn) -> Status[Any]:
    """Or answer what was said; the teams are told by mail, once a day."""
    return shapes.write(request, _own(request, engagement_id), said)


@router.post(
    f"{_REMARKS}/{{remark_id}}/settle",
    response=list[ReportRemarkOut],
    summary="Settle one's remark",
)
def settle_own_remark(request: HttpRequest, engagement_id: Id, remark_id: Id) -> Any:
    """Nothing more is to be said about it."""
    return shapes.settle(request, _own(request, engagement_id), remark_id, is_settled=True)


@router.post(
    f"{_REMARKS}/{{remark_id}}/reopen", response=list[ReportRemarkOut],
    summary="Take one's remark up again",
)  # fmt: skip
def reopen_own_remark(request: HttpRequest, engagement_id: Id, remark_id: Id) -> Any:
    """It waits again to be settled."""
    return shapes.settle(request, _own(request, engagement_id), remark_id, is_settled=False)


@router.get(_LATER, response=list[ReportLaterOut], summary="What came of one's report")
def list_own_later(request: HttpRequest, engagement_id: Id) -> Any:
    """After six and after twelve months."""
    return list_later(_own(request, engagement_id))


@router.get(
    f"{_LATER}/{{months}}", response=ReportLaterOut, summary="What came of it after some months"
)
def show_own_later(
    request: HttpRequest, response: HttpResponse, engagement_id: Id, months: Months
) -> Later:
    """With an ETag that goes with an answer."""
    one = _find(_own(request, engagement_id), months)
    show_version(response, seen_of(one))
    return one


def _find(engagement: Engagement, months: int) -> Later:
    found = next((one for one in list_later(engagement) if one.months == months), None)
    if found is None:
        raise NotFound(_("There is no such question."))
    return found


@router.put(f"{_LATER}/{{months}}", response=ReportLaterOut, summary="Say what came of it")
def answer_own_later(
    request: HttpRequest, response: HttpResponse, engagement_id: Id, months: Months, said: ReportLaterIn,
    if_match: IfMatch = None,
) -> Later:  # fmt: skip
    """Again to change it. The teams read it, and count it."""
    one = _find(_own(request, engagement_id), months)
    answer_later(
        actor=request.reader, engagement_id=engagement_id, months=months,
        seen=match_version(if_match, seen_of(one)), facts=LaterFacts(**said.model_dump()),
        now=timezone.localtime(),
    )  # fmt: skip
    return show_own_later(request, response, engagement_id, months)
