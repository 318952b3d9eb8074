"""Handing over a desk: the sheet of one person's cases, as a page and on paper, and the step itself."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.ambassadors.forms.desk import ReassignForm
from proxeny.ambassadors.operations.handover import hand_over_desk
from proxeny.ambassadors.queries.handover import Holder, list_holders, read_sheet
from proxeny.ambassadors.views.frame import DeskFrame, enter_desk_frame, show_page
from proxeny.kernel.actions import submit_form
from proxeny.kernel.downloads import file_name
from proxeny.kernel.errors import Conflict, NotFound
from proxeny.kernel.pdf import answer_pdf, write_pdf
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import address_with, for_people, read_number

NOBODY = "nobody"


def _choose(request: Request, holders: list[Holder]) -> Holder | None:
    """Return whose cases the address asks for; if nobody's, those that need it most."""
    asked = request.GET.get("from", "")
    if asked:
        found = next((one for one in holders if one.key == asked), None)
        if found is None:
            raise NotFound(_("No one at this desk is in charge of anything under this number."))
        return found
    urgent = [one for one in holders if not one.is_here]
    mine = [one for one in holders if one.person_id == request.reader.person]
    return next(iter([*urgent, *mine, *holders]), None)


@require_http_methods(["GET", "POST"])
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show what goes over with somebody's cases, and hand all of it over."""
    posts = request.method == "POST"
    frame = enter_desk_frame(request, pk, to_write=posts)
    if posts:
        return _hand_over(request, frame)
    return _show(request, frame, ReassignForm(team=frame.team()) if frame.may_work else None)


def _show(
    request: Request, frame: DeskFrame, form: ReassignForm | None, *, status: int = 200
) -> HttpResponse:
    holders = list_holders(frame.pk, frame.cluster_id, today=timezone.localdate())
    holder = _choose(request, holders)
    if form is not None and holder is not None:
        field: Any = form.fields["person"]
        field.choices = [one for one in field.choices if one[0] != holder.person_id]
    context = {
        "holders": [
            {
                "url": address_with(request, **{"from": one.key}),
                "holder": one,
                "active": one == holder,
            }
            for one in holders
        ],
        "left": [one for one in holders if one.has_left],
        "sheet": _sheet(frame, holder) if holder else None,
        "form": form,
    }
    return show_page(request, frame, "hand-over", "handover", context, status=status)


def _sheet(frame: DeskFrame, holder: Holder) -> Any:
    return read_sheet(frame.pk, frame.cluster_id, holder, now=timezone.localtime())


def _hand_over(request: Request, frame: DeskFrame) -> HttpResponse:
    form = ReassignForm(request.POST, team=frame.team())
    asked = request.GET.get("from", "")
    number = read_number(asked)
    if not number and asked != NOBODY:
        raise NotFound(_("Choose whose introductions you’re handing over."))
    saved = submit_form(
        request,
        form,
        partial(hand_over_desk, partnership_id=frame.pk, from_id=number or None),
        values=lambda: {"person_id": form.cleaned_data["person"], "why": form.cleaned_data["why"]},
        done=lambda count: (
            ngettext(
                "%(count)d introduction handed over.",
                "%(count)d introductions handed over.",
                count,
            )
            % {"count": count}
        ),
        to=reverse("ambassadors:hand-over", args=[frame.pk]),
    )
    return saved or _show(request, frame, form, status=422)


@require_GET
@for_people
def take(request: Request, pk: int) -> HttpResponse:
    """Give the sheet as PDF, in the reader's language."""
    frame = enter_desk_frame(request, pk)
    holder = _choose(request, list_holders(pk, frame.cluster_id, today=timezone.localdate()))
    if holder is None:
        raise NotFound(_("There’s nothing to hand over."))
    context = {
        "sheet": _sheet(frame, holder),
        "partnership": frame.room.partnership,
        "cluster": frame.mine.organisation.name,
        "today": timezone.localdate(),
    }
    title = f"{frame.room.partnership.title} – {_('Handover')}"
    try:
        content = write_pdf("ambassadors/handover_pdf.html", context, title=title)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('ambassadors:hand-over', args=[pk])}?from={holder.key}")
    return answer_pdf(file_name("hand-over", holder.name), content)
