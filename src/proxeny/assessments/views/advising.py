"""What the teams recommend in one engagement: written, founded, proposed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.assessments.forms.advising import AdviceForm, RestForm, finding_choices
from proxeny.assessments.forms.findings import figure_choices, note_choices
from proxeny.assessments.operations import advising as deeds
from proxeny.assessments.queries import advised
from proxeny.assessments.queries import findings as reads
from proxeny.assessments.queries.notes import list_citable
from proxeny.assessments.views.findings import list_url, may_conclude
from proxeny.assessments.views.frame import (
    EngagementFrame,
    bring_back,
    do_deed,
    enter_engagement,
    put_away,
    show_tab,
)
from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.versions import edit_record, keeping
from proxeny.partnerships.advice_queries import list_evidence, tell_evidence
from proxeny.partnerships.models import Recommendation
from proxeny.partnerships.views.frame import return_to, telling_refusal, to_number


@require_http_methods(["GET", "POST"])
@for_people
def add(request: HttpRequest, pk: int, engagement_id: int) -> HttpResponse:
    """Write a recommendation; what it rests on is asked for next."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    form = AdviceForm(request.POST or None, engagement=frame.engagement, parties=frame.parties)
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.write_advice(
                actor=request.reader, engagement_id=engagement_id, facts=form.facts(),
                now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("It is written. Say what it rests on."))
            return redirect("assessments:advice-evidence", pk, engagement_id, made.pk)
    return _show_form(request, frame, form, status=422 if form.errors else 200)


def _show_form(
    request: HttpRequest, frame: EngagementFrame, form: AdviceForm, *, status: int,
    advice: Recommendation | None = None,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "advice": advice}
    return show_tab(request, frame, "findings", "advice_form", context, status=status)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(AdviceForm)
def edit(request: HttpRequest, pk: int, engagement_id: int, advice_id: int) -> HttpResponse:
    """Change a recommendation until it is decided, whoever else changes it."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    edit = edit_record(
        request,
        load=lambda: advised.get_advice(frame.engagement, advice_id),
        make=lambda advice, data: AdviceForm(
            data, engagement=frame.engagement, parties=frame.parties, advice=advice
        ),
        save=lambda form: deeds.change_advice(
            actor=request.reader, engagement_id=engagement_id, advice_id=advice_id,
            version=form.number, facts=form.facts(), now=timezone.localtime(),
        ),
        authors=lambda advice: authors_of(
            advice, request.reader, whole=["change_advice", "write_advice"]
        ),
    )  # fmt: skip
    if edit.is_saved:
        edit.say(_("The recommendation is saved."))
        return redirect(f"{list_url(pk, engagement_id)}#advice-{advice_id}")
    return _show_form(request, frame, edit.form, advice=edit.record, status=edit.status)


@require_POST
@for_people
def drop(request: HttpRequest, pk: int, engagement_id: int, advice_id: int) -> HttpResponse:
    """Put a recommendation away; the message offers to bring it back."""
    undo = reverse("assessments:advice-restore", args=[pk, engagement_id, advice_id])
    return put_away(
        request, pk, engagement_id, deeds.drop_advice, advice_id=advice_id, undo=undo,
        to=f"{list_url(pk, engagement_id)}#advice",
    )  # fmt: skip


@require_POST
@for_people
def restore(request: HttpRequest, pk: int, engagement_id: int, advice_id: int) -> HttpResponse:
    """Bring a recommendation back."""
    return bring_back(
        request, pk, engagement_id, deeds.restore_advice, advice_id=advice_id,
        to=f"{list_url(pk, engagement_id)}#advice-{advice_id}",
    )  # fmt: skip


@require_POST
@for_people
def propose(request: HttpRequest, pk: int, engagement_id: int, advice_id: int) -> HttpResponse:
    """Propose one recommendation, without waiting for the report."""
    with telling_refusal(request):
        do_deed(
            request, pk, engagement_id, deeds.propose_advice, advice_id=advice_id,
            seen=to_number(request.POST.get("seen", "")),
        )  # fmt: skip
        messages.success(request, _("It is proposed. Who is to act is told by mail."))
    return redirect(f"{list_url(pk, engagement_id)}#advice-{advice_id}")


@require_http_methods(["GET", "POST"])
@for_people
def evidence(request: HttpRequest, pk: int, engagement_id: int, advice_id: int) -> HttpResponse:
    """Say what a recommendation rests on: findings, notes and figures of the engagement."""
    frame = enter_engagement(request, pk, engagement_id, to_write=request.method == "POST")
    # An undo sends what it brings back in its address.
    sent = request.POST if "source" in request.POST else request.GET
    form = RestForm(sent if request.method == "POST" else None, offered=_offered(frame))
    if request.method == "POST" and form.is_valid():
        try:
            deeds.rest_on(
                actor=request.reader, engagement_id=engagement_id, advice_id=advice_id,
                now=timezone.localtime(), **form.to_evidence(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("It rests on this now."))
            return return_to(
                request, reverse("assessments:advice-evidence", args=[pk, engagement_id, advice_id])
            )
    advice = advised.get_advice(frame.engagement, advice_id)
    pieces = tuple(tell_evidence(request.reader, list_evidence(advice)))
    told = advised.Advised(advice, pieces)
    context = {
        "one": told,
        "form": form,
        "offers": bool(form.fields["source"].choices[1:]),  # type: ignore[attr-defined]
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
    request: HttpRequest, pk: int, engagement_id: int, advice_id: int, evidence_id: int
) -> HttpResponse:
    """Take a piece of evidence away from a draft."""
    back = reverse("assessments:advice-evidence", args=[pk, engagement_id, advice_id])
    with telling_refusal(request):
        do_deed(request, pk, engagement_id, deeds.rest_no_more, advice_id=advice_id,
            evidence_id=evidence_id,
        )  # fmt: skip
        messages.success(request, _("It is taken away."))
    return return_to(request, back)
