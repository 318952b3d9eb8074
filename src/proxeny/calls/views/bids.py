"""Pages of possible participants of a call, and of members with fitting profiles."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from proxeny.calls.forms.bids import BidForm
from proxeny.calls.operations.bids import Bid, look_at_bid
from proxeny.calls.operations.fitting import find_fitting
from proxeny.calls.queries.fitting import find_organisations
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


@require_GET
@for_people
def show_bid(request: Request, pk: int) -> HttpResponse:
    """Look at the conditions of a call for the organisations that the address names."""
    form = BidForm(request.GET)
    is_valid, refusal = form.is_valid(), None
    try:
        bid = _look(request, pk, form)
    except InvalidInput as error:
        refusal = error.message
        bid = _look(request, pk, form, plain=True)
    rows = [{"one": one, "form": form.parts[one.organisation.pk]} for one in bid.people]
    words = form.words()
    found = find_organisations(words, but=form.chosen) if words.strip() else []
    context: dict[str, Any] = {
        "call": bid.call,
        "bid": bid,
        "rows": rows,
        "find": form.find,
        "words": words.strip(),
        "found": found,
        "refusal": refusal,
        "is_valid": is_valid,
    }
    return render(request, "calls/bid.html", context)


def _look(request: Request, pk: int, form: BidForm, *, plain: bool = False) -> Bid:
    """Look at the bid; `plain`: without what was refused, to show the rest of the page."""
    chosen = form.to_chosen()
    if plain:
        chosen = [type(one)(one.organisation_id) for one in chosen[:60]]
    return look_at_bid(
        actor=request.reader,
        call_id=pk,
        chosen=chosen,
        leads=None if plain else form.leads,
        today=timezone.localdate(),
    )


@require_GET
@for_people
def show_fit(request: Request, pk: int) -> HttpResponse:
    """List members whose words fit the call."""
    fitting = find_fitting(actor=request.reader, call_id=pk)
    context = {"call": fitting.call, "fitting": fitting}
    return render(request, "calls/fit.html", context)
