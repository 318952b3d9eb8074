"""A juror's own pages: what there is to do, the declaration before the first look, and stepping back."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.labels.forms.jury import DeclareForm
from proxeny.labels.models import Juror
from proxeny.labels.operations.abstaining import abstain
from proxeny.labels.operations.declaring import answer_invitation, declare
from proxeny.labels.operations.jury import can_declare
from proxeny.labels.queries.own_jury import (
    OwnJury,
    list_applicants,
    list_own,
    read_own,
    scheme_of,
)
from proxeny.partnerships.models import Partnership


@require_GET
@for_people
def show_list(request: Request) -> HttpResponse:
    """Show the rounds in which one judges, with what is to do."""
    rows = [_row(request, one) for one in list_own(request.reader)]
    return render(request, "labels/jury/own_list.html", {"rows": rows})


def _row(request: Request, own: OwnJury) -> dict[str, Any]:
    held, juror = own.round, own.juror
    can = can_declare(held, timezone.now())
    waits = ""
    if juror.state == Juror.State.ASKED:
        waits = "answer"
    elif juror.declared_at is None:
        waits = "declare" if can else "wait"
    elif own.open:
        waits = "score"
    return {
        "own": own,
        "juror": juror,
        "round": held,
        "waits": waits,
        "can_declare": can,
        "closes": format_moment(held.closes_at, held.zone, request.reader.time_zone),
    }


@require_http_methods(["GET", "POST"])
@for_people
def show(request: Request, juror_id: int) -> HttpResponse:
    """Show a jury to its juror: rules, applicants and assignments; and take the declaration."""
    own = read_own(request.reader, juror_id)
    if request.method == "GET":
        return _show(request, own)
    applicants = list_applicants(request.reader, own, today=timezone.localdate())
    form = DeclareForm(request.POST, applicants=applicants)
    saved = submit_form(
        request,
        form,
        partial(declare, juror_id=juror_id),
        values=lambda: {"conflicts": form.to_conflicts()},
        done=lambda count: (
            _(
                "Thank you. You won’t read or score applications with which you have a "
                "conflict of interest."
            )
            if count
            else _("Thank you. You have declared no conflicts of interest.")
        ),
        to=reverse("labels:own-jury", args=[juror_id]),
    )
    return saved or _show(request, own, form=form, status=422)


def _show(
    request: Request, own: OwnJury, *, form: DeclareForm | None = None, status: int = 200
) -> HttpResponse:
    is_active = own.juror.partnership.state == Partnership.State.ACTIVE
    may_declare = (
        is_active and own.juror.state != Juror.State.OUT and can_declare(own.round, timezone.now())
    )
    if may_declare and form is None:
        applicants = list_applicants(request.reader, own, today=timezone.localdate())
        form = DeclareForm(applicants=applicants)
    scheme = scheme_of(own)
    context = {
        **_row(request, own),
        "scheme": own.round.scheme,
        "rules": scheme.told(scheme.conflicts) if scheme else own.round.scheme.conflicts,
        "is_anonymous": scheme.is_anonymous if scheme else own.round.scheme.is_anonymous,
        "may_declare": may_declare,
        "is_active": is_active,
        "form": form,
    }
    return render(request, "labels/jury/own.html", context, status=status)


@require_POST
@for_people
def answer(request: Request, juror_id: int) -> HttpResponse:
    """Say whether one takes part, or step back."""
    takes_part = request.POST.get("takes_part") == "yes"
    return perform(
        request,
        partial(
            answer_invitation,
            juror_id=juror_id,
            takes_part=takes_part,
            why=request.POST.get("why", ""),
        ),
        done=(
            _("Thank you. You’re on the jury.")
            if takes_part
            else _("Your answer has been saved, and the person who invited you will be informed.")
        ),
        to=reverse("labels:own-jury", args=[juror_id]),
    )


@require_POST
@for_people
def step_back(request: Request, assignment_id: int) -> HttpResponse:
    """Abstain from one application."""
    return perform(
        request,
        partial(abstain, assignment_id=assignment_id, why=request.POST.get("why", "")),
        done=_("You won’t judge this one. The clusters have been informed."),
        to=reverse("labels:own-juries"),
    )
