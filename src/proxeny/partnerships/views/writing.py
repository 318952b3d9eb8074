"""Writing: a new proposal, a draft, another text."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.partnerships import operations, queries, rules
from proxeny.partnerships.forms import ProposalForm, TextForm
from proxeny.partnerships.models import Partnership


@require_http_methods(["GET", "POST"])
@for_people
def create(request: HttpRequest) -> HttpResponse:
    """Draft a partnership, and send the proposal at once if asked to."""
    own = queries.list_own_clusters(request.reader)
    if not own:
        raise NotAllowed(_("Only a manager of a cluster can propose a partnership."))
    others = queries.list_other_clusters(request.reader)
    initial = {
        "text": render_to_string("partnerships/agreement.txt").strip(),
        "partner_id": request.GET.get("partner", ""),
    }
    form = ProposalForm(request.POST or None, own=own, others=others, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {key: value for key, value in form.cleaned_data.items() if key != "version"}
        try:
            partnership = operations.draft_partnership(actor=request.reader, **given)
        except (InvalidInput, Conflict, NotAllowed) as error:
            show_refusal(form, error)
        else:
            return _send_if_asked(request, partnership)
    context = {"form": form, "has_others": bool(others), "is_change": False}
    return render(request, "partnerships/write.html", context, status=422 if form.errors else 200)


def _send_if_asked(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Send a saved draft where its second button was pressed, and go to the room."""
    if "send" not in request.POST:
        messages.success(request, _("The draft is saved. Only your side sees it."))
        return redirect("partnerships:detail", pk=partnership.pk)
    try:
        operations.propose_partnership(
            actor=request.reader, partnership_id=partnership.pk, now=timezone.now()
        )
    except Conflict as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The proposal is on its way. You can sign it now."))
    return redirect("partnerships:detail", pk=partnership.pk)


@require_http_methods(["GET", "POST"])
@for_people
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    partnership = queries.get_partnership(pk)
    if not rules.can_lead(request.reader, partnership):
        raise NotAllowed(_("Only a manager of the proposing cluster can do this."))
    if partnership.state != Partnership.State.DRAFT:
        return redirect("partnerships:detail", pk=pk)
    texts = queries.list_texts(partnership)
    names = ("title", "purpose", "starts_on", "ends_on", "version")
    initial = {name: getattr(partnership, name) for name in names}
    initial["text"] = texts[0].agreement.text
    form = ProposalForm(request.POST or None, initial=initial, is_change=True)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
        try:
            operations.change_draft(actor=request.reader, partnership_id=pk, **given)
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            return _send_if_asked(request, partnership)
    context = {"form": form, "partnership": partnership, "has_others": True, "is_change": True}
    return render(request, "partnerships/write.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_people
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose another text of the agreement."""
    partnership = queries.get_partnership(pk)
    if not rules.can_sign(request.reader, partnership, queries.parties_of(partnership)):
        raise NotAllowed(_("Only a manager of one of the two clusters can change the text."))
    newest = queries.list_texts(partnership)[0].agreement
    form = TextForm(request.POST or None, initial={"text": newest.text, "number": newest.number})
    if request.method == "POST" and form.is_valid():
        try:
            operations.amend_agreement(
                actor=request.reader, partnership_id=pk, now=timezone.now(), **form.cleaned_data
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The new text is proposed. Both sides sign it again."))
            return redirect("partnerships:detail", pk=pk)
    context = {"form": form, "partnership": partnership, "newest": newest}
    return render(request, "partnerships/amend.html", context, status=422 if form.errors else 200)
