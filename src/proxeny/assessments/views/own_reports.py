"""The report as the company reads it that asked for it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proxeny.assessments import rules
from proxeny.assessments.forms.remarks import RemarkForm
from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.assessments.queries.follow_up import is_asked, list_later
from proxeny.assessments.queries.hand_overs import asked_to, place_url
from proxeny.assessments.queries.reports import compare_reports, find_reports, get_report
from proxeny.assessments.report_pdf import answer_report_pdf
from proxeny.assessments.views._report_content import (
    asked_version,
    remark_context,
    show_report,
)
from proxeny.kernel.errors import Conflict, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.meetings.models import Meeting
from proxeny.partnerships.models import Partnership


def enter_own(request: Request, engagement_id: int) -> Engagement:
    """Return an engagement of the reader's own company.

    Raises
    ------
    NotFound, NotAllowed
        The reader sees none; the reader is in the teams, who have a page of their own.
    """
    engagement = get_engagement(engagement_id)
    if not rules.is_client(request.reader, engagement):
        raise NotAllowed(_("Only the company that requested it can do this."))
    return engagement


@require_GET
@for_people
def show(request: Request, engagement_id: int) -> HttpResponse:
    """Show the newest version, or another one by `?version=`."""
    return show_page(request, enter_own(request, engagement_id))


def show_page(
    request: Request,
    engagement: Engagement,
    *,
    remark: RemarkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the report; a refused remark is shown again where it was written."""
    versions = list(find_reports(engagement))
    context: dict[str, Any] = {"engagement": engagement, "versions": versions}
    if not versions:
        return render(request, "assessments/report_own.html", context, status=status)
    report = get_report(engagement, asked_version(request))
    is_active = engagement.partnership.state == Partnership.State.ACTIVE
    context |= {
        "report": report,
        "shown": show_report(report, engagement, request.reader),
        **remark_context(
            reverse("assessments:own-remark", args=[engagement.pk]),
            report,
            may_write=is_active and engagement.state in rules.REMARKED_IN,
            refused=remark,
        ),
        **_after(engagement),
    }
    if report.number > 1:
        before = get_report(engagement, report.number - 1)
        context["comparison"] = compare_reports(before, report.content)
    return render(request, "assessments/report_own.html", context, status=status)


def _after(engagement: Engagement) -> dict[str, Any]:
    """Return the handover meeting, and the questions that follow it."""
    meeting, today = engagement.meeting, timezone.localdate()
    later = list_later(engagement) if engagement.handed_over_at else []
    return {
        "meeting": meeting,
        "is_arranged": meeting is not None and meeting.state == Meeting.State.CONFIRMED,
        "asked": asked_to(engagement),
        "place_url": place_url(engagement),
        "asks": [one for one in later if is_asked(one, today) and one.answered_at is None],
        "answered": [one for one in later if one.answered_at is not None],
    }


@require_GET
@for_people
def take(request: Request, engagement_id: int) -> HttpResponse:
    """Give a version as PDF, the newest if none is named."""
    engagement = enter_own(request, engagement_id)
    report = get_report(engagement, asked_version(request))
    try:
        return answer_report_pdf(engagement, report)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("assessments:own-report", engagement_id)
