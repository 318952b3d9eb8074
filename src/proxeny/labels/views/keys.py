"""The keys with which a cluster signs: made, replaced, reported lost; for its managers."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.actions import perform
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.jobs.watching import find_latest
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.labels.forms.awards import LossForm
from proxeny.labels.models import IssuerKey
from proxeny.labels.operations import keys as operations
from proxeny.labels.operations.signing_awards import ask_to_sign_anew, count_to_sign_anew
from proxeny.labels.queries import keys as queries
from proxeny.labels.queries.status_lists import count_stale


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the keys of the reader's own cluster, and the use of each."""
    cluster = queries.get_own_cluster(request.reader, pk)
    keys = list(queries.find_keys([pk]))[::-1]
    current = next((one for one in keys if not one.retired_at and not one.lost_at), None)
    context: dict[str, Any] = {
        "organisation": cluster,
        "keys": keys,
        "current": current,
        "is_usable": current is not None and operations.can_sign_with(current),
        "labels": queries.labels_signed_by(pk),
        "to_sign": count_to_sign_anew(pk) if any(one.lost_at for one in keys) else 0,
        "stale": count_stale(pk),
        "work": find_latest(request.reader, "labels.sign-anew", organisation_id=pk),
    }
    return render(request, "labels/awards/keys.html", context)


@require_POST
@for_people
def make(request: Request, pk: int) -> HttpResponse:
    """Make a key."""
    queries.get_own_cluster(request.reader, pk)
    return perform(
        request,
        partial(operations.make_key, organisation_id=pk),
        done=_("Your cluster can now sign awards."),
        to=reverse("labels:keys", args=[pk]),
    )


@require_POST
@for_people
def replace(request: Request, pk: int) -> HttpResponse:
    """Replace the key that signs."""
    queries.get_own_cluster(request.reader, pk)
    return perform(
        request,
        partial(operations.rotate_key, organisation_id=pk),
        done=_("From now on, a new key signs. What the old one signed remains valid."),
        to=reverse("labels:keys", args=[pk]),
    )


@require_http_methods(["GET", "POST"])
@for_people
def report_loss(request: Request, pk: int, number: int) -> HttpResponse:
    """Explain the loss of a key, and record it."""
    cluster = queries.get_own_cluster(request.reader, pk)
    key = _find(pk, number)
    form = LossForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        now, status = timezone.localtime(), 422
        if form.is_valid():
            try:
                operations.report_loss(
                    actor=request.reader,
                    organisation_id=pk,
                    number=number,
                    now=now,
                    **form.to_values(key.created_at, now),
                )
            except (InvalidInput, Conflict) as error:
                if error.field == "lost_at":
                    error.field = "lost_on"
                show_refusal(form, error)
            else:
                messages.success(
                    request, _("The loss has been recorded and is public. Create a new key now.")
                )
                return redirect("labels:keys", pk)
    context = {"organisation": cluster, "key": key, "form": form}
    return render(request, "labels/awards/key_lost.html", context, status=status)


def _find(pk: int, number: int) -> IssuerKey:
    key = queries.find_keys([pk]).filter(number=number, lost_at=None).first()
    if key is None:
        raise NotFound(_("We couldn’t find this key."))
    return key


@require_POST
@for_people
def sign_anew(request: Request, pk: int) -> HttpResponse:
    """Let the new key sign what a lost one had signed."""
    queries.get_own_cluster(request.reader, pk)
    return perform(
        request,
        partial(ask_to_sign_anew, organisation_id=pk),
        done=lambda count: (
            ngettext(
                "%(count)d award is being signed again.",
                "%(count)d awards are being signed again.",
                count,
            )
            % {"count": count}
        ),
        to=reverse("labels:keys", args=[pk]),
    )
