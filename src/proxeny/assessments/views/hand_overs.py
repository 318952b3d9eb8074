"""The meeting in which a report is handed over, as the teams arrange and note it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.assessments.forms.hand_overs import HandOverForm, HeldForm, ReasonForm
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations import handing_over as operations
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.assessments.queries.hand_overs import asked_to, find_guests
from proxeny.assessments.rules import State
from proxeny.assessments.views.frame import EngagementFrame, enter_engagement, show_tab
from proxeny.assessments.views.reports import TAB, show_page
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.form_fields import put_data
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.meetings.models import Meeting


@require_http_methods(["GET", "POST"])
@for_people
@keeping(HandOverForm)
def arrange(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Invite to the meeting, or change what is arranged."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    back = f"{reverse('assessments:report', args=[pk, engagement_id])}#hand-over"
    if request.method == "GET" and frame.engagement.state != State.REPORTED:
        messages.error(
            request,
            _("You can arrange a meeting once a report has been sent, until it’s handed over."),
        )
        return redirect(back)
    edit = edit_record(
        request,
        load=lambda: get_engagement(engagement_id, pk),
        make=lambda one, data: _form(request, one, data),
        save=lambda form: operations.arrange_hand_over(
            actor=request.reader,
            engagement_id=engagement_id,
            version=form.number,
            facts=form.facts(),
            now=timezone.localtime(),
        ),
    )
    if edit.is_saved:
        edit.say(_("All attendees get a calendar invitation."))
        return redirect(back)
    meeting = frame.engagement.meeting
    context = {
        "form": edit.form,
        "back": back,
        "is_new": meeting is None or meeting.state != Meeting.State.CONFIRMED,
    }
    return show_tab(request, frame, TAB, "report_meeting", context, status=edit.status)


def _form(request: Request, engagement: Engagement, data: Any) -> HandOverForm:
    asked = [one.person_id for one in asked_to(engagement) if one.person_id]
    return HandOverForm(
        data,
        engagement=engagement,
        guests=find_guests(engagement, today=timezone.localdate()),
        asked=asked,
        usual_zone=request.reader.time_zone,
    )


@require_POST
@for_people
def call_off(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Call the meeting off, with a reason."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    form = ReasonForm(request.POST, engagement=frame.engagement, prefix="off")
    return _do(
        request,
        frame,
        form,
        operations.call_off_hand_over,
        name="off",
        said=_("Meeting cancelled. Everyone invited is notified."),
    )


@require_POST
@for_people
def note_held(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Note that the report was gone through with the company."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    form = HeldForm(request.POST, engagement=frame.engagement, today=timezone.localdate())
    return _do(request, frame, form, operations.note_handed_over, name="held", said=_handed_over())


@require_POST
@for_people
def go_without(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Hand the report over without a meeting, with a reason."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    form = ReasonForm(request.POST, engagement=frame.engagement, prefix="without")
    return _do(
        request,
        frame,
        form,
        operations.hand_over_without_meeting,
        name="without",
        said=_handed_over(),
    )


def _handed_over() -> str:
    return _(
        "Report handed over. The company will be asked what came of it in six and twelve months."
    )


def _do(
    request: Request,
    frame: EngagementFrame,
    form: forms.Form,
    operation: Callable[..., Any],
    *,
    name: str,
    said: str,
) -> HttpResponse:
    pk, engagement_id = frame.pk, frame.engagement.pk
    if form.is_valid():
        try:
            operation(
                actor=request.reader,
                engagement_id=engagement_id,
                now=timezone.localtime(),
                **form.cleaned_data,
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
            frame = enter_engagement(request, pk, engagement_id)
            # What was refused can be sent again, to what the page shows of the assessment now; a slip
            # in the form is told first, and what changed meanwhile when it is sent.
            put_data(form, form.add_prefix("seen"), str(frame.engagement.version))
        else:
            messages.success(request, said)
            return redirect(f"{reverse('assessments:report', args=[pk, engagement_id])}#hand-over")
    refused: dict[str, Any] = {name: form}
    return show_page(request, frame, status=422, **refused)
