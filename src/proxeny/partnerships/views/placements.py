"""Stays and visits: current and upcoming ones, agreements, and outcomes."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.actions import return_to
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships import rules
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.operations import placements as deeds
from proxeny.partnerships.placement_chart import draw_year
from proxeny.partnerships.placement_forms import CloseForm
from proxeny.partnerships.placement_queries import Stay, read_stays
from proxeny.partnerships.room_queries import get_record, list_put_away
from proxeny.partnerships.views.frame import (
    Frame,
    enter_frame,
    show_page,
    telling_refusal,
    to_number,
)
from proxeny.partnerships.views.records import page_url

_KIND = KINDS["placement"]


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show current and upcoming stays, and the outcomes of past ones."""
    return _show(request, enter_frame(request, pk))


def _show(
    request: Request,
    frame: Frame,
    *,
    closing: CloseForm | None = None,
    closed: int = 0,
    status: int = 200,
) -> HttpResponse:
    pk, today = frame.partnership.pk, timezone.localdate()
    stays = read_stays(pk, today=today)

    def told(one: Stay) -> dict[str, Any]:
        form = closing if one.record.pk == closed else None
        return _tell(request, frame, one, form)

    context = {
        "parts": [
            (_("There now"), [told(one) for one in stays.now]),
            (_("Coming up"), [told(one) for one in stays.coming]),
            (_("Past ones"), [told(one) for one in stays.over]),
        ],
        "is_empty": not stays.all,
        "strip": draw_year(stays.all, today=today, is_mirrored=get_language_bidi()),
        "joined": [one for one in frame.parties if one.state == "joined"],
        "add_url": _add_url(frame),
        "put_away": list_put_away([_KIND.name], pk),
    }
    return show_page(request, frame, _KIND.page, context, status=status)


def _add_url(frame: Frame) -> str:
    """Return where a stay is added, with the two sides already chosen where there are but two."""
    url = reverse("partnerships:record-add", args=[frame.partnership.pk, _KIND.name])
    others = [one for one in frame.parties if one.state == "joined" and one != frame.mine]
    if frame.mine is None or len(others) != 1:
        return url
    return f"{url}?{urlencode({'sender': frame.mine.pk, 'host': others[0].pk})}"


def _tell(request: Request, frame: Frame, stay: Stay, closing: CloseForm | None) -> dict[str, Any]:
    record, reader, parties = stay.record, request.reader, frame.parties
    is_open = frame.may_keep and record.closed_on is None
    may_close = is_open and stay.has_begun and rules.can_close_placement(reader, record, parties)
    may_agree = rules.can_agree_placement(reader, record, parties)
    return {
        "stay": stay,
        "record": record,
        "may_agree": is_open and record.agreed_at is None and may_agree,
        "may_change": is_open and rules.can_write_placement(reader, record, parties),
        "may_repeat": frame.may_keep and rules.can_write_placement(reader, record, parties),
        "may_reopen": frame.may_keep
        and record.closed_on is not None
        and rules.can_reopen_placement(reader, record, parties),
        "close_form": (closing or CloseForm(record=record)) if may_close else None,
    }


@require_POST
@for_people
def agree(request: Request, pk: int, placement_id: int) -> HttpResponse:
    """Say yes for the side that is asked."""
    enter_frame(request, pk)
    with telling_refusal(request):
        deeds.agree_placement(
            actor=request.reader,
            partnership_id=pk,
            placement_id=placement_id,
            version=to_number(request.POST.get("seen", "")),
            now=timezone.localtime(),
        )
        messages.success(request, _("Both sides now agree to it."))
    return return_to(request, page_url(_KIND, pk, placement_id))


@require_POST
@for_people
def close(request: Request, pk: int, placement_id: int) -> HttpResponse:
    """Close a stay with its report; words that could not be kept are shown again."""
    frame = enter_frame(request, pk)
    record = get_record(_KIND, pk, placement_id)
    if not rules.can_close_placement(request.reader, record, frame.parties):
        raise NotAllowed(_("Only the sending side can write the closing report."))
    form = CloseForm(request.POST, record=record)
    if form.is_valid():
        try:
            made = deeds.close_placement(
                actor=request.reader,
                partnership_id=pk,
                placement_id=placement_id,
                now=timezone.localtime(),
                **form.to_values(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            undo = reverse("partnerships:placement-reopen", args=[pk, placement_id])
            may_undo = rules.can_reopen_placement(request.reader, made, frame.parties)
            messages.success(
                request,
                _("Closed. Both sides can read the report."),
                extra_tags=f"undo:{undo}?version={made.version}" if may_undo else "",
            )
            return redirect(page_url(_KIND, pk, placement_id))
    return _show(request, frame, closing=form, closed=placement_id, status=422)


@require_POST
@for_people
def reopen(request: Request, pk: int, placement_id: int) -> HttpResponse:
    """Open a closed stay again; the address says which version was read."""
    enter_frame(request, pk)
    with telling_refusal(request):
        deeds.reopen_placement(
            actor=request.reader,
            partnership_id=pk,
            placement_id=placement_id,
            version=to_number(request.GET.get("version", "")),
            now=timezone.localtime(),
        )
        messages.success(request, _("Reopened. The report is kept."))
    return return_to(request, page_url(_KIND, pk, placement_id))
