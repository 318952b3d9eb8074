"""The statement of the reader's side on a bid, on the bid's first page."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from proxeny.bids.forms.submission import StanceForm
from proxeny.bids.operations.deciding import say_stance
from proxeny.bids.queries.stances import mark_of, sides_of
from proxeny.bids.views.bids import show_bid
from proxeny.bids.views.frame import BidFrame, enter_bid
from proxeny.kernel.actions import submit_form
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships import rules
from proxeny.partnerships.sides import say_saved


@require_POST
@for_people
def say(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Save whether the reader's side supports a bid, and its plans without the grant."""
    frame = enter_bid(request, pk, bid_id)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
    form: Any = StanceForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(say_stance, partnership_id=pk, bid_id=bid_id),
        values=form.to_values,
        done=lambda _made: say_saved(pk),
        to=f"{reverse('bids:bid', args=[pk, bid_id])}#decision",
        seen=lambda: _mark(request, enter_bid(request, pk, bid_id)),
    )
    if saved:
        return saved
    frame = enter_bid(request, pk, bid_id)
    return show_bid(request, frame, stance_form=form, status=422)


def _mark(request: Request, frame: BidFrame) -> int:
    party = rules.party_managed(request.reader, frame.room.parties)
    return mark_of(sides_of(frame.bid, frame.room.parties).of(party))
