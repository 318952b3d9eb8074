"""Who may use which route of the API, by the product's rules.

A key is a route's operation id, with a word after it where the same route is tried on another
object. One file an area: `tests/access/api/<area>.py`. A token needs a seat, so that `nobody` and
`stranger` of the crowd have none: they are the calls without a token.
"""

from tests.access.api import (
    directory,
    events,
    meetings,
    partnerships,
    people,
    webhooks,
    work,
)
from tests.access.api.route import ApiRoute

AREAS: dict[str, dict[str, ApiRoute]] = {
    "people": people.ROUTES,
    "directory": directory.ROUTES,
    "work": work.ROUTES,
    "partnerships": partnerships.ROUTES,
    "meetings": meetings.ROUTES,
    "events": events.ROUTES,
    "webhooks": webhooks.ROUTES,
}

API_ROUTES: dict[str, ApiRoute] = {
    key: route for routes in AREAS.values() for key, route in routes.items()
}
