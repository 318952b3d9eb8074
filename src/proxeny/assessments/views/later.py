"""What came of a report: the company's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proxeny.assessments.forms.later import LaterForm
from proxeny.assessments.models import Engagement, Later
from proxeny.assessments.operations.later import answer_later
from proxeny.assessments.queries.later import is_asked, list_later
from proxeny.assessments.views.own_reports import enter_own
from proxeny.kernel.answers import for_people
from proxeny.kernel.errors import NotFound
from proxeny.kernel.versions import edit_record, keeping


@require_http_methods(["GET", "POST"])
@for_people
@keeping(LaterForm)
def answer(request: HttpRequest, engagement_id: int) -> HttpResponse:
    """Say what came of it; `?months=` names the question, else the one that waits."""
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
            actor=request.reader, engagement_id=engagement_id, months=months, seen=form.number,
            facts=form.facts(), now=timezone.localtime(),
        ),
    )  # fmt: skip
    if edit.is_saved:
        edit.say(_("Thank you. The teams read it, and you can change it here at any time."))
        return redirect("assessments:own-report", engagement_id)
    context = {
        "engagement": engagement, "form": edit.form, "one": edit.record, "rows": rows,
    }  # fmt: skip
    return render(request, "assessments/later_own.html", context, status=edit.status)


def _which(request: HttpRequest, rows: list[Later]) -> Later:
    text = request.GET.get("months", "")
    if text:
        found = next((one for one in rows if str(one.months) == text), None)
        if found is None:
            raise NotFound(_("There is no such question."))
        return found
    waiting = [one for one in rows if one.answered_at is None]
    return (waiting or rows)[-1]


def _load(engagement: Engagement, months: int) -> Later:
    return next(one for one in list_later(engagement) if one.months == months)
