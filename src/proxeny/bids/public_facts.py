"""Facts of bids for the page of a partnership: bids that were won, and their participants."""

from collections.abc import Collection, Iterator

from django.urls import reverse

from proxeny.bids.models import Bid, Partner
from proxeny.calls.queries.calls import LONG
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.public_results import PublicResult, Supporter

State = Bid.State


def find_results(partnership: Partnership) -> Iterator[PublicResult]:
    """Yield the bids that were won. One query."""
    won = Bid.objects.filter(partnership=partnership, dropped_at=None, state=State.WON)
    found = won.select_related("call").defer(*(f"call__{name}" for name in LONG))
    for one in found.order_by("-decided_on", "-pk"):
        yield PublicResult(
            key=f"bid:{one.pk}",
            title=one.title,
            note=" · ".join(part for part in (one.acronym, one.call.title) if part),
            on=one.decided_on,
            room_url=reverse("bids:bid", args=[partnership.pk, one.pk]),
            amount=one.granted,
            currency=one.call.currency,
        )


def find_supporters(partnership: Partnership, home: Collection[str]) -> Iterator[Supporter]:
    """Yield the partners that agreed to a bid, unless it was lost or not taken up. One query."""
    found = Partner.objects.filter(
        partnership=partnership, dropped_at=None, state=Partner.State.IN, bid__dropped_at=None
    ).exclude(country__in=home)
    rows = found.exclude(bid__state__in=(State.LOST, State.NOT_TAKEN)).select_related("bid")
    for one in rows.order_by("-bid_id", "pk"):
        url = reverse("bids:bid", args=[partnership.pk, one.bid_id])
        yield Supporter(one.organisation_id, one.name, one.country, str(one.bid), url)
