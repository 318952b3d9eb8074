"""Pages of privacy: the notice, the record of processing, the user's own data, and erasure."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts import privacy, rules
from proxeny.accounts.operations import privacy as operations
from proxeny.accounts.privacy_forms import EraseContactForm, EraseForm
from proxeny.accounts.privacy_presenters import is_gone, show_kinds
from proxeny.accounts.proof import ask_for_proof
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.errors import Conflict, NotAllowed
from proxeny.kernel.jobs.watching import find_latest
from proxeny.kernel.personal_data.record import record_of_processing
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import GATE, acting_as
from proxeny.kernel.view_helpers import for_people, show_refusal

#: Rows of each kind on the page; the file has all.
ON_PAGE = 10


@require_GET
@login_not_required
def show_notice(request: Request) -> HttpResponse:
    """Show the privacy notice: the data held, its purposes, the retention periods, the contact."""
    context = {"operator": settings.OPERATOR, "record": record_of_processing()}
    return render(request, "accounts/privacy/notice.html", context)


@require_GET
@for_people
def show_record(request: Request) -> HttpResponse:
    """Show the record of processing to managers."""
    if not request.reader.managed:
        raise NotAllowed(_("Only managers can see the record of processing."))
    context = {
        "operator": settings.OPERATOR,
        "record": record_of_processing(),
    }
    return render(request, "accounts/privacy/record.html", context)


@require_GET
@for_people
def show_mine(request: Request) -> HttpResponse:
    """Show the reader all data held about them, after they have proved their identity."""
    if proof := ask_for_proof(request, back=reverse("privacy:mine")):
        return proof
    kinds = operations.read_own_kinds(actor=request.reader, limit=ON_PAGE)
    context = {
        "activities": show_kinds(kinds),
        "count": sum(kind.count for kind in kinds),
        "file": privacy.get_data_file(request.reader),
        "work": find_latest(request.reader, "accounts.collect-data"),
        "erasure": privacy.get_open_erasure(request.reader),
    }
    return render(request, "accounts/privacy/mine.html", context)


@require_POST
@for_people
def take_file(request: Request) -> HttpResponse:
    """Answer with the file of the reader's data; a large one is put together first."""
    back = reverse("privacy:mine")
    if proof := ask_for_proof(request, back=back):
        return proof
    now = timezone.now()
    content = operations.download_data(actor=request.reader, now=now)
    if content is None:
        try:
            operations.prepare_data(actor=request.reader, now=now)
        except Conflict as error:
            messages.info(request, str(error))
        return redirect(back)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="proxeny-{now:%Y-%m-%d}.json"'
    return response


@require_http_methods(["GET", "POST"])
@for_people
def erase(request: Request) -> HttpResponse:
    """Show what is erased and what is kept, and accept the request for erasure."""
    if proof := ask_for_proof(request, back=reverse("privacy:erase")):
        return proof
    now = timezone.now()
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at_once = form.cleaned_data["when"] == "now"
        try:
            operations.ask_erasure(actor=request.reader, now=now, at_once=at_once)
        except Conflict as error:
            show_refusal(form, error)
        else:
            return _leave(request) if at_once else redirect("privacy:mine")
    kinds = operations.read_own_kinds(actor=request.reader, limit=0)
    context = {
        "form": form,
        "goes": [kind for kind in kinds if is_gone(kind)],
        "stays": [kind for kind in kinds if not is_gone(kind)],
        "alone": privacy.list_sole_management(request.reader, today=now.date()),
        "erasure": privacy.get_open_erasure(request.reader),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/privacy/erase.html", context, status=status)


def _leave(request: Request) -> HttpResponse:
    """Sign out and say good-bye: nothing of the person is there any more in a minute."""
    with acting_as(GATE):
        logout(request)
    return render(request, "accounts/privacy/gone.html")


@require_POST
@for_people
def keep(request: Request) -> HttpResponse:
    """Take the wish to be erased back."""
    return perform(
        request,
        operations.withdraw_erasure,
        done=_("Nothing will be erased. We’re glad you’re staying."),
        to=reverse("people:me"),
    )


@require_http_methods(["GET", "POST"])
@for_people
def erase_contact(request: Request, pk: int) -> HttpResponse:
    """Ask for the erasure of the contact that an organisation's entry names."""
    contact = privacy.get_contact(pk)
    if not rules.can_erase_contact(request.reader, pk, steward_id=contact.steward_id):
        raise NotAllowed(
            _("Only a manager of the cluster that manages the entry can request this.")
        )
    form = EraseContactForm(request.POST or None)
    saved = submit_form(
        request,
        form,
        partial(operations.ask_contact_erasure, organisation_id=pk),
        values=dict,
        done=_("The contact is being erased. This takes a minute."),
        to=reverse("directory:detail", args=[pk]),
    )
    if saved:
        return saved
    status = 422 if form.errors else 200
    context = {"form": form, "contact": contact}
    return render(request, "accounts/privacy/erase_contact.html", context, status=status)
