"""Who may use which route of pages of alliances."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
