"""The teams' recommendations in one engagement: written, backed by evidence, proposed."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.assessments.forms.advising import RestForm, finding_choices
from proxeny.assessments.forms.findings import figure_choices, note_choices
from proxeny.assessments.operations import advising as deeds
from proxeny.assessments.queries import advised
from proxeny.assessments.queries import findings as reads
from proxeny.assessments.queries.notes import list_citable
from proxeny.assessments.views.findings import list_url, may_conclude
from proxeny.assessments.views.frame import (
    EngagementFrame,
    enter_engagement,
    show_tab,
)
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.form_fields import choices_of
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships.advice_queries import list_evidence, tell_evidence
from proxeny.partnerships.views.frame import to_number


@require_POST
@for_people
def propose(request: Request, pk: int, engagement_id: int, record_id: int) -> HttpResponse:
    """Propose one recommendation, without waiting for the report."""
    enter_engagement(request, pk, engagement_id, to_write=True)
    return perform(
        request,
        partial(
            deeds.propose_advice,
            seen=to_number(request.POST.get("seen", "")),
            engagement_id=engagement_id,
            advice_id=record_id,
        ),
        done=_("Recommendation proposed. Those responsible are notified by email."),
        to=f"{list_url(pk, engagement_id)}#advice-{record_id}",
    )


@require_http_methods(["GET", "POST"])
@for_people
def evidence(request: Request, pk: int, engagement_id: int, record_id: int) -> HttpResponse:
    """Edit a recommendation's evidence: findings, notes and figures of the engagement."""
    frame = enter_engagement(request, pk, engagement_id, to_write=request.method == "POST")
    # An undo sends what it brings back in its address.
    sent = request.POST if "source" in request.POST else request.GET
    form = RestForm(sent if request.method == "POST" else None, offered=_offered(frame))
    answer = submit_form(
        request,
        form,
        partial(deeds.rest_on, engagement_id=engagement_id, advice_id=record_id),
        values=form.to_evidence,
        done=_("Added as a source."),
        to=reverse("assessments:advice-evidence", args=[pk, engagement_id, record_id]),
    )
    if answer:
        return answer
    advice = advised.get_advice(frame.engagement, record_id)
    pieces = tuple(tell_evidence(request.reader, list_evidence(advice)))
    told = advised.Advised(advice, pieces)
    context = {
        "one": told,
        "form": form,
        "offers": bool(choices_of(form, "source")[1:]),
        "may_add": may_conclude(frame) and told.is_open and advice.dropped_at is None,
    }
    status = 422 if form.errors else 200
    return show_tab(request, frame, "findings", "advice_evidence", context, status=status)


def _offered(frame: EngagementFrame) -> Any:
    return [
        *finding_choices(reads.read_findings_of(frame.engagement)),
        *note_choices(list_citable(frame.engagement.pk)),
        *figure_choices(reads.list_figures(frame.pk)),
    ]


@require_POST
@for_people
def remove_evidence(
    request: Request, pk: int, engagement_id: int, record_id: int, evidence_id: int
) -> HttpResponse:
    """Take a piece of evidence away from a draft."""
    enter_engagement(request, pk, engagement_id, to_write=True)
    return perform(
        request,
        partial(
            deeds.rest_no_more,
            evidence_id=evidence_id,
            engagement_id=engagement_id,
            advice_id=record_id,
        ),
        done=_("Removed."),
        to=reverse("assessments:advice-evidence", args=[pk, engagement_id, record_id]),
    )
