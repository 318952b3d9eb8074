"""How what happens in bids reads in a history."""

from typing import Any

from django.db.models import QuerySet

from proxeny.accounts.trail import keep_trail
from proxeny.bids.models import Paper, Partner, Search, WorkPackage
from proxeny.partnerships import history
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Action
from proxeny.partnerships.record_trails import trail_of

#: Deeds that are no adding, changing, putting away and bringing back. Each part adds its own.
DEEDS: dict[str, object] = {}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    keep_trail("bid", trail_of(KINDS["bid"], _of_bid))


def _of_bid(bid: Any) -> dict[str, QuerySet[Any]]:
    """Return what is told along with a bid: all that belongs to it."""
    own = {
        f"bids.{model.__name__}": model.objects.filter(bid=bid).values("pk")
        for model in (Partner, WorkPackage, Paper, Search)
    }
    steps = Action.objects.filter(
        partnership_id=bid.partnership_id, origin=Action.Origin.BID, origin_id=bid.pk
    )
    return {**own, "partnerships.Action": steps.values("pk")}
