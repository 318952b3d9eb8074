"""How each page of work plan and budget of bids is tried."""

from proxeny.bids.models import WorkPackage
from tests.access.bids import at, partner
from tests.access.routes._route import Route, by_matrix

PAGES: dict[str, Route] = by_matrix(
    {
        "bids:plan-begin": Route(at(), posts_only=True),
        "bids:plan-take-back": Route(at(), posts_only=True),
        "bids:plan-needs": Route(
            at(package_id=lambda: WorkPackage.objects.earliest("pk")),
            data=lambda _: {"version": 1},
        ),
        "bids:budget-partner": Route(
            at(partner_id=partner), data=lambda _: {"version": 1, "rate": "7"}
        ),
    }
)
