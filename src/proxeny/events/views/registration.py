"""Inviting members, registering and withdrawing."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.accounts.authors import authors_of
from proxeny.accounts.guests import for_guests
from proxeny.events.forms.filters import SearchFilter
from proxeny.events.forms.registration import RegistrationForm
from proxeny.events.forms.setup import ReasonForm
from proxeny.events.models import Participation
from proxeny.events.operations import invite_members, register, withdraw_participation
from proxeny.events.queries.events import days_of, get_event, groups_of
from proxeny.events.queries.participants import (
    get_participation,
    invitable,
    invitable_ids,
    prefill_of,
)
from proxeny.events.rules import can_act_for, can_register_now
from proxeny.events.views.frame import cut_pages, event_frame, refuse_others
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


@for_people
def invite(request: Request, event_id: int) -> HttpResponse:
    """Choose members of the own cluster, or all that the search finds, and invite them."""
    event = get_event(event_id)
    refuse_others(request.reader, event)
    form = SearchFilter(request.GET)
    search = form.value("q")
    chosen = {int(one) for one in request.POST.getlist("organisations") if one.isdigit()}
    if request.method == "POST":
        if "everyone" in request.POST:
            chosen = invitable_ids(request.reader, event, search=search)
        group = request.POST.get("group", "")
        return perform(
            request,
            partial(
                invite_members,
                event_id=event.pk,
                organisation_ids=sorted(chosen),
                group_id=int(group) if group.isdigit() else None,
            ),
            done=lambda invited: (
                ngettext(
                    "Invitation sent to %(count)d member.",
                    "Invitation sent to %(count)d members.",
                    len(invited),
                )
                % {"count": len(invited)}
            ),
            to=request.get_full_path(),
            onward=reverse("events:answers", args=[event.pk]),
        )
    return render(
        request,
        "events/invite.html",
        {
            **event_frame(request.reader, event, "answers"),
            **cut_pages(request, invitable(request.reader, event, search=search)),
            "form": form,
            "groups": [
                group
                for group in groups_of(event)
                if group.organisation_id is None or group.organisation_id in request.reader.managed
            ],
        },
    )


def _who_fills_in(request: Request, found: Participation) -> str:
    """Return the reader's name where they come for their own organisation; else nobody's."""
    is_own = found.organisation_id in request.reader.organisations
    return request.reader.name if is_own else ""


def _find(request: Request, participation_id: int) -> Participation:
    found = get_participation(participation_id)
    if not can_act_for(request.reader, found):
        raise NotAllowed(_("Only the organisation itself or its own cluster can change this."))
    return found


@for_guests
@keeping(RegistrationForm)
def show_registration(request: Request, participation_id: int) -> HttpResponse:
    """Show and save the registration: contact, times and purpose."""
    edit = edit_record(
        request,
        load=lambda: _find(request, participation_id),
        make=lambda found, data: RegistrationForm(
            data,
            days=days_of(found.event),
            initial=RegistrationForm.initial_of(
                found, prefill_of(found), _who_fills_in(request, found)
            ),
        ),
        save=lambda form: register(
            actor=request.reader,
            participation_id=participation_id,
            registration=form.registration(),
            version=form.number,
            now=timezone.now(),
        ),
        authors=lambda found: authors_of(found, request.reader, whole=["register"]),
    )
    found = edit.record
    if edit.is_saved:
        edit.say(_("You’re registered."))
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


@for_guests
def withdraw(request: Request, participation_id: int) -> HttpResponse:
    """Leave the event, with a reason; first a page that asks for it."""
    found = _find(request, participation_id)
    form = ReasonForm(request.POST or None)
    saved = submit_form(
        request,
        form,
        partial(withdraw_participation, participation_id=found.pk),
        done=_("Registration withdrawn. You can register again while registration is open."),
        to=reverse("events:detail", args=[found.event_id]),
    )
    return saved or render(
        request,
        "events/withdraw.html",
        {**event_frame(request.reader, found.event, "withdraw"), "own": found, "form": form},
    )
