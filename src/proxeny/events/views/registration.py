"""Inviting members, registering and withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.events.forms.filters import SearchFilter
from proxeny.events.forms.registration import RegistrationForm
from proxeny.events.forms.setup import ReasonForm
from proxeny.events.models import Participation
from proxeny.events.operations import invite_members, register, withdraw_participation
from proxeny.events.queries.events import days_of, get_event, groups_of
from proxeny.events.queries.participants import get_participation, invitable, prefill_of
from proxeny.events.rules import can_act_for, can_register_now
from proxeny.events.views.frame import (
    add_problem,
    cut_pages,
    event_frame,
    page,
    refuse_others,
    renew_version,
)
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed


@page
def invite(request: HttpRequest, event_id: int) -> HttpResponse:
    """Choose members of the own cluster, and invite them."""
    event = get_event(event_id)
    refuse_others(request.reader, event)
    form = SearchFilter(request.GET)
    chosen = {int(one) for one in request.POST.getlist("organisations") if one.isdigit()}
    if request.method == "POST":
        group = request.POST.get("group", "")
        try:
            invited = invite_members(
                actor=request.reader,
                event_id=event.pk,
                organisation_ids=sorted(chosen),
                group_id=int(group) if group.isdigit() else None,
                now=timezone.now(),
            )
        except (Conflict, InvalidInput) as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request,
                ngettext("%(count)d member is invited.", "%(count)d members are invited.",
                         len(invited)) % {"count": len(invited)},
            )  # fmt: skip
            return redirect("events:answers", event.pk)
    rows = invitable(request.reader, event, search=form.value("q"))
    return render(
        request,
        "events/invite.html",
        {
            **event_frame(request.reader, event, "answers"),
            **cut_pages(request, rows),
            "form": form,
            "chosen": chosen,
            "groups": [
                group
                for group in groups_of(event)
                if group.organisation_id is None or group.organisation_id in request.reader.managed
            ],
        },
    )


def _find(request: HttpRequest, participation_id: int) -> Participation:
    found = get_participation(participation_id)
    if not can_act_for(request.reader, found):
        raise NotAllowed(_("Only the organisation itself or its own cluster may change this."))
    return found


@page
def show_registration(request: HttpRequest, participation_id: int) -> HttpResponse:
    """Say who comes, when, and what for."""
    found = _find(request, participation_id)
    event = found.event
    form = RegistrationForm(
        request.POST or None,
        days=days_of(event),
        initial=RegistrationForm.initial_of(found, prefill_of(found)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            register(
                actor=request.reader,
                participation_id=found.pk,
                registration=form.registration(),
                version=form.cleaned_data["version"],
                now=timezone.now(),
            )
        except (Conflict, InvalidInput) as error:
            _show_problem(form, error)
            renew_version(form, found.version)
        else:
            messages.success(request, _("You are registered."))
            is_open = event.state == "open"
            if is_open and found.organisation_id in request.reader.organisations:
                return redirect("events:requests", found.pk)
            return redirect("events:detail", event.pk)
    return _show(request, found, form)


def _show_problem(form: RegistrationForm, error: Any) -> None:
    if error.field == "unavailable":
        form.unavailable_error = str(error)
    add_problem(form, error)


def _show(
    request: HttpRequest,
    found: Participation,
    form: RegistrationForm | None,
    reason_form: ReasonForm | None = None,
) -> HttpResponse:
    return render(
        request,
        "events/register.html",
        {
            **event_frame(request.reader, found.event, "register"),
            "own": found,
            "form": form,
            "reason_form": reason_form or ReasonForm(),
            "may_register": can_register_now(request.reader, found.event),
            "is_new": found.state != Participation.State.REGISTERED,
        },
    )


@page
def withdraw(request: HttpRequest, participation_id: int) -> HttpResponse:
    """Leave the event, with a reason; first a page that asks for it."""
    found = _find(request, participation_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_participation(
                actor=request.reader,
                participation_id=found.pk,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except (Conflict, InvalidInput) as error:
            add_problem(form, error)
        else:
            messages.success(request, _("Withdrawn. You can register again while it is open."))
            return redirect("events:detail", found.event_id)
    return render(
        request,
        "events/withdraw.html",
        {**event_frame(request.reader, found.event, "withdraw"), "own": found, "form": form},
    )
