"""Bids: the list of a room, and the first page of each."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from proxeny.bids.forms.bids import FindBidsForm
from proxeny.bids.forms.submission import StanceForm
from proxeny.bids.models import Bid
from proxeny.bids.operations.checklist import check, missing
from proxeny.bids.operations.deciding import UNDECIDED, is_over
from proxeny.bids.operations.standing import read_standing
from proxeny.bids.queries import bids as queries
from proxeny.bids.queries.steps import read_steps
from proxeny.bids.rules import TONES, can_copy, is_open
from proxeny.bids.views.frame import BidFrame, deadline, enter_bid, show_tab
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people, page_links, page_of, sort_links
from proxeny.kernel.zones import load_zone
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.rules import party_managed
from proxeny.partnerships.views.frame import enter_frame

SORTED = ("title", "state", "closes")


@require_GET
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show the bids of a room, to search, sort and export."""
    frame, now = enter_frame(request, pk), timezone.now()
    zone = request.reader.time_zone
    form = FindBidsForm(request.GET)
    asked = form.asked()
    found = queries.find_bids(pk, **asked)
    if request.GET.get("export"):
        header, rows = queries.table_of(found, zone=load_zone(zone))
        return answer_table("bids", form=request.GET["export"], header=header, rows=rows)
    page = page_of(found, request)
    context = {
        **frame.context("bids"),
        "form": form,
        "rows": [
            {"bid": one, "tone": TONES[Bid.State(one.state)], **deadline(one, zone=zone, now=now)}
            for one in page
        ],
        "count": page.paginator.count,
        "is_narrowed": form.is_narrowed,
        "put_away": list_put_away(("bid",), pk),
        "sorts": sort_links(request, SORTED, now=asked.get("sort", "")),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "bids/list.html", context)


@require_GET
@for_people
def show(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Show one bid: its idea, the sides' statements, and the next step."""
    return show_bid(request, enter_bid(request, pk, bid_id))


def show_bid(
    request: Request,
    frame: BidFrame,
    *,
    stance_form: StanceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the first page; an answer that could not be kept is shown again in its place."""
    bid, today, now = frame.bid, timezone.localdate(), timezone.now()
    standing = read_standing(bid, frame.room.parties, today=today)
    items = check(standing, zone=request.reader.time_zone, now=now) if is_open(bid) else ()
    may_say = frame.may_steer and bid.state in UNDECIDED
    mine = standing.sides.of(party_managed(request.reader, frame.room.parties))
    context = {
        "verdict": standing.verdict,
        "partners": standing.partners,
        "steps": read_steps(bid, today=today),
        "sides": standing.sides,
        "stance": mine,
        "stance_form": stance_form or (StanceForm(stance=mine) if may_say else None),
        "is_over": is_over(bid, now),
        "items": items,
        "missing": missing(items),
        "may_copy": frame.room.may_keep and can_copy(bid),
    }
    return show_tab(request, frame, "bid", "bid", context, status=status)
