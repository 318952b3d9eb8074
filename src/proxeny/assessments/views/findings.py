"""The teams' findings in one engagement: by chapter, in an order, each with its sources."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.assessments import rules
from proxeny.assessments.forms.findings import (
    SourceForm,
    figure_choices,
    note_choices,
)
from proxeny.assessments.models import FindingSource
from proxeny.assessments.operations import findings as deeds
from proxeny.assessments.queries import advised
from proxeny.assessments.queries import findings as reads
from proxeny.assessments.queries.notes import list_citable
from proxeny.assessments.views.frame import (
    EngagementFrame,
    enter_engagement,
    show_tab,
)
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.form_fields import choices_of
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


def may_conclude(frame: EngagementFrame) -> bool:
    """Whether findings and recommendations are written here now."""
    return frame.may_write and frame.engagement.state in rules.CONCLUDED_IN


def list_url(pk: int, engagement_id: int) -> str:
    """Return the address of an engagement's findings and recommendations."""
    return reverse("assessments:findings", args=[pk, engagement_id])


@require_GET
@for_people
def show(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Show the findings by chapter, and the recommendations with their outcomes."""
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


@require_POST
@for_people
def move(request: Request, pk: int, engagement_id: int, record_id: int) -> HttpResponse:
    """Move a finding up or down in its chapter."""
    enter_engagement(request, pk, engagement_id, to_write=True)
    by = -1 if request.POST.get("by") == "-1" else 1
    return perform(
        request,
        partial(deeds.move_finding, by=by, engagement_id=engagement_id, finding_id=record_id),
        to=f"{list_url(pk, engagement_id)}#finding-{record_id}",
    )


@require_http_methods(["GET", "POST"])
@for_people
def sources(request: Request, pk: int, engagement_id: int, record_id: int) -> HttpResponse:
    """Edit a finding's sources: notes and figures, each with the place in it."""
    frame = enter_engagement(request, pk, engagement_id, to_write=request.method == "POST")
    # An undo sends what it brings back in its address.
    sent = request.POST if "source" in request.POST else request.GET
    form = SourceForm(sent if request.method == "POST" else None, offered=_offered(frame))
    answer = submit_form(
        request,
        form,
        partial(deeds.add_source, engagement_id=engagement_id, finding_id=record_id),
        values=form.to_source,
        done=_("Added as a source."),
        to=reverse("assessments:finding-sources", args=[pk, engagement_id, record_id]),
    )
    if answer:
        return answer
    finding = reads.get_finding(engagement_id, record_id)
    context = {
        "told": reads.conclude(finding),
        "finding": finding,
        "form": form,
        "offers": bool(choices_of(form, "source")[1:]),
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
    request: Request, pk: int, engagement_id: int, record_id: int, source_id: int
) -> HttpResponse:
    """Take a source away; the message offers to name it again."""
    enter_engagement(request, pk, engagement_id, to_write=True)
    back = reverse("assessments:finding-sources", args=[pk, engagement_id, record_id])
    return perform(
        request,
        partial(
            deeds.remove_source,
            source_id=source_id,
            engagement_id=engagement_id,
            finding_id=record_id,
        ),
        done=_("Removed."),
        to=back,
        undo=lambda gone: f"{back}?{_named(gone)}",
    )


def _named(source: FindingSource) -> str:
    key = f"note-{source.note_id}" if source.note_id else f"figure-{source.figure_id}"
    return urlencode({"source": key, "place": source.place})
