"""The steps of a bid: planned back from the deadline, and moved along with it."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from proxeny.bids.operations import steps as operations
from proxeny.bids.views.frame import enter_bid
from proxeny.kernel.answers import for_people, read_number
from proxeny.partnerships.views.frame import return_to, telling_refusal


@require_POST
@for_people
def plan(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Plan the usual steps back from the deadline; the message offers to put them away."""
    enter_bid(request, pk, bid_id, to_write=True)
    with telling_refusal(request):
        made = operations.plan_back(
            actor=request.reader, partnership_id=pk, bid_id=bid_id, now=timezone.localtime()
        )
        text = ngettext("%(count)d step is planned.", "%(count)d steps are planned.", len(made))
        undo = reverse("bids:steps-take-back", args=[pk, bid_id])
        query = urlencode({"steps": ",".join(str(one.pk) for one in made)})
        messages.success(request, text % {"count": len(made)}, extra_tags=f"undo:{undo}?{query}")
    return _back(request, pk, bid_id)


@require_POST
@for_people
def take_back(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Put steps away that were just planned; the address says which."""
    enter_bid(request, pk, bid_id, to_write=True)
    steps = {read_number(one) for one in request.GET.get("steps", "")[:200].split(",")}
    with telling_refusal(request):
        count = operations.take_back_steps(
            actor=request.reader, partnership_id=pk, bid_id=bid_id, steps=steps,
            now=timezone.localtime(),
        )  # fmt: skip
        text = ngettext("%(count)d step is put away.", "%(count)d steps are put away.", count)
        messages.success(request, text % {"count": count})
    return _back(request, pk, bid_id)


@require_POST
@for_people
def move(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    """Move the open steps along with the deadline, or back to the day that the address says."""
    before = enter_bid(request, pk, bid_id, to_write=True).bid.counted_from
    with telling_refusal(request):
        days = operations.move_steps(
            actor=request.reader, partnership_id=pk, bid_id=bid_id, now=timezone.localtime(),
            to=_day(request.GET.get("to", "")),
        )  # fmt: skip
        if days and before:
            text = ngettext("The open steps moved by %(count)d day.",
                            "The open steps moved by %(count)d days.", abs(days))  # fmt: skip
            undo = f"{reverse('bids:steps-move', args=[pk, bid_id])}?to={before.isoformat()}"
            messages.success(request, text % {"count": abs(days)}, extra_tags=f"undo:{undo}")
        elif not days:
            messages.info(request, _("No step had to move."))
    return _back(request, pk, bid_id)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _back(request: HttpRequest, pk: int, bid_id: int) -> HttpResponse:
    return return_to(request, f"{reverse('bids:bid', args=[pk, bid_id])}#steps")
