"""What the page of a call shows of bids: those that there are, and where one can begin another."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from proxeny.bids.models import Bid
from proxeny.bids.queries.bids import bids_of_call, rooms_to_bid_in
from proxeny.bids.rules import TONES
from proxeny.calls.models import Call


def show_bids_of_call(request: HttpRequest, call: Call) -> str:
    """Return the part of a call's page that tells of bids; empty for who takes part in no room."""
    reader = request.reader
    if not reader.rooms:
        return ""
    found = bids_of_call(call.pk)
    rooms = [] if call.put_away_at else rooms_to_bid_in(reader, call)
    if not found and not rooms:
        return ""
    rows = [{"bid": one, "tone": TONES[Bid.State(one.state)]} for one in found]
    return render_to_string("bids/_of_call.html", {"call": call, "rows": rows, "rooms": rooms})
