"""Recommendations to a company: its decisions, and later its reports on the outcome."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.assessments.models import Engagement
from proxeny.assessments.queries import advised
from proxeny.assessments.queries.own import get_own
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships import advice_queries as reads
from proxeny.partnerships.advice_forms import DecideForm, StepForm
from proxeny.partnerships.models import Partnership, Recommendation
from proxeny.partnerships.operations import advice as deeds

State = Recommendation.State


@require_GET
@for_people
def show(request: Request, engagement_id: int) -> HttpResponse:
    """Show the recommendations to the reader's company, those waiting for a decision first."""
    engagement = get_own(request.reader, engagement_id)
    rows = [advised.Advised(one, ()) for one in advised.list_own_advice(request.reader, engagement)]
    context = {
        "engagement": engagement,
        "waiting": [one for one in rows if one.advice.state == State.PROPOSED],
        "others": [one for one in rows if one.advice.state != State.PROPOSED],
        "report_url": reverse("assessments:own-report", args=[engagement.pk]),
    }
    return render(request, "assessments/advice_own.html", context)


@require_GET
@for_people
def show_one(request: Request, engagement_id: int, advice_id: int) -> HttpResponse:
    """Show one recommendation: what it rests on, its way, and what can be said now."""
    engagement = get_own(request.reader, engagement_id)
    advice = advised.get_own_advice_of(request.reader, engagement, advice_id)
    return _show_one(request, engagement, advice)


def _show_one(
    request: Request,
    engagement: Engagement,
    advice: Recommendation,
    *,
    step: StepForm | None = None,
    lost: str = "",
    status: int = 200,
) -> HttpResponse:
    pieces = tuple(reads.tell_evidence(request.reader, reads.list_evidence(advice)))
    steps = _steps(engagement, advice)
    if step is not None:
        steps[step.name] = step
    context: dict[str, Any] = {
        "engagement": engagement,
        "advice": advice,
        "one": advised.Advised(advice, pieces),
        "pieces": pieces,
        "way": reads.tell_way(advice),
        "steps": steps,
        "lost": lost,
        "report_url": reverse("assessments:own-report", args=[engagement.pk]),
        "step_url": reverse("assessments:own-advice-step", args=[engagement.pk, advice.pk]),
    }
    return render(request, "assessments/advice_own_one.html", context, status=status)


def _steps(engagement: Engagement, advice: Recommendation) -> dict[str, StepForm]:
    """Return the forms of the company's possible steps, by the next state."""
    if engagement.partnership.state != Partnership.State.ACTIVE:
        return {}
    if advice.state == State.PROPOSED:
        return {"decide": DecideForm(version=advice.version)}
    return {
        after.value: StepForm(state=after, version=advice.version)
        for after, before in deeds.STEPS.items()
        if advice.state in before
    }


@require_POST
@for_people
def take_step(request: Request, engagement_id: int, advice_id: int) -> HttpResponse:
    """Accept, amend or refuse; later begin, adopt or drop. Input that was not saved is shown."""
    engagement = get_own(request.reader, engagement_id)
    advice = advised.get_own_advice_of(request.reader, engagement, advice_id)
    form = _posted(request, advice)
    if not form.is_valid():
        return _show_one(request, engagement, advice, step=form, status=422)
    try:
        taken = deeds.take_own_step(
            actor=request.reader, record_id=advice.pk, now=timezone.localtime(), **form.to_step()
        )
    except InvalidInput as error:
        show_refusal(form, error)
        return _show_one(request, engagement, advice, step=form, status=422)
    except Conflict as error:
        messages.warning(request, str(error))
        return _show_one(
            request,
            engagement,
            advised.get_own_advice_of(request.reader, engagement, advice_id),
            lost=form.cleaned_data["reason"],
            status=409,
        )
    messages.success(
        request,
        _("New state: %(state)s. The teams are notified.") % {"state": taken.get_state_display()},
    )
    return redirect("assessments:own-advice-one", engagement.pk, advice.pk)


def _posted(request: Request, advice: Recommendation) -> StepForm:
    state = request.POST.get("state", "")
    if state in deeds.DECISIONS or advice.state == State.PROPOSED:
        return DecideForm(request.POST, version=advice.version)
    known = state if state in deeds.STEPS else State.DOING
    return StepForm(request.POST, state=known, version=advice.version)
