"""Delegations: the page, giving one, and withdrawing it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships.delegation_forms import DelegationForm
from proxeny.partnerships.delegation_queries import list_delegations
from proxeny.partnerships.models import Delegation, Party
from proxeny.partnerships.operations import delegations as writing
from proxeny.partnerships.views.frame import Frame, enter_frame, show_page, telling_refusal


@require_GET
@for_people
def show_delegations(request: Request, pk: int) -> HttpResponse:
    """Show what is delegated, and what was."""
    frame = enter_frame(request, pk)
    return _answer(request, frame, _form(frame, None))


@require_POST
@for_people
def give(request: Request, pk: int) -> HttpResponse:
    """Delegate decisions on a matter to another party."""
    frame = enter_frame(request, pk)
    form = _form(frame, request.POST)
    if form is None:
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
    if form.is_valid():
        try:
            writing.give_delegation(
                actor=request.reader,
                partnership_id=pk,
                now=timezone.localtime(),
                **form.to_values(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(
                request,
                _("Delegation given. All sides can see it, and you can revoke it at any time."),
            )
            return redirect("partnerships:delegations", pk)
    return _answer(request, frame, form, status=422)


@require_POST
@for_people
def withdraw(request: Request, pk: int, delegation_id: int) -> HttpResponse:
    """Take a delegation back."""
    with telling_refusal(request):
        writing.withdraw_delegation(
            actor=request.reader,
            partnership_id=pk,
            delegation_id=delegation_id,
            now=timezone.localtime(),
        )
        messages.success(
            request, _("Delegation revoked. From now on, your side is consulted again.")
        )
    return redirect("partnerships:delegations", pk)


def _form(frame: Frame, data: Any) -> DelegationForm | None:
    mine = frame.mine
    if mine is None or not frame.may_steer:
        return None
    others = [one for one in frame.parties if one.pk != mine.pk and one.state == Party.State.JOINED]
    return DelegationForm(data, others=others)


def _answer(
    request: Request, frame: Frame, form: DelegationForm | None, *, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    found = list_delegations(frame.partnership)
    context = {
        "form": form,
        "live": [_row(frame, one) for one in found if one.is_live(today=today)],
        "over": [_row(frame, one) for one in found if not one.is_live(today=today)],
    }
    return show_page(request, frame, "delegations", context, status=status)


def _row(frame: Frame, one: Delegation) -> dict[str, Any]:
    is_own = frame.mine is not None and one.giver_id == frame.mine.pk
    return {"one": one, "may_withdraw": frame.may_steer and is_own, "ended_on": _ended(one)}


def _ended(one: Delegation) -> date | None:
    """Return the day on which a delegation ended, or will end."""
    taken = timezone.localdate(one.withdrawn_at) if one.withdrawn_at else None
    return min((day for day in (taken, one.ends_on) if day), default=None)
