"""Single deeds: send, sign, decline, withdraw, end, share."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.partnerships import operations, queries, rules
from proxeny.partnerships.forms import ReasonForm, SignForm
from proxeny.partnerships.models import Partnership


def _do(request: HttpRequest, pk: int, deed: Callable[[], object], done: str) -> HttpResponse:
    """Do something without a form, say what came of it, and go back to the room."""
    try:
        deed()
    except (Conflict, InvalidInput) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, done)
    return redirect("partnerships:detail", pk=pk)


@require_POST
@for_people
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a draft to the other side."""
    return _do(
        request,
        pk,
        lambda: operations.propose_partnership(
            actor=request.reader, partnership_id=pk, now=timezone.localtime()
        ),
        _("The proposal is on its way. You can sign it now."),
    )


@require_POST
@for_people
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the text that was read."""
    partnership = queries.get_partnership(pk)
    if rules.party_managed(request.reader, queries.parties_of(partnership)) is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can sign."))
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
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
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
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, with a reason."""
    partnership = queries.get_partnership(pk)
    if not rules.can_decline(request.reader, partnership, queries.parties_of(partnership)):
        raise NotAllowed(_("Only a manager of the cluster that was asked can decline."))
    texts = {
        "heading": _("Decline the proposal?"),
        "crumb": _("Decline"),
        "lead": _("The other side reads your reason. They can propose again, differently."),
        "submit": _("Decline"),
    }
    return _ask_why(request, partnership, operations.decline_partnership, texts)


@require_http_methods(["GET", "POST"])
@for_people
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End the partnership, with a reason."""
    partnership = queries.get_partnership(pk)
    if not rules.can_end(request.reader, partnership, queries.parties_of(partnership)):
        raise NotAllowed(_("Only a manager of one of the two clusters can end it."))
    texts = {
        "heading": _("End the partnership?"),
        "crumb": _("End the partnership"),
        "lead": _("It ends today for both sides, and member lists are no longer shared. What was "
                  "done together stays readable."),
        "submit": _("End the partnership"),
    }  # fmt: skip
    return _ask_why(request, partnership, operations.end_partnership, texts)


def _ask_why(
    request: HttpRequest,
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
            messages.success(request, _("Done. The other side is told."))
            return redirect("partnerships:detail", pk=partnership.pk)
    return _render_form(request, partnership, form, texts)


def _render_form(
    request: HttpRequest, partnership: Partnership, form: forms.Form, texts: dict[str, str]
) -> HttpResponse:
    context = {"form": form, "partnership": partnership, **texts}
    return render(request, "partnerships/deed.html", context, status=422 if form.errors else 200)
