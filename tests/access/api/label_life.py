"""Who may use which route of what becomes of awards, under /api/v1/labels."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
