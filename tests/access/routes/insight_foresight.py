"""How each page of insight's foresight is tried."""

from tests.access.routes._route import Route

ROUTES: dict[str, Route] = {}
