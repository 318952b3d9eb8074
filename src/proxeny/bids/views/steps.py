"""The steps of a bid: planned back from the deadline, and moved along with it."""

from datetime import date
from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from proxeny.bids.operations import steps as operations
from proxeny.bids.views.frame import enter_bid
from proxeny.kernel.actions import perform
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, read_number


@require_POST
@for_people
def plan(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Plan the usual steps back from the deadline; the message offers to put them away."""
    enter_bid(request, pk, bid_id, to_write=True)
    return perform(
        request,
        partial(operations.plan_back, partnership_id=pk, bid_id=bid_id),
        done=lambda made: (
            ngettext("%(count)d step planned.", "%(count)d steps planned.", len(made))
            % {"count": len(made)}
        ),
        to=_page(pk, bid_id),
        undo=lambda made: (
            f"{reverse('bids:steps-take-back', args=[pk, bid_id])}"
            f"?{urlencode({'steps': ','.join(str(one.pk) for one in made)})}"
        ),
    )


@require_POST
@for_people
def take_back(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Put steps away that were just planned; the address says which."""
    enter_bid(request, pk, bid_id, to_write=True)
    steps = {read_number(one) for one in request.GET.get("steps", "")[:200].split(",")}
    return perform(
        request,
        partial(operations.take_back_steps, partnership_id=pk, bid_id=bid_id, steps=steps),
        done=lambda count: (
            ngettext("%(count)d step archived.", "%(count)d steps archived.", count)
            % {"count": count}
        ),
        to=_page(pk, bid_id),
    )


@require_POST
@for_people
def move(request: Request, pk: int, bid_id: int) -> HttpResponse:
    """Move the open steps along with the deadline, or back to the day that the address says."""
    before = enter_bid(request, pk, bid_id, to_write=True).bid.counted_from

    def tell(days: int) -> str:
        if not days:
            messages.info(request, _("No steps had to be moved."))
        if not (days and before):
            return ""
        text = ngettext(
            "Open steps moved by %(count)d day.", "Open steps moved by %(count)d days.", abs(days)
        )
        return text % {"count": abs(days)}

    to = _day(request.GET.get("to", ""))
    undo = reverse("bids:steps-move", args=[pk, bid_id])
    return perform(
        request,
        partial(operations.move_steps, partnership_id=pk, bid_id=bid_id, to=to),
        done=tell,
        to=_page(pk, bid_id),
        undo=f"{undo}?to={before.isoformat()}" if before else "",
    )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _page(pk: int, bid_id: int) -> str:
    return f"{reverse('bids:bid', args=[pk, bid_id])}#steps"
