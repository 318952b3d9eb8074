"""Bids in which an organisation was asked or takes part, for its own people."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.bids.models import Bid
from proxeny.bids.operations.answering import ask_back, refuse_own, sign_own
from proxeny.bids.operations.leaving import leave_own
from proxeny.bids.queries.own import OWN, find_own, read_own, rows_of
from proxeny.bids.queries.waiting import find_to_sign
from proxeny.bids.rules import TONES, is_open
from proxeny.bids.views.answers import Way, answer, show_sheet
from proxeny.bids.views.frame import deadline
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, page_links, page_of


@require_GET
@for_people
def show_list(request: Request) -> HttpResponse:
    """Show the bids to which the user's organisations were invited or in which they take part, the
    last invited first.
    """
    reader, now = request.reader, timezone.now()
    found, waiting = OWN.fit(find_own(reader), request), find_to_sign(reader)
    if request.GET.get("export") and (file := OWN.export(request, rows_of(found, waiting=waiting))):
        return file
    page = page_of(found, request)
    rows = rows_of(page, waiting=waiting)
    context = {
        "rows": [
            {
                "row": one,
                "is_open": is_open(one.partner.bid),
                "tone": TONES[Bid.State(one.partner.bid.state)],
                **deadline(one.partner.bid, zone=reader.time_zone, now=now),
            }
            for one in rows
        ],
        "count": page.paginator.count,
        **OWN.tools(request),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "bids/own_list.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def show(request: Request, partner_id: int) -> HttpResponse:
    """Show a bid as the user's organisation reads it, and take its answer."""
    way = _way(request, partner_id)
    return answer(way) if request.method == "POST" else show_sheet(way)


def _way(request: Request, partner_id: int) -> Way:
    mine: dict[str, Any] = {"actor": request.reader, "partner_id": partner_id}
    said = {
        "sign": _("You have signed."),
        "refuse": _("Your answer is saved, and the others have been notified."),
        "ask": _("Your question is on its way. You’ll get the answer by email."),
        "leave": _("You’re no longer taking part, and the others have been notified."),
    }

    def done(deed: str) -> HttpResponse:
        messages.success(request, said[deed])
        return redirect("bids:own", partner_id)

    return Way(
        request,
        read=lambda: read_own(request.reader, partner_id),
        deeds={
            "sign": partial(sign_own, **mine),
            "refuse": partial(refuse_own, **mine),
            "ask": partial(ask_back, **mine),
            "leave": partial(leave_own, **mine),
        },
        by_name=False,
        zone=lambda _sheet: request.reader.time_zone,
        done=done,
        show=lambda context, status: render(request, "bids/own.html", context, status=status),
    )
