"""Inviting members, registering and withdrawing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.accounts.authors import authors_of
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
)
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.versions import edit_record, keeping


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
@keeping(RegistrationForm)
def show_registration(request: HttpRequest, participation_id: int) -> HttpResponse:
    """Say who comes, when, and what for."""
    edit = edit_record(
        request,
        load=lambda: _find(request, participation_id),
        make=lambda found, data: RegistrationForm(
            data, days=days_of(found.event),
            initial=RegistrationForm.initial_of(found, prefill_of(found)),
        ),
        save=lambda form: register(
            actor=request.reader, participation_id=participation_id,
            registration=form.registration(), version=form.number, now=timezone.now(),
        ),
        authors=lambda found: authors_of(found, request.reader, whole=["register"]),
    )  # fmt: skip
    found = edit.record
    if edit.is_saved:
        edit.say(_("You are registered."))
        is_own = found.organisation_id in request.reader.organisations
        if found.event.state == "open" and is_own:
            return redirect("events:requests", found.pk)
        return redirect("events:detail", found.event_id)
    return render(
        request,
        "events/register.html",
        {
            **event_frame(request.reader, found.event, "register"),
            "own": found,
            "form": edit.form,
            "may_register": can_register_now(request.reader, found.event) or edit.form.is_bound,
            "is_new": found.state != Participation.State.REGISTERED,
        },
        status=edit.status,
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
