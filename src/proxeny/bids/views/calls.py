"""Bids on the page of a call: existing ones, and the rooms where one can be started."""

from functools import partial

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid
from proxeny.bids.queries.bids import bids_of_call, rooms_to_bid_in
from proxeny.bids.rules import TONES
from proxeny.calls.models import Call
from proxeny.calls.panels import Beginning
from proxeny.kernel.requests import Request


def show_bids_of_call(request: Request, call: Call) -> str:
    """Return the bids part of a call's page; empty for readers without a room."""
    reader = request.reader
    if not reader.rooms:
        return ""
    found = bids_of_call(call.pk)
    rooms = [] if call.put_away_at else rooms_to_bid_in(reader, call.steward_id)
    if not found and not rooms:
        return ""
    rows = [{"bid": one, "tone": TONES[Bid.State(one.state)]} for one in found]
    return render_to_string("bids/_of_call.html", {"call": call, "rows": rows, "rooms": rooms})


def begin_bids(request: Request, steward_id: int) -> list[Beginning]:
    """Return the rooms where a bid for a call of this cluster can be started, as ways to begin."""
    rooms = rooms_to_bid_in(request.reader, steward_id) if request.reader.rooms else []
    return [
        Beginning(
            f"bid-{room.pk}",
            _("Import and start a bid")
            if len(rooms) == 1
            else _("Import and start a bid: %(name)s") % {"name": room.title},
            partial(_address, room.pk),
        )
        for room in rooms
    ]


def _address(room_id: int, call: Call) -> str:
    return f"{reverse('partnerships:record-add', args=[room_id, 'bid'])}?call={call.pk}"
