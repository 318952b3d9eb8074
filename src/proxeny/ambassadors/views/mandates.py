"""Members' mandates to the ambassador, as the desk sees and answers them."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.ambassadors import rules
from proxeny.ambassadors.forms.mandates import AnswerForm, FindMandatesForm
from proxeny.ambassadors.models import Mandate
from proxeny.ambassadors.operations.mandates import answer_mandate
from proxeny.ambassadors.queries.cases import MANDATES, find_mandates, get_mandate
from proxeny.ambassadors.queries.own_mandates import introduced_under
from proxeny.ambassadors.views.frame import DeskFrame, enter_desk_frame, show_page
from proxeny.kernel.actions import submit_form
from proxeny.kernel.errors import NotFound
from proxeny.kernel.form_fields import put_data
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


@require_GET
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show what members ask, what waits first."""
    frame = enter_desk_frame(request, pk)
    form = FindMandatesForm(request.GET)
    found = find_mandates(pk, frame.cluster_id, **form.asked())
    if (file := MANDATES.export(request, found)) is not None:
        return file
    shown = MANDATES.show(request, found, narrowed=form.is_narrowed)
    context = {"form": form, "mandates": shown}
    return show_page(request, frame, "mandates", "mandates", context)


def _get(frame: DeskFrame, mandate_id: int) -> Mandate:
    mandate = get_mandate(mandate_id)
    if (mandate.partnership_id, mandate.cluster_id) != (frame.pk, frame.cluster_id):
        raise NotFound(_("We couldn’t find this mandate."))
    return mandate


@require_GET
@for_people
def show(request: Request, pk: int, mandate_id: int) -> HttpResponse:
    """Show what a member asks, and what was done for it."""
    frame = enter_desk_frame(request, pk)
    return _show(request, frame, _get(frame, mandate_id))


def _show(
    request: Request,
    frame: DeskFrame,
    mandate: Mandate,
    *,
    form: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    may_answer = frame.may_work and rules.can_answer_mandate(request.reader, mandate)
    context: dict[str, Any] = {
        "mandate": mandate,
        "holds": rules.holds(mandate, today),
        "is_over": mandate.until < today,
        "cases": introduced_under(mandate),
        "form": (form or AnswerForm(initial={"seen": mandate.version})) if may_answer else None,
        "introduce_url": _introduce_url(frame, mandate) if frame.may_work else "",
    }
    return show_page(request, frame, "mandates", "mandate", context, status=status)


def _introduce_url(frame: DeskFrame, mandate: Mandate) -> str:
    query = urlencode({"member": mandate.member_id, "mandate": mandate.pk})
    return f"{reverse('ambassadors:new', args=[frame.pk])}?{query}"


@require_POST
@for_people
def answer(request: Request, pk: int, mandate_id: int) -> HttpResponse:
    """Accept a mandate, decline it, or ask back."""
    frame = enter_desk_frame(request, pk, to_write=True)
    form = AnswerForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(answer_mandate, mandate_id=_get(frame, mandate_id).pk),
        done=_("The member will be notified by email."),
        to=reverse("ambassadors:mandate", args=[pk, mandate_id]),
    )
    if saved:
        return saved
    mandate = _get(frame, mandate_id)
    return _show(request, frame, mandate, form=_read_anew(form, mandate), status=422)


def _read_anew(form: AnswerForm, mandate: Mandate) -> AnswerForm:
    """Let a refused answer be sent again, for the mandate's current version on the page."""
    put_data(form, "seen", str(mandate.version))
    return form
