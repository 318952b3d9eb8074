"""Who may use which route of deciding, signing and submitting a bid."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
