"""Ending a membership, and taking that back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.directory import operations, queries, rules
from proxeny.directory.forms import EndMembershipForm
from proxeny.kernel.answers import answering, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput


@require_http_methods(["GET", "POST"])
@answering
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the last day and a reason, then end the membership."""
    membership = queries.get_membership(pk)
    if not rules.can_manage_members(request.reader, membership.cluster_id):
        raise PermissionDenied
    form = EndMembershipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_membership(actor=request.reader, membership_id=pk, **form.cleaned_data)
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The membership has an end. You can take it back below."))
            return redirect("directory:detail", membership.organisation_id)
    context = {"form": form, "membership": membership}
    status = 422 if form.errors else 200
    return render(request, "directory/membership_end.html", context, status=status)


@require_POST
@answering
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the end of a membership back."""
    try:
        membership = operations.restore_membership(actor=request.reader, membership_id=pk)
    except Conflict as error:
        messages.warning(request, str(error))
        return redirect("directory:detail", queries.get_membership(pk).organisation_id)
    messages.success(request, _("The membership goes on."))
    return redirect("directory:detail", membership.organisation_id)
