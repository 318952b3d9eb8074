"""Who may use which route of what everybody reads of labels, under /api/v1/labels."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
