"""Who may use which route of partners of bids, how they are asked and answer."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
