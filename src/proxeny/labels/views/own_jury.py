"""A juror's own pages: what there is to do, the declaration before the first look, and stepping back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.labels.forms.jury import DeclareForm
from proxeny.labels.models import Juror
from proxeny.labels.moments import tell_moment
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
from proxeny.partnerships.views.frame import telling_refusal


@require_GET
@for_people
def show_list(request: HttpRequest) -> HttpResponse:
    """Show the rounds in which one judges, with what is to do."""
    rows = [_row(request, one) for one in list_own(request.reader)]
    return render(request, "labels/jury/own_list.html", {"rows": rows})


def _row(request: HttpRequest, own: OwnJury) -> dict[str, Any]:
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
        "own": own, "juror": juror, "round": held, "waits": waits, "can_declare": can,
        "closes": tell_moment(held.closes_at, held.zone, request.reader.time_zone),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_people
def show(request: HttpRequest, juror_id: int) -> HttpResponse:
    """Show a jury to its juror: rules, who applies, what is theirs; and take the declaration."""
    own = read_own(request.reader, juror_id)
    if request.method == "GET":
        return _show(request, own)
    applicants = list_applicants(request.reader, own, today=timezone.localdate())
    form = DeclareForm(request.POST, applicants=applicants)
    if form.is_valid():
        try:
            count = declare(
                actor=request.reader, juror_id=juror_id, conflicts=form.to_conflicts(),
                now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            told = (
                _("Thank you. Where you have a conflict of interest you read and score nothing.")
                if count
                else _("Thank you. You have declared that you have no conflict of interest.")
            )
            messages.success(request, told)
            return redirect("labels:own-jury", juror_id)
    return _show(request, own, form=form, status=422)


def _show(
    request: HttpRequest, own: OwnJury, *, form: DeclareForm | None = None, status: int = 200
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
def answer(request: HttpRequest, juror_id: int) -> HttpResponse:
    """Say whether one takes part, or step back."""
    takes_part = request.POST.get("takes_part") == "yes"
    with telling_refusal(request):
        answer_invitation(
            actor=request.reader, juror_id=juror_id, takes_part=takes_part,
            why=request.POST.get("why", ""), now=timezone.localtime(),
        )  # fmt: skip
        told = (
            _("Thank you. You are in the jury.") if takes_part
            else _("Your answer is kept, and whoever invited you is told.")
        )  # fmt: skip
        messages.success(request, told)
    return redirect("labels:own-jury", juror_id)


@require_POST
@for_people
def step_back(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Abstain from one application."""
    with telling_refusal(request):
        abstain(
            actor=request.reader, assignment_id=assignment_id,
            why=request.POST.get("why", ""), now=timezone.localtime(),
        )  # fmt: skip
        messages.success(request, _("You do not judge this one. The clusters are told."))
    return redirect("labels:own-juries")
