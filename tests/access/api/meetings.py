"""Who may use which route under /api/v1/meetings."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
