"""Who may use which route of searches for partners."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
