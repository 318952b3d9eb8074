"""What one's own side says of a bid: on its first page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from proxeny.bids.forms.submission import StanceForm
from proxeny.bids.operations.deciding import say_stance
from proxeny.bids.queries.stances import mark_of, sides_of
from proxeny.bids.views.bids import show_bid
from proxeny.bids.views.frame import BidFrame, enter_bid
from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.partnerships import rules


@require_POST
@for_people
def say(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Say whether one's own side goes for a bid, and what it would do without the grant."""
    frame = enter_bid(request, pk, bid_id)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters may change this."))
    form: Any = StanceForm(request.POST)
    if form.is_valid():
        try:
            say_stance(
                actor=request.reader, partnership_id=pk, bid_id=bid_id, now=timezone.localtime(),
                **form.to_values(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
            frame = enter_bid(request, pk, bid_id)
            # Now that this is told, what was refused can be sent again.
            form.data = form.data.copy()
            form.data["seen"] = str(_mark(request, frame))
        else:
            messages.success(request, _("It is noted. The other side sees it too."))
            return redirect(f"{reverse('bids:bid', args=[pk, bid_id])}#decision")
    return show_bid(request, frame, stance_form=form, status=422)


def _mark(request: HttpRequest, frame: BidFrame) -> int:
    party = rules.party_managed(request.reader, frame.room.parties)
    return mark_of(sides_of(frame.bid, frame.room.parties).of(party))
