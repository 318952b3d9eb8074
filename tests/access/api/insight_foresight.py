"""Who may use which route of insight's foresight, under /api/v1/insight."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
