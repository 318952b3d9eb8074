"""What the teams conclude in one engagement: by chapter, in an order, each with its sources."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.assessments import rules
from proxeny.assessments.forms.findings import (
    FindingForm,
    SourceForm,
    figure_choices,
    note_choices,
)
from proxeny.assessments.models import Finding, FindingSource
from proxeny.assessments.operations import findings as deeds
from proxeny.assessments.queries import advised
from proxeny.assessments.queries import findings as reads
from proxeny.assessments.queries.notes import list_citable
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
from proxeny.partnerships.views.frame import return_to, telling_refusal


def may_conclude(frame: EngagementFrame) -> bool:
    """Whether findings and recommendations are written here now."""
    return frame.may_write and frame.engagement.state in rules.CONCLUDED_IN


def list_url(pk: int, engagement_id: int) -> str:
    """Return the address of an engagement's findings and recommendations."""
    return reverse("assessments:findings", args=[pk, engagement_id])


@require_GET
@for_people
def show(request: HttpRequest, pk: int, engagement_id: int) -> HttpResponse:
    """Show what is concluded by chapter, and what is recommended with what came of it."""
    frame = enter_engagement(request, pk, engagement_id)
    chapters = reads.read_findings_of(frame.engagement)
    rows = [one for chapter in chapters for one in chapter.findings]
    advice = advised.list_advice(request.reader, frame.engagement)
    context = {
        "chapters": chapters,
        "count": len(rows),
        "unfounded": sum(not one.is_founded for one in rows),
        "advice": advice,
        "may_conclude": may_conclude(frame),
        "put_away": reads.list_put_away(engagement_id),
        "advice_away": list(advised.find_advice(frame.engagement, dropped=True)),
    }
    return show_tab(request, frame, "findings", "finding_list", context)


@require_http_methods(["GET", "POST"])
@for_people
def add(request: HttpRequest, pk: int, engagement_id: int) -> HttpResponse:
    """Write a finding; its sources are asked for next."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    form = FindingForm(
        request.POST or None, chapters=reads.chapters_of(frame.engagement),
        chapter=request.GET.get("chapter", "")[:300],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.write_finding(
                actor=request.reader, engagement_id=engagement_id, facts=form.facts(),
                now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("It is written. Say what it rests on."))
            return redirect("assessments:finding-sources", pk, engagement_id, made.pk)
    return _show_form(request, frame, form, status=422 if form.errors else 200)


def _show_form(
    request: HttpRequest, frame: EngagementFrame, form: FindingForm, *, status: int,
    finding: Finding | None = None,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "finding": finding}
    return show_tab(request, frame, "findings", "finding_form", context, status=status)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(FindingForm)
def edit(request: HttpRequest, pk: int, engagement_id: int, finding_id: int) -> HttpResponse:
    """Change a finding, whoever else changes it."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    chapters = reads.chapters_of(frame.engagement)
    edit = edit_record(
        request,
        load=lambda: reads.get_finding(engagement_id, finding_id),
        make=lambda finding, data: FindingForm(data, chapters=chapters, finding=finding),
        save=lambda form: deeds.change_finding(
            actor=request.reader, engagement_id=engagement_id, finding_id=finding_id,
            version=form.number, facts=form.facts(), now=timezone.localtime(),
        ),
        authors=lambda finding: authors_of(
            finding, request.reader, whole=["change_finding", "write_finding"]
        ),
    )  # fmt: skip
    if edit.is_saved:
        edit.say(_("The finding is saved."))
        return redirect(f"{list_url(pk, engagement_id)}#finding-{finding_id}")
    return _show_form(request, frame, edit.form, finding=edit.record, status=edit.status)


@require_POST
@for_people
def drop(request: HttpRequest, pk: int, engagement_id: int, finding_id: int) -> HttpResponse:
    """Put a finding away; the message offers to bring it back."""
    undo = reverse("assessments:finding-restore", args=[pk, engagement_id, finding_id])
    return put_away(
        request, pk, engagement_id, deeds.drop_finding, finding_id=finding_id, undo=undo,
        to=list_url(pk, engagement_id),
    )  # fmt: skip


@require_POST
@for_people
def restore(request: HttpRequest, pk: int, engagement_id: int, finding_id: int) -> HttpResponse:
    """Bring a finding back, with its sources."""
    return bring_back(
        request, pk, engagement_id, deeds.restore_finding, finding_id=finding_id,
        to=f"{list_url(pk, engagement_id)}#finding-{finding_id}",
    )  # fmt: skip


@require_POST
@for_people
def move(request: HttpRequest, pk: int, engagement_id: int, finding_id: int) -> HttpResponse:
    """Move a finding up or down in its chapter."""
    by = -1 if request.POST.get("by") == "-1" else 1
    with telling_refusal(request):
        do_deed(request, pk, engagement_id, deeds.move_finding, finding_id=finding_id, by=by)
    return redirect(f"{list_url(pk, engagement_id)}#finding-{finding_id}")


@require_http_methods(["GET", "POST"])
@for_people
def sources(request: HttpRequest, pk: int, engagement_id: int, finding_id: int) -> HttpResponse:
    """Say what a finding rests on: notes and figures, each with the place in it."""
    frame = enter_engagement(request, pk, engagement_id, to_write=request.method == "POST")
    # An undo sends what it brings back in its address.
    sent = request.POST if "source" in request.POST else request.GET
    form = SourceForm(sent if request.method == "POST" else None, offered=_offered(frame))
    if request.method == "POST" and form.is_valid():
        try:
            deeds.add_source(
                actor=request.reader, engagement_id=engagement_id, finding_id=finding_id,
                now=timezone.localtime(), **form.to_source(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("It rests on this now."))
            return return_to(
                request,
                reverse("assessments:finding-sources", args=[pk, engagement_id, finding_id]),
            )
    finding = reads.get_finding(engagement_id, finding_id)
    context = {
        "told": reads.conclude(finding),
        "finding": finding,
        "form": form,
        "offers": bool(form.fields["source"].choices[1:]),  # type: ignore[attr-defined]
        "may_conclude": may_conclude(frame) and finding.dropped_at is None,
    }
    status = 422 if form.errors else 200
    return show_tab(request, frame, "findings", "finding_sources", context, status=status)


def _offered(frame: EngagementFrame) -> Any:
    notes = note_choices(list_citable(frame.engagement.pk))
    return [*notes, *figure_choices(reads.list_figures(frame.pk))]


@require_POST
@for_people
def remove_source(
    request: HttpRequest, pk: int, engagement_id: int, finding_id: int, source_id: int
) -> HttpResponse:
    """Take a source away; the message offers to name it again."""
    back = reverse("assessments:finding-sources", args=[pk, engagement_id, finding_id])
    with telling_refusal(request):
        gone = do_deed(
            request, pk, engagement_id, deeds.remove_source, finding_id=finding_id,
            source_id=source_id,
        )  # fmt: skip
        messages.success(request, _("It is taken away."), extra_tags=f"undo:{back}?{_named(gone)}")
    return return_to(request, back)


def _named(source: FindingSource) -> str:
    key = f"note-{source.note_id}" if source.note_id else f"figure-{source.figure_id}"
    return urlencode({"source": key, "place": source.place})
