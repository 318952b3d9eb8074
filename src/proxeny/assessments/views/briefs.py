"""The brief of an engagement as the teams write it, put it before all, and sign it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.assessments.forms.briefs import BriefForm, RefuseForm
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations import briefs as operations
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.assessments.views.engagement import back, with_form
from proxeny.assessments.views.frame import EngagementFrame, enter_engagement, show_tab
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, read_number
from proxeny.partnerships.rules import party_managed
from proxeny.partnerships.views.frame import telling_refusal

State = Engagement.State


@require_http_methods(["GET", "POST"])
@for_people
@keeping(BriefForm)
def edit(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Edit the brief; concurrent changes are merged."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    if frame.engagement.state != State.BRIEF and request.method == "GET":
        messages.error(request, _("The brief can’t be written at this stage."))
        return redirect("assessments:engagement", pk, engagement_id)
    promised = operations.promised_on(frame.engagement.service, timezone.localdate())
    edit = edit_record(
        request,
        load=lambda: _get_open(pk, engagement_id),
        make=lambda one, data: BriefForm(data, engagement=one, promised=promised),
        save=lambda form: operations.write_brief(
            actor=request.reader,
            engagement_id=engagement_id,
            version=form.number,
            facts=form.facts(),
            now=timezone.localtime(),
        ),
        authors=lambda one: authors_of(one, request.reader, whole=["write_brief"]),
    )
    if edit.is_saved:
        edit.say(_("Saved. Once it’s complete, a manager sends it for signature."))
        return redirect("assessments:engagement", pk, engagement_id)
    context = {"form": edit.form}
    return show_tab(
        request, frame, "overview", "engagement_brief_form", context, status=edit.status
    )


def _get_open(pk: int, engagement_id: int) -> Engagement:
    one = get_engagement(engagement_id, pk)
    if one.state != State.BRIEF:
        raise Conflict(_("The brief can’t be written at this stage."))
    return one


def _enter_as_manager(request: Request, pk: int, engagement_id: int) -> EngagementFrame:
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    if party_managed(request.reader, frame.parties) is None:
        raise NotAllowed(_("Only a manager of one of the clusters can sign."))
    return frame


@require_POST
@for_people
def ask(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Send the brief for signature; the reader's own side signs at once."""
    _enter_as_manager(request, pk, engagement_id)
    with telling_refusal(request):
        operations.ask_brief(
            actor=request.reader,
            engagement_id=engagement_id,
            now=timezone.localtime(),
            version=read_number(request.POST.get("version")),
        )
        messages.success(request, _("Signed for your side. The others are notified by email."))
    return back(request, pk, engagement_id)


@require_POST
@for_people
def sign(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Sign the brief for the reader's own side."""
    _enter_as_manager(request, pk, engagement_id)
    with telling_refusal(request):
        operations.sign_brief(
            actor=request.reader,
            engagement_id=engagement_id,
            now=timezone.localtime(),
            agreement_id=read_number(request.POST.get("agreement")),
            text_hash=request.POST.get("text_hash", "")[:64],
        )
        messages.success(request, _("Signed. The others are notified by email."))
    return back(request, pk, engagement_id)


@require_POST
@for_people
def refuse(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Refuse the brief with a reason, or take it back to rewrite it."""
    frame = _enter_as_manager(request, pk, engagement_id)
    form = RefuseForm(request.POST)
    return with_form(
        request,
        frame,
        name="refuse_form",
        form=form,
        do=lambda: operations.refuse_brief(
            actor=request.reader,
            engagement_id=engagement_id,
            now=timezone.localtime(),
            agreement_id=read_number(request.POST.get("agreement")),
            why=form.cleaned_data["why"],
        ),
        said=_("You’ve declined to sign. The others see your reason."),
    )
