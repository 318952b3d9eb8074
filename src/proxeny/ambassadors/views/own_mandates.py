"""Mandates of a member to the ambassador: asked, changed, withdrawn."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.ambassadors import rules
from proxeny.ambassadors.forms.mandates import AskForm, MandateForm
from proxeny.ambassadors.models import Mandate
from proxeny.ambassadors.operations import mandates as operations
from proxeny.ambassadors.queries.own_mandates import ambassadors_for, get_own_mandate
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


@require_http_methods(["GET", "POST"])
@for_people
def ask(request: Request) -> HttpResponse:
    """Ask the ambassador of the member's own cluster to act."""
    today = timezone.localdate()
    ambassadors = ambassadors_for(request.reader, today=today)
    form = AskForm(request.POST or None, ambassadors=ambassadors, today=today)

    def values() -> dict[str, Any]:
        whom = form.whom_asked()
        return {
            "partnership_id": whom.partnership.pk,
            "member_id": whom.member.pk,
            "cluster_id": whom.cluster.pk,
            "facts": form.facts(),
        }

    saved = submit_form(
        request,
        form,
        operations.ask_mandate,
        values=values,
        done=_("The ambassador has been notified and will answer you by email."),
        to=lambda made: reverse("ambassadors:own-mandate", args=[made.pk]),
    )
    if saved:
        return saved
    context = {"form": form, "ambassadors": ambassadors}
    status = 422 if form.errors else 200
    return render(request, "ambassadors/own_mandate_form.html", context, status=status)


@require_GET
@for_people
def show(request: Request, mandate_id: int) -> HttpResponse:
    """Show what was asked, and the ambassador's answer."""
    mandate = get_own_mandate(request.reader, mandate_id)
    today = timezone.localdate()
    context = {
        "mandate": mandate,
        "holds": rules.holds(mandate, today),
        "is_over": mandate.until < today,
        "may_write": rules.can_write_mandate(request.reader, mandate),
        "may_ask_again": mandate.state == Mandate.State.WITHDRAWN and mandate.until >= today,
    }
    return render(request, "ambassadors/own_mandate.html", context)


def _get_open(request: Request, mandate_id: int) -> Mandate:
    mandate = get_own_mandate(request.reader, mandate_id)
    if not rules.can_write_mandate(request.reader, mandate):
        raise Conflict(operations.OVER)
    return mandate


@require_http_methods(["GET", "POST"])
@for_people
@keeping(MandateForm)
def edit(request: Request, mandate_id: int) -> HttpResponse:
    """Change a mandate, or answer a question by it, with concurrent edits of others merged."""
    if refused := _lead_back(request, mandate_id):
        return refused
    edit = edit_record(
        request,
        load=lambda: _get_open(request, mandate_id),
        make=lambda mandate, data: MandateForm(data, mandate=mandate),
        save=lambda form: operations.change_mandate(
            actor=request.reader,
            mandate_id=mandate_id,
            version=form.number,
            facts=form.facts(),
            now=timezone.localtime(),
        ),
        authors=lambda mandate: authors_of(mandate, request.reader, exact=["change_mandate"]),
    )
    if edit.is_saved:
        edit.say(_("Saved. The ambassador reviews any changes before they take effect."))
        return redirect("ambassadors:own-mandate", mandate_id)
    context = {"form": edit.form, "mandate": edit.record}
    return render(request, "ambassadors/own_mandate_form.html", context, status=edit.status)


def _lead_back(request: Request, mandate_id: int) -> HttpResponse | None:
    """Lead to the page of one that cannot be changed any more, with the reason."""
    if request.method == "GET":
        try:
            _get_open(request, mandate_id)
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("ambassadors:own-mandate", mandate_id)
    return None


@require_POST
@for_people
def withdraw(request: Request, mandate_id: int) -> HttpResponse:
    """Take a mandate back; the message offers to ask again."""
    undo = reverse("ambassadors:own-mandate-again", args=[mandate_id])
    return perform(
        request,
        partial(operations.withdraw_mandate, mandate_id=mandate_id),
        done=_("Mandate withdrawn. The ambassador has been notified."),
        to=reverse("ambassadors:own-mandate", args=[mandate_id]),
        undo=lambda mandate: undo if mandate.until >= timezone.localdate() else "",
    )


@require_POST
@for_people
def ask_again(request: Request, mandate_id: int) -> HttpResponse:
    """Ask once more what was withdrawn."""
    return perform(
        request,
        partial(operations.ask_again, mandate_id=mandate_id),
        done=_("The ambassador has been asked again."),
        to=reverse("ambassadors:own-mandate", args=[mandate_id]),
    )
