"""Ending a membership, and taking that back."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.directory import operations, queries, rules
from proxeny.directory.forms import EndMembershipForm
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import answering


@require_http_methods(["GET", "POST"])
@answering
def end(request: Request, pk: int) -> HttpResponse:
    """Ask for the last day and a reason, then end the membership."""
    membership = queries.get_membership(pk)
    if not rules.can_manage_members(request.reader, membership.cluster_id):
        raise PermissionDenied
    form = EndMembershipForm(request.POST or None)
    saved = submit_form(
        request,
        form,
        lambda now, **facts: operations.end_membership(membership_id=pk, **facts),
        done=_("The membership now has an end date. You can cancel it below."),
        to=reverse("directory:detail", args=[membership.organisation_id]),
    )
    if saved:
        return saved
    context = {"form": form, "membership": membership}
    status = 422 if form.errors else 200
    return render(request, "directory/membership_end.html", context, status=status)


@require_POST
@answering
def restore(request: Request, pk: int) -> HttpResponse:
    """Take the end of a membership back."""
    return perform(
        request,
        lambda actor, **_now: operations.restore_membership(actor=actor, membership_id=pk),
        done=_("The membership continues."),
        to=reverse("directory:detail", args=[queries.get_membership(pk).organisation_id]),
    )
