"""Who may use which route of bids, under /api/v1/bids."""

from tests.access.api.route import ApiRoute
from tests.access.bids import at
from tests.access.places import by_program, room

ALL = "/api/v1/bids/{partnership_id}"
ONE = f"{ALL}/{{bid_id}}"

ROUTES = {
    "list_bids": ApiRoute("GET", ALL, by_program(room)),
    "show_bid": ApiRoute("GET", ONE, by_program(at())),
}
