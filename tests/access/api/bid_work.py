"""Who may use which route of work plan and budget of bids."""

from proxeny.bids.models import WorkPackage
from tests.access.api.bids import ONE
from tests.access.api.route import ApiRoute
from tests.access.bids import at, partner
from tests.access.places import by_program

_PACKAGE = by_program(at(package_id=lambda: WorkPackage.objects.earliest("pk")))
_PARTNER = by_program(at(partner_id=partner))

ROUTES: dict[str, ApiRoute] = {
    "show_bid_plan": ApiRoute("GET", f"{ONE}/plan", by_program(at())),
    # There are work packages already.
    "begin_bid_plan": ApiRoute("POST", f"{ONE}/plan/begin", by_program(at()), statuses=(409,)),
    "set_package_needs": ApiRoute(
        "PUT", f"{ONE}/plan/{{package_id}}/needs", _PACKAGE, lambda _: {"needs": []}
    ),
    "show_bid_budget": ApiRoute("GET", f"{ONE}/budget", by_program(at())),
    "show_partner_budget": ApiRoute("GET", f"{ONE}/budget/{{partner_id}}", _PARTNER),
    "write_partner_budget": ApiRoute(
        "PUT", f"{ONE}/budget/{{partner_id}}", _PARTNER, lambda _: {"rate": 7, "packages": []}
    ),
}
