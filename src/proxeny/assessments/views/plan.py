"""The plan of an engagement: its steps are added, changed, completed and removed."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.assessments.forms.plan import NewStepForm, StepForm
from proxeny.assessments.models import Step
from proxeny.assessments.operations import plan as operations
from proxeny.assessments.queries.advisers import teams_of
from proxeny.assessments.queries.plan import get_step, owners_of
from proxeny.assessments.views.engagement import back, with_form
from proxeny.assessments.views.frame import EngagementFrame, enter_engagement, show_tab
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships.views.frame import telling_refusal

#: So long a step that was taken out can be brought back by the message.
KEPT_SECONDS = 24 * 3600
SALT = "proxeny.assessments.step"


def _enter(request: Request, pk: int, engagement_id: int) -> EngagementFrame:
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    if not frame.may_work:
        raise NotAllowed(
            _("Only advisers who have declared no conflict of interest can work on it.")
        )
    return frame


def _owners(frame: EngagementFrame) -> list[tuple[str, str]]:
    return owners_of(teams_of(frame.engagement, frame.parties, today=timezone.localdate()))


@require_POST
@for_people
def add(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Add a step."""
    frame = _enter(request, pk, engagement_id)
    form = NewStepForm(request.POST, owners=_owners(frame))
    return with_form(
        request,
        frame,
        name="step_form",
        form=form,
        do=lambda: operations.add_step(
            actor=request.reader,
            engagement_id=engagement_id,
            facts=form.facts(),
            now=timezone.localtime(),
        ),
        said=_("Step added."),
    )


@require_http_methods(["GET", "POST"])
@for_people
@keeping(StepForm)
def edit(request: Request, pk: int, engagement_id: int, step_id: int) -> HttpResponse:
    """Change a step; concurrent changes are merged."""
    frame = _enter(request, pk, engagement_id)
    owners = _owners(frame)
    edit = edit_record(
        request,
        load=lambda: get_step(frame.engagement, step_id),
        make=lambda step, data: StepForm(data, step=step, owners=owners),
        save=lambda form: operations.change_step(
            actor=request.reader,
            engagement_id=engagement_id,
            step_id=step_id,
            version=form.number,
            facts=form.facts(),
            now=timezone.localtime(),
        ),
    )
    if edit.is_saved:
        edit.say(_("Saved."))
        return redirect("assessments:engagement", pk, engagement_id)
    context = {"form": edit.form, "step": edit.record}
    return show_tab(request, frame, "overview", "engagement_step_form", context, status=edit.status)


@require_POST
@for_people
def finish(request: Request, pk: int, engagement_id: int, step_id: int) -> HttpResponse:
    """Note that a step is done; the message offers to take that back."""
    undo = reverse("assessments:step-reopen", args=[pk, engagement_id, step_id])
    return _deed(request, (pk, engagement_id, step_id), operations.finish_step, _("Done."), undo)


@require_POST
@for_people
def reopen(request: Request, pk: int, engagement_id: int, step_id: int) -> HttpResponse:
    """Note that a step is not done after all."""
    said = _("Reopened.")
    return _deed(request, (pk, engagement_id, step_id), operations.reopen_step, said)


def _deed(
    request: Request,
    which: tuple[int, int, int],
    do: Callable[..., object],
    said: str,
    undo: str = "",
) -> HttpResponse:
    pk, engagement_id, step_id = which
    _enter(request, pk, engagement_id)
    with telling_refusal(request):
        do(
            actor=request.reader,
            engagement_id=engagement_id,
            step_id=step_id,
            now=timezone.localtime(),
        )
        messages.success(request, said, extra_tags=f"undo:{undo}" if undo else "")
    return back(request, pk, engagement_id)


@require_POST
@for_people
def drop(request: Request, pk: int, engagement_id: int, step_id: int) -> HttpResponse:
    """Remove a step; the message offers to restore it as it was."""
    _enter(request, pk, engagement_id)
    with telling_refusal(request):
        step = operations.drop_step(
            actor=request.reader,
            engagement_id=engagement_id,
            step_id=step_id,
            now=timezone.localtime(),
        )
        undo = reverse("assessments:step-restore", args=[pk, engagement_id])
        undo = f"{undo}?{urlencode({'step': _pack(step)})}"
        messages.success(request, _("Step removed."), extra_tags=f"undo:{undo}")
    return back(request, pk, engagement_id)


def _pack(step: Step) -> str:
    """Return a step as its message carries it, so that nobody can write another one into it."""
    return signing.dumps(
        {
            "engagement": step.engagement_id,
            "title": step.title,
            "due_on": str(step.due_on),
            "party": step.party_id,
            "person": step.person_id,
            "done_on": str(step.done_on or ""),
        },
        salt=SALT,
        compress=True,
    )


@require_POST
@for_people
def restore(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Restore a removed step as it was."""
    _enter(request, pk, engagement_id)
    kept = _unpack(request.GET.get("step", ""), engagement_id)
    if kept is None:
        messages.error(request, _("It can no longer be restored. Add it again."))
        return back(request, pk, engagement_id)
    with telling_refusal(request):
        operations.add_step(
            actor=request.reader, engagement_id=engagement_id, now=timezone.localtime(), **kept
        )
        messages.success(request, _("Step restored."))
    return back(request, pk, engagement_id)


def _unpack(text: str, engagement_id: int) -> dict[str, Any] | None:
    try:
        kept = signing.loads(text, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return None
    if kept["engagement"] != engagement_id:
        return None
    facts = operations.StepFacts(
        kept["title"], date.fromisoformat(kept["due_on"]), kept["party"], kept["person"]
    )
    done_on = date.fromisoformat(kept["done_on"]) if kept["done_on"] else None
    return {"facts": facts, "done_on": done_on}
