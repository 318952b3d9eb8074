"""Who may use which route of applications for a label, under /api/v1/labels."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
