"""Writing: a new proposal, a draft, another text."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from proxeny.accounts.authors import authors_of
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships import operations, queries, rules
from proxeny.partnerships.forms import ProposalForm, TextForm
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.sides import others_in


@require_http_methods(["GET", "POST"])
@for_people
def create(request: Request) -> HttpResponse:
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
        try:
            partnership = operations.draft_partnership(actor=request.reader, **form.to_values())
        except (InvalidInput, Conflict, NotAllowed) as error:
            show_refusal(form, error)
        else:
            return _send_if_asked(request, partnership)
    context = {"form": form, "has_others": bool(others), "is_change": False}
    return render(request, "partnerships/write.html", context, status=422 if form.errors else 200)


def _send_if_asked(
    request: Request, partnership: Partnership, *, says_saved: bool = True
) -> HttpResponse:
    """Send a saved draft where its second button was pressed, and go to the room."""
    if "send" not in request.POST:
        if says_saved:
            messages.success(request, _("Draft saved. Only your side can see it."))
        return redirect("partnerships:detail", pk=partnership.pk)
    try:
        operations.propose_partnership(
            actor=request.reader, partnership_id=partnership.pk, now=timezone.localtime()
        )
    except Conflict as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Proposal sent. You can sign it now."))
    return redirect("partnerships:detail", pk=partnership.pk)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(ProposalForm)
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a draft."""
    if request.method == "GET" and not _is_draft(_led(request, pk)):
        return redirect("partnerships:detail", pk=pk)
    edit = edit_record(
        request,
        load=lambda: _own_draft(request, pk),
        make=lambda found, data: ProposalForm(data, initial=_initial(found), is_change=True),
        save=lambda form: operations.change_draft(
            actor=request.reader, partnership_id=pk, version=form.number, **form.to_values()
        ),
        authors=lambda found: authors_of(found[0], request.reader, whole=["change_draft"]),
    )
    partnership = edit.record[0]
    if edit.is_saved:
        if "send" not in request.POST:
            edit.say(_("Draft saved. Only your side can see it."))
        return _send_if_asked(request, partnership, says_saved=False)
    context = {"form": edit.form, "partnership": partnership, "has_others": True, "is_change": True}
    return render(request, "partnerships/write.html", context, status=edit.status)


def _is_draft(partnership: Partnership) -> bool:
    return partnership.state == Partnership.State.DRAFT


def _led(request: Request, pk: int) -> Partnership:
    partnership = queries.get_partnership(pk)
    if not rules.can_lead(request.reader, partnership):
        raise NotAllowed(_("Only a manager of the proposing cluster can do this."))
    return partnership


def _own_draft(request: Request, pk: int) -> tuple[Partnership, Agreement]:
    partnership = _led(request, pk)
    if not _is_draft(partnership):
        raise Conflict(
            _("The proposal has since been sent, so the draft can no longer be changed.")
        )
    return partnership, queries.list_texts(partnership)[0].agreement


def _initial(found: tuple[Partnership, Agreement]) -> dict[str, object]:
    partnership, agreement = found
    names = ("title", "purpose", "starts_on", "ends_on", "version")
    return {name: getattr(partnership, name) for name in names} | {"text": agreement.text}


@require_http_methods(["GET", "POST"])
@for_people
@keeping(TextForm)
def amend(request: Request, pk: int) -> HttpResponse:
    """Propose another text of the agreement."""
    edit = edit_record(
        request,
        load=lambda: _own_text(request, pk),
        make=lambda found, data: TextForm(
            data, initial={"text": found[1].text, "version": found[1].number}
        ),
        save=lambda form: operations.amend_agreement(
            actor=request.reader,
            partnership_id=pk,
            number=form.number,
            now=timezone.localtime(),
            text=form.cleaned_data["text"],
        ),
        authors=lambda found: authors_of(found[0], request.reader, whole=["amend_agreement"]),
    )
    if edit.is_saved:
        edit.say(
            ngettext(
                "New text proposed. Both sides need to sign it again.",
                "New text proposed. All sides need to sign it again.",
                others_in(pk),
            )
        )
        return redirect("partnerships:detail", pk=pk)
    context = {"form": edit.form, "partnership": edit.record[0]}
    return render(request, "partnerships/amend.html", context, status=edit.status)


def _own_text(request: Request, pk: int) -> tuple[Partnership, Agreement]:
    partnership = queries.get_partnership(pk)
    if not rules.can_sign(request.reader, partnership, queries.parties_of(partnership)):
        raise NotAllowed(_("Only a manager of one of the clusters can change the text."))
    return partnership, queries.list_texts(partnership)[0].agreement
