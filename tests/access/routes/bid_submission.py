"""How each page of deciding, signing and submitting a bid is tried."""

from collections.abc import Callable

from django.db.models import F
from django.utils import timezone

from proxeny.bids.models import Bid
from proxeny.partnerships.models import Agreement, Signatory
from tests.access.bids import at
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix
from tests.factories.partnerships import AgreementFactory


def bid() -> Bid:
    """Return the bid as it stands."""
    return Bid.objects.earliest("pk")


def once(state: str) -> Callable[[Crowd], dict]:
    """Return what finds the bid in a state after it was sent; asked twice, nothing changes."""

    def found(crowd: Crowd) -> dict:
        Bid.objects.filter(pk=bid().pk).exclude(state=state).update(
            state=state, submitted_at=F("created_at")
        )
        return {"pk": bid().partnership_id, "bid_id": bid().pk}

    return found


def stance(crowd: Crowd) -> dict:
    """Return what a side says of the bid."""
    return {"says": "go", "goes_on": "part", "without_grant": "The measuring, with our own people."}


def text(crowd: Crowd) -> Agreement:
    """Return the text of the bid, which waits for A's cluster."""
    one = bid()
    found = Agreement.objects.filter(kind=Agreement.Kind.BID, subject=str(one.pk)).first()
    if found is None:
        found = AgreementFactory(
            partnership=one.partnership, kind=Agreement.Kind.BID, subject=str(one.pk)
        )
        Signatory.objects.create(agreement=found, organisation=crowd.world.a.cluster)
    return found


def waiting(crowd: Crowd) -> dict:
    """Return what finds the bid whose text waits."""
    text(crowd)
    return at()(crowd)


def sent(crowd: Crowd) -> dict:
    """Return when the bid was sent, and as what."""
    now = timezone.localtime()
    return {
        "submitted_on": f"{now:%Y-%m-%d}",
        "submitted_time": f"{now:%H:%M}",
        "number": "1012",
        "anyway": "on",
        "although": "It was.",
        "seen": bid().version,
    }


def answer(crowd: Crowd) -> dict:
    """Return what the funder answered."""
    return {"answer": "won", "decided_on": f"{timezone.localdate()}", "seen": bid().version}


def call(crowd: Crowd) -> dict:
    """Return for which call another bid begins."""
    return {"call": bid().call_id, "title": "Again"}


PAGES: dict[str, Route] = by_matrix(
    {
        "bids:stance": Route(at(), data=stance, posts_only=True),
        "bids:text-put": Route(at(), data=lambda _: {"seen": "0" * 64}, posts_only=True),
        "bids:text-remind": Route(at(), posts_only=True),
        "bids:text-sign": Route(
            waiting, data=lambda crowd: {"text_hash": text(crowd).text_hash}, posts_only=True
        ),
        "bids:text-close": Route(waiting, data=lambda _: {"reason": "No."}, posts_only=True),
        "bids:submit": Route(at(), data=sent, posts_only=True),
        "bids:take-back": Route(once("submitted"), data=lambda _: {"seen": "1"}, posts_only=True),
        "bids:result": Route(once("submitted"), data=answer, posts_only=True),
        "bids:copy": Route(once("lost"), data=call),
    }
)
