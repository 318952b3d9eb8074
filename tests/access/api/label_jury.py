"""Who may use which route of rounds and juries, under /api/v1/labels."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
