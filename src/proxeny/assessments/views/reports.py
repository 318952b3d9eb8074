"""The report of an engagement, as the teams write it and give it to the client."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.assessments import rules
from proxeny.assessments.forms.hand_overs import HeldForm, ReasonForm
from proxeny.assessments.forms.remarks import RemarkForm
from proxeny.assessments.forms.reports import GiveForm, SummaryForm
from proxeny.assessments.models import Engagement, Report
from proxeny.assessments.operations.reports import WRITTEN, give_report, write_summary
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.assessments.queries.follow_up import list_later
from proxeny.assessments.queries.hand_overs import asked_to, place_url
from proxeny.assessments.queries.reports import (
    MOST_SUMMARY,
    compare_reports,
    count_open_remarks,
    find_reports,
    get_report,
    read_draft,
)
from proxeny.assessments.report_pdf import answer_report_pdf
from proxeny.assessments.rules import State
from proxeny.assessments.views._report_content import (
    asked_version,
    language_name,
    remark_context,
    show_content,
    show_report,
)
from proxeny.assessments.views.frame import EngagementFrame, enter_engagement, show_tab
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.form_fields import put_data
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.meetings.models import Meeting

TAB = "report"


@require_GET
@for_people
def show(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Show the draft as the client will read it, or a version that was given."""
    return show_page(request, enter_engagement(request, pk, engagement_id))


def show_page(
    request: Request,
    frame: EngagementFrame,
    *,
    give: GiveForm | None = None,
    remark: RemarkForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Answer with the report's page; refused input is shown again in the given forms."""
    engagement = frame.engagement
    versions = list(find_reports(engagement))
    context: dict[str, Any] = {
        "versions": versions,
        "open_remarks": count_open_remarks(engagement) if versions else 0,
        "language_name": language_name(engagement.language),
        "may_give": frame.may_write and engagement.state in WRITTEN,
        "is_early": not versions and engagement.state not in WRITTEN,
        **_hand_over(frame),
    }
    number = asked_version(request)
    if number is None and versions and not _wants_draft(request, engagement):
        number = versions[0].number
    if number is not None:
        context |= _given(request, frame, get_report(engagement, number), remark)
    else:
        context |= _draft(engagement, versions, give)
    return show_tab(request, frame, TAB, "report", {**context, **more}, status=status)


def _wants_draft(request: Request, engagement: Engagement) -> bool:
    page = request.resolver_match
    return engagement.state in WRITTEN and (
        request.GET.get("show") == "draft" or (page is not None and page.url_name == "report-give")
    )


def _given(
    request: Request, frame: EngagementFrame, report: Report, remark: RemarkForm | None
) -> dict[str, Any]:
    engagement = frame.engagement
    found: dict[str, Any] = {
        "report": report,
        "shown": show_report(report, engagement, request.reader),
        **remark_context(
            reverse("assessments:remark", args=[frame.pk, engagement.pk]),
            report,
            may_write=frame.may_write and engagement.state in rules.REMARKED_IN,
            refused=remark,
        ),
    }
    if report.number > 1:
        before = get_report(engagement, report.number - 1)
        found["comparison"] = compare_reports(before, report.content)
    return found


def _draft(engagement: Engagement, versions: list[Report], give: GiveForm | None) -> dict[str, Any]:
    draft = read_draft(engagement)
    found: dict[str, Any] = {
        "draft": draft,
        "length": len(engagement.summary),
        "most": MOST_SUMMARY,
        "shown": show_content(draft.content, engagement.language, []),
        "give": give or GiveForm(initial={"seen": draft.seen}),
    }
    if give is not None:
        # What was refused can be sent again, of the draft that the page shows now.
        put_data(give, "seen", draft.seen)
    if versions:
        last = get_report(engagement)
        found["comparison"] = compare_reports(last, draft.content)
        found["is_same"] = last.sha256 == draft.seen
    return found


def _hand_over(frame: EngagementFrame) -> dict[str, Any]:
    engagement, now = frame.engagement, timezone.now()
    meeting = engagement.meeting
    is_arranged = meeting is not None and meeting.state == Meeting.State.CONFIRMED
    may_arrange = frame.may_write and engagement.state == State.REPORTED
    return {
        "may_arrange": may_arrange,
        "meeting": meeting,
        "is_arranged": is_arranged,
        "is_over": meeting is not None and meeting.ends_at <= now,
        "asked": asked_to(engagement),
        "place_url": place_url(engagement),
        "later": list_later(engagement) if engagement.handed_over_at else [],
        "held": HeldForm(engagement=engagement, today=timezone.localdate()),
        "off": ReasonForm(engagement=engagement, prefix="off"),
        "without": ReasonForm(engagement=engagement, prefix="without"),
    }


@require_POST
@for_people
def give(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Give the client the current report."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    form = GiveForm(request.POST)
    if form.is_valid():
        try:
            report = give_report(
                actor=request.reader,
                engagement_id=engagement_id,
                now=timezone.localtime(),
                **form.cleaned_data,
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            text = _("Version %(number)d sent. The company is notified by email.")
            messages.success(request, text % {"number": report.number})
            return redirect("assessments:report", pk, engagement_id)
    frame = enter_engagement(request, pk, engagement_id)
    return show_page(request, frame, give=form, status=422)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(SummaryForm)
def edit_summary(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Edit the summary; concurrent changes are merged."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    edit = edit_record(
        request,
        load=lambda: get_engagement(engagement_id, pk),
        make=lambda one, data: SummaryForm(data, engagement=one),
        save=lambda form: write_summary(
            actor=request.reader,
            engagement_id=engagement_id,
            version=form.number,
            summary=form.cleaned_data["summary"],
            now=timezone.localtime(),
        ),
        authors=lambda one: authors_of(one, request.reader, whole=["write_summary"]),
    )
    back = f"{reverse('assessments:report', args=[pk, engagement_id])}?show=draft"
    if edit.is_saved:
        edit.say(_("Saved. The company will read it once you send the report."))
        return redirect(back)
    context = {
        "form": edit.form,
        "back": back,
        "most": MOST_SUMMARY,
        "language_name": language_name(frame.engagement.language),
        "may_edit": frame.engagement.state in WRITTEN,
    }
    return show_tab(request, frame, TAB, "report_summary", context, status=edit.status)


@require_GET
@for_people
def take(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Give a version as PDF, the newest if none is named."""
    frame = enter_engagement(request, pk, engagement_id)
    report = get_report(frame.engagement, asked_version(request))
    try:
        return answer_report_pdf(frame.engagement, report)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("assessments:report", pk, engagement_id)
