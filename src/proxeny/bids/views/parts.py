"""What belongs to a bid, as lists: its partners, work packages and documents."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from proxeny.bids.queries.budgets import packages_of
from proxeny.bids.views.frame import enter_bid, show_tab
from proxeny.kernel.answers import for_people
from proxeny.partnerships.kinds import KINDS


def _show(request: HttpRequest, pk: int, bid_id: int, tab: str, kind: str) -> HttpResponse:
    frame = enter_bid(request, pk, bid_id)
    bid = frame.bid
    rows = {
        "work-package": lambda: packages_of(bid),
        "bid-paper": lambda: list(bid.papers.filter(dropped_at=None)),
    }[kind]()
    return show_tab(request, frame, tab, "part", {"rows": rows, "kind": KINDS[kind]})


@require_GET
@for_people
def show_plan(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Show the work packages."""
    return _show(request, pk, bid_id, "plan", "work-package")


@require_GET
@for_people
def show_papers(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Show the documents."""
    return _show(request, pk, bid_id, "papers", "bid-paper")
