"""How each page of insight's outcomes is tried."""

from tests.access.routes._route import Route

ROUTES: dict[str, Route] = {}
