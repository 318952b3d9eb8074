"""The outcome of a report: the company's own page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proxeny.assessments.forms.follow_up import LaterForm
from proxeny.assessments.models import Engagement, Later
from proxeny.assessments.operations.follow_up import answer_later
from proxeny.assessments.queries.follow_up import is_asked, list_later
from proxeny.assessments.views.own_reports import enter_own
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


@require_http_methods(["GET", "POST"])
@for_people
@keeping(LaterForm)
def answer(request: Request, engagement_id: int) -> HttpResponse:
    """Answer on the outcome; `?months=` names the question, else the waiting one."""
    engagement = enter_own(request, engagement_id)
    rows = [one for one in list_later(engagement) if is_asked(one, timezone.localdate())]
    if not rows:
        context = {"engagement": engagement, "next": next(iter(list_later(engagement)), None)}
        return render(request, "assessments/later_own.html", context)
    months = _which(request, rows).months
    edit = edit_record(
        request,
        load=lambda: _load(engagement, months),
        make=lambda one, data: LaterForm(data, one=one),
        save=lambda form: answer_later(
            actor=request.reader,
            engagement_id=engagement_id,
            months=months,
            seen=form.number,
            facts=form.facts(),
            now=timezone.localtime(),
        ),
    )
    if edit.is_saved:
        edit.say(
            _("Thank you. The teams can read your answer, and you can change it here at any time.")
        )
        return redirect("assessments:own-report", engagement_id)
    shown: dict[str, Any] = {
        "engagement": engagement,
        "form": edit.form,
        "one": edit.record,
        "rows": rows,
    }
    return render(request, "assessments/later_own.html", shown, status=edit.status)


def _which(request: Request, rows: list[Later]) -> Later:
    text = request.GET.get("months", "")
    if text:
        found = next((one for one in rows if str(one.months) == text), None)
        if found is None:
            raise NotFound(_("We couldn’t find this question."))
        return found
    waiting = [one for one in rows if one.answered_at is None]
    return (waiting or rows)[-1]


def _load(engagement: Engagement, months: int) -> Later:
    return next(one for one in list_later(engagement) if one.months == months)
