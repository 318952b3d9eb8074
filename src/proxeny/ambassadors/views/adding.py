"""New introductions: the two organisations and the reason; new stakeholders abroad."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proxeny.ambassadors.forms.desk import CaseForm, StakeholderForm
from proxeny.ambassadors.models import Side
from proxeny.ambassadors.operations.introductions import Origin, note_introduction
from proxeny.ambassadors.operations.stakeholders import note_stakeholder
from proxeny.ambassadors.queries.cases import Contact, contacts_of
from proxeny.ambassadors.queries.pairing import (
    Idea,
    find_stakeholders,
    list_ideas,
    members_to_introduce,
    tell_origin,
)
from proxeny.ambassadors.views.frame import DeskFrame, enter_desk_frame, show_page
from proxeny.directory.models import Organisation
from proxeny.directory.operations import open_organisation
from proxeny.kernel.actions import submit_form
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, read_number, show_refusal
from proxeny.kernel.zones import zone_of_country


@require_http_methods(["GET", "POST"])
@for_people
def add(request: Request, pk: int) -> HttpResponse:
    """Choose a member, then a stakeholder, then enter the reason."""
    frame = enter_desk_frame(request, pk, to_write=True)
    member_id, other_id = (read_number(request.GET.get(key)) for key in ("member", "stakeholder"))
    if not member_id or not other_id:
        return _choose(request, frame, member_id)
    now = timezone.now()
    member, other = (
        open_organisation(actor=request.reader, organisation_id=one, now=now)
        for one in (member_id, other_id)
    )
    return _write(request, frame, member, other)


def _choose(request: Request, frame: DeskFrame, member_id: int) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:100]
    ideas: list[Idea] = []
    if member_id and not search:
        ideas = list_ideas(request.reader, frame.room.partnership, member_id)
    context = {
        "members": members_to_introduce(frame.cluster_id, today=timezone.localdate()),
        "member_id": member_id,
        "search": search,
        "found": find_stakeholders(search, member_id) if search else [],
        "ideas": ideas,
        "mandate": request.GET.get("mandate", ""),
        "reason": _reason(request),
    }
    return show_page(request, frame, "board", "choose", context)


def _reason(request: Request) -> str:
    """Return why they should meet, if the page that led here gives a reason."""
    return " ".join(request.GET.get("reason", "").split())[:500]


def _write(
    request: Request, frame: DeskFrame, member: Organisation, other: Organisation
) -> HttpResponse:
    today = timezone.localdate()
    mandate_id = read_number(request.GET.get("mandate"))
    origin, reason = tell_origin(
        request.reader, frame.room.partnership, member, other, mandate_id=mandate_id
    )
    people = {
        "member": contacts_of(member.pk, today=today),
        "stakeholder": contacts_of(other.pk, today=today),
    }
    form = CaseForm(
        request.POST or None,
        team=frame.team(),
        people=people,
        initial=_initial(request, people, _reason(request) or reason, member, other),
    )
    saved = submit_form(
        request,
        form,
        partial(
            note_introduction,
            partnership_id=frame.pk,
            member_id=member.pk,
            stakeholder_id=other.pk,
            origin=Origin(**origin),
        ),
        values=lambda: {"facts": form.facts()},
        done=_("Introduction saved. No one has been asked yet."),
        to=lambda case: reverse("ambassadors:case", args=[frame.pk, case.pk]),
    )
    if saved:
        return saved
    context = {"form": form, "member": member, "stakeholder": other, "is_new": True}
    return show_page(
        request, frame, "board", "case_form", context, status=422 if form.errors else 200
    )


def _initial(
    request: Request,
    people: dict[str, list[Contact]],
    reason: str,
    member: Organisation,
    other: Organisation,
) -> dict[str, Any]:
    return {
        "reason": reason,
        "in_charge": request.reader.person,
        **_contact_of(Side.Role.MEMBER, member, people, language=request.reader.language),
        **_contact_of(Side.Role.STAKEHOLDER, other, people, language=other.language),
    }


def _contact_of(
    role: str, organisation: Organisation, people: dict[str, list[Contact]], *, language: str
) -> dict[str, str]:
    """Return the contact of a side: its first person, else the contact visible to the reader."""
    known = people[role]
    return {
        f"{role}_person": str(known[0].person_id) if known else "",
        f"{role}_name": "" if known else organisation.fact("contact") or "",
        f"{role}_email": "" if known else organisation.fact("email") or "",
        f"{role}_language": language,
        f"{role}_time_zone": zone_of_country(organisation.country),
    }


@require_http_methods(["GET", "POST"])
@for_people
def add_stakeholder(request: Request, pk: int) -> HttpResponse:
    """Note an organisation abroad, for this desk alone."""
    frame = enter_desk_frame(request, pk, to_write=True)
    form = StakeholderForm(request.POST or None, initial={"name": request.GET.get("name", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = note_stakeholder(
                actor=request.reader,
                partnership_id=pk,
                today=timezone.localdate(),
                **form.cleaned_data,
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved. Visible to your cluster only."))
            kept = {
                key: request.GET[key]
                for key in ("member", "mandate", "reason")
                if key in request.GET
            }
            query = urlencode({**kept, "stakeholder": made.pk})
            return redirect(f"{reverse('ambassadors:new', args=[pk])}?{query}")
    return show_page(
        request, frame, "board", "stakeholder", {"form": form}, status=422 if form.errors else 200
    )
