"""Bringing two together: who, and why; somebody abroad whom the directory does not have."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from proxeny.ambassadors.forms.desk import CaseForm, StakeholderForm
from proxeny.ambassadors.operations.introductions import Origin, note_introduction
from proxeny.ambassadors.operations.stakeholders import note_stakeholder
from proxeny.ambassadors.queries.cases import contacts_of
from proxeny.ambassadors.queries.pairing import (
    Idea,
    find_stakeholders,
    list_ideas,
    members_to_introduce,
    tell_origin,
)
from proxeny.ambassadors.views.frame import DeskFrame, enter_desk_frame, show_page
from proxeny.directory.models import Organisation
from proxeny.directory.queries.organisations import get_organisation
from proxeny.kernel.answers import for_people, read_number, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput


@require_http_methods(["GET", "POST"])
@for_people
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a member, then whom it should meet, then say why."""
    frame = enter_desk_frame(request, pk, to_write=True)
    member_id, other_id = (read_number(request.GET.get(key)) for key in ("member", "stakeholder"))
    if not member_id or not other_id:
        return _choose(request, frame, member_id)
    member, other = get_organisation(member_id), get_organisation(other_id)
    return _write(request, frame, member, other)


def _choose(request: HttpRequest, frame: DeskFrame, member_id: int) -> HttpResponse:
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


def _reason(request: HttpRequest) -> str:
    """Return why they should meet, where the page that led here says so."""
    return " ".join(request.GET.get("reason", "").split())[:500]


def _write(
    request: HttpRequest, frame: DeskFrame, member: Organisation, other: Organisation
) -> HttpResponse:
    today = timezone.localdate()
    mandate_id = read_number(request.GET.get("mandate"))
    origin, reason = tell_origin(
        request.reader, frame.room.partnership, member, other, mandate_id=mandate_id
    )
    people = {"member": contacts_of(member.pk, today=today),
              "stakeholder": contacts_of(other.pk, today=today)}  # fmt: skip
    form = CaseForm(
        request.POST or None, team=frame.team(), people=people,
        initial=_initial(request, people, _reason(request) or reason, other),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            case = note_introduction(
                actor=request.reader, partnership_id=frame.pk, member_id=member.pk,
                stakeholder_id=other.pk, facts=form.facts(), now=timezone.now(),
                origin=Origin(**origin),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Noted. Nobody has been asked yet."))
            return redirect("ambassadors:case", frame.pk, case.pk)
    context = {"form": form, "member": member, "stakeholder": other, "is_new": True}
    return show_page(request, frame, "board", "case_form", context,
                     status=422 if form.errors else 200)  # fmt: skip


def _initial(
    request: HttpRequest, people: dict[str, Any], reason: str, other: Organisation
) -> dict[str, Any]:
    first = people["member"][0].person_id if people["member"] else ""
    second = people["stakeholder"][0].person_id if people["stakeholder"] else ""
    return {
        "reason": reason, "member_person": str(first or ""), "stakeholder_person": str(second or ""),
        "in_charge": request.reader.person, "stakeholder_language": other.language,
        "member_language": request.reader.language,
        "stakeholder_time_zone": request.reader.time_zone, "member_time_zone": request.reader.time_zone,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_people
def add_stakeholder(request: HttpRequest, pk: int) -> HttpResponse:
    """Note an organisation abroad, for this desk alone."""
    frame = enter_desk_frame(request, pk, to_write=True)
    form = StakeholderForm(request.POST or None, initial={"name": request.GET.get("name", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = note_stakeholder(
                actor=request.reader, partnership_id=pk, today=timezone.localdate(),
                **form.cleaned_data,
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Noted, for your cluster's eyes alone."))
            kept = {
                key: request.GET[key]
                for key in ("member", "mandate", "reason")
                if key in request.GET
            }
            query = urlencode({**kept, "stakeholder": made.pk})
            return redirect(f"{reverse('ambassadors:new', args=[pk])}?{query}")
    return show_page(request, frame, "board", "stakeholder", {"form": form},
                     status=422 if form.errors else 200)  # fmt: skip
