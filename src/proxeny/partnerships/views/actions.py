"""Single actions: send, sign, decline, withdraw, end, share."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships import operations, queries, rules
from proxeny.partnerships.forms import ReasonForm, SignForm
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.sides import others_of, say_told


def _do(request: Request, pk: int, deed: Callable[[], object], done: str) -> HttpResponse:
    """Do something without a form, report the result, and go back to the room."""
    try:
        deed()
    except (Conflict, InvalidInput) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, done)
    return redirect("partnerships:detail", pk=pk)


@require_POST
@for_people
def propose(request: Request, pk: int) -> HttpResponse:
    """Send a draft to the other side."""
    return _do(
        request,
        pk,
        lambda: operations.propose_partnership(
            actor=request.reader, partnership_id=pk, now=timezone.localtime()
        ),
        _("Proposal sent. You can sign it now."),
    )


@require_POST
@for_people
def sign(request: Request, pk: int) -> HttpResponse:
    """Sign the text that was read."""
    partnership = queries.get_partnership(pk)
    if rules.party_managed(request.reader, queries.parties_of(partnership)) is None:
        raise NotAllowed(_("Only a manager of one of the clusters can sign."))
    form = SignForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Read the text again before you sign."))
        return redirect("partnerships:detail", pk=pk)
    return _do(
        request,
        pk,
        lambda: operations.sign_agreement(
            actor=request.reader, partnership_id=pk, now=timezone.localtime(), **form.cleaned_data
        ),
        _("You have signed."),
    )


@require_POST
@for_people
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a proposal back."""
    return _do(
        request,
        pk,
        lambda: operations.withdraw_proposal(
            actor=request.reader, partnership_id=pk, now=timezone.localtime()
        ),
        _("The proposal is a draft again. The other side no longer sees it."),
    )


@require_http_methods(["GET", "POST"])
@for_people
def decline(request: Request, pk: int) -> HttpResponse:
    """Say no, with a reason."""
    partnership = queries.get_partnership(pk)
    if not rules.can_decline(request.reader, partnership, queries.parties_of(partnership)):
        raise NotAllowed(_("Only a manager of the invited cluster can decline."))
    texts = {
        "heading": _("Decline the proposal?"),
        "crumb": _("Decline"),
        "lead": ngettext(
            "The other side will read your reason. They can send a different proposal.",
            "The other sides will read your reason. They can send a different proposal.",
            others_of(partnership),
        ),
        "submit": _("Decline"),
    }
    return _ask_why(request, partnership, operations.decline_partnership, texts)


@require_http_methods(["GET", "POST"])
@for_people
def end(request: Request, pk: int) -> HttpResponse:
    """End the partnership, with a reason."""
    partnership = queries.get_partnership(pk)
    parties = queries.parties_of(partnership)
    if not rules.can_end(request.reader, partnership, parties):
        raise NotAllowed(_("Only a manager of one of the clusters can end it."))
    texts = {
        "heading": _("End the partnership?"),
        "crumb": _("End the partnership"),
        "lead": _(
            "It ends today for both sides, and member lists are no longer shared. What was done "
            "together can still be read."
        ),
        "submit": _("End the partnership"),
    }
    if rules.needs_all_to_end(parties):
        texts |= {
            "heading": _("End the alliance for all?"),
            "lead": _(
                "You sign for your side now, and all the others are asked to sign. It ends once "
                "everyone has signed. If only your side wants to go, leave the alliance instead."
            ),
            "submit": _("Sign and ask the others"),
            "leave_url": reverse("partnerships:party-leave", args=[pk]),
        }
    return _ask_why(request, partnership, operations.end_partnership, texts)


def _ask_why(
    request: Request,
    partnership: Partnership,
    operation: Callable[..., Partnership],
    texts: dict[str, str],
) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operation(
                actor=request.reader,
                partnership_id=partnership.pk,
                now=timezone.localtime(),
                **form.cleaned_data,
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, say_told(partnership.pk))
            return redirect("partnerships:detail", pk=partnership.pk)
    return _render_form(request, partnership, form, texts)


def _render_form(
    request: Request, partnership: Partnership, form: forms.Form, texts: dict[str, str]
) -> HttpResponse:
    context = {"form": form, "partnership": partnership, **texts}
    return render(request, "partnerships/deed.html", context, status=422 if form.errors else 200)
