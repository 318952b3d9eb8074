"""Who may use which route of keys, awards and revocations, under /api/v1/labels."""

from tests.access.api.route import ApiRoute

ROUTES: dict[str, ApiRoute] = {}
