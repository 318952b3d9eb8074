"""Who may use which route under /api/v1/partnerships."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
