"""What a member asks of the ambassador: asked, changed, withdrawn."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
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
from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.versions import edit_record, keeping
from proxeny.partnerships.views.frame import return_to, telling_refusal


@require_http_methods(["GET", "POST"])
@for_people
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the ambassador of one's own cluster to act."""
    today = timezone.localdate()
    ambassadors = ambassadors_for(request.reader, today=today)
    form = AskForm(request.POST or None, ambassadors=ambassadors, today=today)
    if request.method == "POST" and form.is_valid():
        whom = form.whom_asked()
        try:
            made = operations.ask_mandate(
                actor=request.reader, partnership_id=whom.partnership.pk, member_id=whom.member.pk,
                cluster_id=whom.cluster.pk, facts=form.facts(), now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The ambassador is told, and answers you by mail."))
            return redirect("ambassadors:own-mandate", made.pk)
    context = {"form": form, "ambassadors": ambassadors}
    status = 422 if form.errors else 200
    return render(request, "ambassadors/own_mandate_form.html", context, status=status)


@require_GET
@for_people
def show(request: HttpRequest, mandate_id: int) -> HttpResponse:
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


def _get_open(request: HttpRequest, mandate_id: int) -> Mandate:
    mandate = get_own_mandate(request.reader, mandate_id)
    if not rules.can_write_mandate(request.reader, mandate):
        raise Conflict(operations.OVER)
    return mandate


@require_http_methods(["GET", "POST"])
@for_people
@keeping(MandateForm)
def edit(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """Change what is asked, or answer a question by it, whoever else changes it."""
    if refused := _lead_back(request, mandate_id):
        return refused
    edit = edit_record(
        request,
        load=lambda: _get_open(request, mandate_id),
        make=lambda mandate, data: MandateForm(data, mandate=mandate),
        save=lambda form: operations.change_mandate(
            actor=request.reader, mandate_id=mandate_id, version=form.number, facts=form.facts(),
            now=timezone.localtime(),
        ),
        authors=lambda mandate: authors_of(mandate, request.reader, exact=["change_mandate"]),
    )  # fmt: skip
    if edit.is_saved:
        edit.say(_("Saved. What is new is looked at by the ambassador before it holds."))
        return redirect("ambassadors:own-mandate", mandate_id)
    context = {"form": edit.form, "mandate": edit.record}
    return render(request, "ambassadors/own_mandate_form.html", context, status=edit.status)


def _lead_back(request: HttpRequest, mandate_id: int) -> HttpResponse | None:
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
def withdraw(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """Take a mandate back; the message offers to ask again."""
    undo = reverse("ambassadors:own-mandate-again", args=[mandate_id])
    with telling_refusal(request):
        mandate = _do(request, mandate_id, operations.withdraw_mandate)
        messages.success(
            request, _("It is withdrawn, and the ambassador is told."),
            extra_tags=f"undo:{undo}" if mandate.until >= timezone.localdate() else "",
        )  # fmt: skip
    return return_to(request, reverse("ambassadors:own-mandate", args=[mandate_id]))


@require_POST
@for_people
def ask_again(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """Ask once more what was withdrawn."""
    with telling_refusal(request):
        _do(request, mandate_id, operations.ask_again)
        messages.success(request, _("The ambassador is asked again."))
    return return_to(request, reverse("ambassadors:own-mandate", args=[mandate_id]))


def _do(request: HttpRequest, mandate_id: int, operation: Callable[..., Any]) -> Any:
    return operation(actor=request.reader, mandate_id=mandate_id, now=timezone.localtime())
