"""Who may use which route of searches for partners."""

from tests.access.api.route import ApiRoute
from tests.access.bids import at
from tests.access.places import by_program
from tests.access.routes.bid_searches import search

ALL = "/api/v1/bids/{partnership_id}/{bid_id}/searches"
ONE = f"{ALL}/{{search_id}}"
_ALL, _ONE = by_program(at()), by_program(at(search_id=search))

ROUTES: dict[str, ApiRoute] = {
    "list_bid_searches": ApiRoute("GET", ALL, _ALL),
    "search_bid_partners": ApiRoute("POST", ALL, _ALL, data=lambda _: {"least": 3}),
    "show_bid_search": ApiRoute("GET", ONE, _ONE),
    "take_bid_proposal": ApiRoute(
        "POST", f"{ONE}/take", _ONE, data=lambda _: {"proposal": 1}, statuses=(200, 422)
    ),
    "untake_bid_proposal": ApiRoute("POST", f"{ONE}/untake", _ONE),
}
