"""One engagement, as the teams see it: its request, its advisers, and its end."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.assessments import rules
from proxeny.assessments.forms.briefs import RefuseForm
from proxeny.assessments.forms.plan import CloseForm, NewStepForm
from proxeny.assessments.forms.requests import AdviserForm, DeclareForm, ReasonForm
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations.advisers import (
    NAMING,
    name_adviser,
    release_adviser,
    return_adviser,
)
from proxeny.assessments.operations.closing import close_engagement, reopen_engagement
from proxeny.assessments.operations.interests import declare_interest
from proxeny.assessments.operations.requests import decline_request
from proxeny.assessments.queries.advisers import (
    Team,
    candidates_of,
    count_same_field,
    teams_of,
)
from proxeny.assessments.queries.briefs import brief_of
from proxeny.assessments.queries.catalogue import free_places
from proxeny.assessments.queries.own import answers_of
from proxeny.assessments.queries.plan import owners_of, read_plan
from proxeny.assessments.views.frame import EngagementFrame, enter_engagement, show_tab
from proxeny.kernel.actions import return_to
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.form_fields import put_data
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships.rules import party_managed
from proxeny.partnerships.views.frame import telling_refusal

State = Engagement.State


@require_GET
@for_people
def show(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Show one engagement, and what is to be done with it now."""
    return show_overview(request, enter_engagement(request, pk, engagement_id))


def show_overview(
    request: Request,
    frame: EngagementFrame,
    *,
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the overview; input that could not be saved is shown again in its place."""
    one, today = frame.engagement, timezone.localdate()
    teams = teams_of(one, frame.parties, today=today)
    context = {
        "answers": answers_of(one),
        "teams": teams,
        "brief": brief_of(request.reader, one, frame.parties),
        "plan": read_plan(one, today=today),
        "is_staffed": all(team.is_ready for team in teams),
        "may_ask_brief": party_managed(request.reader, frame.parties) is not None,
        "is_full": one.state == State.ASKED and not free_places(one.service),
        "is_over": one.state in rules.OVER,
        **_forms(request, frame, teams),
        **(forms or {}),
    }
    return show_tab(request, frame, "overview", "engagement", context, status=status)


def _forms(request: Request, frame: EngagementFrame, teams: list[Team]) -> dict[str, Any]:
    """Return the empty forms of what can be done in a state."""
    if not frame.may_write:
        return {}
    one = frame.engagement
    found: dict[str, Any] = {}
    if one.state in NAMING and frame.mine:
        people = candidates_of(frame.mine, one, today=timezone.localdate())
        hints = count_same_field(one, [person.pk for person in people])
        found["adviser_form"] = AdviserForm(people=people, hints=hints)
    if frame.standing.must_declare and one.state in (*rules.RUNNING, State.HANDED_OVER):
        found["declare_form"] = DeclareForm()
    elif frame.standing.is_free and one.state not in rules.OVER:
        found["later_form"] = DeclareForm(initial={"conflicts": "yes"})
    if one.state in rules.BEFORE:
        found["decline_form"] = ReasonForm()
    if one.state == State.BRIEF:
        found["refuse_form"] = RefuseForm()
    if one.state in rules.PLANNED:
        found["close_form"] = CloseForm(initial={"seen": one.version})
        if frame.may_work:
            found["step_form"] = NewStepForm(owners=owners_of(teams))
    return found


def back(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Return to the overview after an action."""
    return return_to(request, reverse("assessments:engagement", args=[pk, engagement_id]))


def with_form(
    request: Request,
    frame: EngagementFrame,
    *,
    name: str,
    form: Any,
    do: Callable[[], object],
    said: str,
) -> HttpResponse:
    """Do the action of a form; input that could not be saved is shown again in its place."""
    if form.is_valid():
        try:
            do()
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, said)
            return redirect("assessments:engagement", frame.pk, frame.engagement.pk)
    # As it stands now: somebody else may have moved it on.
    frame = enter_engagement(request, frame.pk, frame.engagement.pk)
    return show_overview(request, frame, forms={name: form, "opened": name}, status=422)


@require_POST
@for_people
def name(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Name an adviser on the reader's own side."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    if frame.mine is None:
        raise NotFound(_("We couldn’t find this assessment."))
    people = candidates_of(frame.mine, frame.engagement, today=timezone.localdate())
    form = AdviserForm(request.POST, people=people)
    return with_form(
        request,
        frame,
        name="adviser_form",
        form=form,
        do=lambda: name_adviser(
            actor=request.reader,
            engagement_id=engagement_id,
            now=timezone.localtime(),
            person_id=form.cleaned_data["person"],
            leads=form.cleaned_data["leads"],
            effort_days=form.cleaned_data["effort_days"],
        ),
        said=_(
            "Adviser named. We’ve asked them to declare whether they have a conflict of interest."
        ),
    )


@require_POST
@for_people
def release(request: Request, pk: int, engagement_id: int, person_id: int) -> HttpResponse:
    """Release an adviser of the reader's own side; the message offers to undo it."""
    enter_engagement(request, pk, engagement_id, to_write=True)
    undo = reverse("assessments:adviser-return", args=[pk, engagement_id, person_id])
    with telling_refusal(request):
        release_adviser(
            actor=request.reader,
            engagement_id=engagement_id,
            person_id=person_id,
            now=timezone.localtime(),
        )
        messages.success(request, _("Adviser removed."), extra_tags=f"undo:{undo}")
    return back(request, pk, engagement_id)


@require_POST
@for_people
def take_back(request: Request, pk: int, engagement_id: int, person_id: int) -> HttpResponse:
    """Name a released adviser again."""
    enter_engagement(request, pk, engagement_id, to_write=True)
    with telling_refusal(request):
        return_adviser(
            actor=request.reader,
            engagement_id=engagement_id,
            person_id=person_id,
            now=timezone.localtime(),
        )
        messages.success(request, _("Adviser restored."))
    return back(request, pk, engagement_id)


@require_POST
@for_people
def declare(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Declare for oneself; with a conflict, the reader is sent to the list and loses access."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    if frame.standing.adviser is None:
        raise NotAllowed(_("Only the person named as adviser can make this declaration."))
    form = DeclareForm(request.POST)
    if form.is_valid():
        try:
            declare_interest(
                actor=request.reader,
                engagement_id=engagement_id,
                now=timezone.localtime(),
                **form.cleaned_data,
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            return _declared(request, frame, form.cleaned_data["conflicts"])
    shown = "declare_form" if frame.standing.must_declare else "later_form"
    return show_overview(request, frame, forms={shown: form, "opened": shown}, status=422)


def _declared(request: Request, frame: EngagementFrame, conflicts: bool) -> HttpResponse:
    if conflicts:
        messages.success(
            request,
            _(
                "Thank you. You no longer have access to this assessment, and the managers of "
                "your side have been asked to name someone else."
            ),
        )
        return redirect("assessments:list", frame.pk)
    messages.success(request, _("Thank you. You can now work on it."))
    return redirect("assessments:engagement", frame.pk, frame.engagement.pk)


@require_POST
@for_people
def decline(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Decline the request with a reason that the company reads; it can be reopened."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    form = ReasonForm(request.POST)
    return with_form(
        request,
        frame,
        name="decline_form",
        form=form,
        do=lambda: decline_request(
            actor=request.reader,
            engagement_id=engagement_id,
            now=timezone.localtime(),
            reason=form.cleaned_data["reason"],
        ),
        said=_("Request declined. The company sees your reason."),
    )


@require_POST
@for_people
def close(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Close it with what was learned; the message offers to take it up again."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            close_engagement(
                actor=request.reader,
                engagement_id=engagement_id,
                now=timezone.localtime(),
                version=form.cleaned_data["seen"],
                text=form.cleaned_data["text"],
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            undo = reverse("assessments:reopen", args=[pk, engagement_id])
            messages.success(
                request,
                _("Assessment closed. What you learned has been saved."),
                extra_tags=f"undo:{undo}",
            )
            return redirect("assessments:engagement", pk, engagement_id)
    frame = enter_engagement(request, pk, engagement_id)
    put_data(form, "seen", str(frame.engagement.version))
    return show_overview(
        request, frame, forms={"close_form": form, "opened": "close_form"}, status=422
    )


@require_POST
@for_people
def reopen(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Take up again what was closed or declined."""
    enter_engagement(request, pk, engagement_id, to_write=True)
    with telling_refusal(request):
        reopen_engagement(
            actor=request.reader, engagement_id=engagement_id, now=timezone.localtime()
        )
        messages.success(request, _("Assessment reopened."))
    return back(request, pk, engagement_id)
