"""Who may use which route under /api/v1/directory."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
