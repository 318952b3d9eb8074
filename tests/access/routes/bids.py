"""How each page of bids is tried."""

from collections.abc import Callable

from django.db.models import Model

from proxeny.bids.models import Bid, Paper, Partner, WorkPackage
from proxeny.calls.models import Call
from tests.access.bids import at, main
from tests.access.crowd import Crowd
from tests.access.places import room
from tests.access.routes._route import Route, by_matrix


def _kind(name: str) -> Callable[[Crowd], dict]:
    return lambda crowd: room(crowd) | {"kind": name}


def _record(name: str, model: type[Model]) -> Callable[[Crowd], dict]:
    def found(crowd: Crowd) -> dict:
        main()
        return room(crowd) | {"kind": name, "record_id": model.objects.earliest("pk").pk}

    return found


def _history(crowd: Crowd) -> dict:
    return {"kind": "bid", "pk": main().pk}


def bid(crowd: Crowd) -> dict:
    """Return what is written of a bid, and in which version."""
    return {
        "title": "Harbours",
        "months": 24,
        "overhead": 25,
        "version": 1,
        "call": Call.objects.earliest("pk").pk,
    }


BIDS = by_matrix(
    {
        "bids:list": Route(room),
        "bids:bid": Route(at()),
        "bids:consortium": Route(at()),
        "bids:plan": Route(at()),
        "bids:budget": Route(at()),
        "bids:papers": Route(at()),
        "bids:submission": Route(at()),
        "history:show bid": Route(_history),
        "partnerships:record-export bid": Route(_kind("bid")),
        "partnerships:record-export bid-partner": Route(_kind("bid-partner")),
        "partnerships:record-export work-package": Route(_kind("work-package")),
        "partnerships:record-export bid-paper": Route(_kind("bid-paper")),
        "partnerships:record-add bid": Route(_kind("bid"), data=bid),
        "partnerships:record bid": Route(_record("bid", Bid), data=bid),
        "partnerships:record bid-partner": Route(
            _record("bid-partner", Partner),
            data=lambda _: {"role": "beneficiary", "language": "en", "version": 1},
        ),
        "partnerships:record work-package": Route(
            _record("work-package", WorkPackage),
            data=lambda _: {
                "number": 7,
                "title": "Other",
                "first_month": 1,
                "last_month": 2,
                "version": 1,
            },
        ),
        "partnerships:record bid-paper": Route(
            _record("bid-paper", Paper),
            data=lambda _: {"title": "Other", "kind": "annex", "version": 1},
        ),
    }
)
