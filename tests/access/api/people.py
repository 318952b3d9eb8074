"""Who may use which route under /api/v1/people."""

from tests.access.api.route import ApiRoute
from tests.access.routes import SEATED

ROUTES: dict[str, ApiRoute] = {
    "show_me": ApiRoute("GET", "/api/v1/people/me", SEATED),
}
