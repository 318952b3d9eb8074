"""Bids: the list of a room, and the first page of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from proxeny.bids.forms.bids import FindBidsForm
from proxeny.bids.models import Bid
from proxeny.bids.operations.budgets import work_out
from proxeny.bids.operations.verdicts import look_at
from proxeny.bids.queries import bids as queries
from proxeny.bids.queries.budgets import packages_of, spendings_of
from proxeny.bids.rules import TONES
from proxeny.bids.views.frame import deadline, enter_bid, show_tab
from proxeny.kernel.answers import address_with, for_people, page_links, page_of, sort_links
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.zones import load_zone
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.views.frame import enter_frame

SORTED = ("title", "state", "closes")


@require_GET
@for_people
def show_list(request: HttpRequest, pk: int) -> HttpResponse:
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
def show(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Show one bid: what is wanted, what the conditions say, how far it is."""
    frame = enter_bid(request, pk, bid_id)
    bid, partners = frame.bid, queries.partners_of(frame.bid)
    budget = work_out(bid, partners, packages_of(bid), spendings_of(bid))
    context = {
        "verdict": look_at(bid, partners, budget, today=timezone.localdate()),
        "partners": partners,
    }
    return show_tab(request, frame, "bid", "bid", context)
