"""Who may use which route of work plan and budget of bids."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
