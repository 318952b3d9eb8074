"""Who may use which route under /api/v1/work."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
