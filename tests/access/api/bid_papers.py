"""Who may use which route of documents of bids."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
