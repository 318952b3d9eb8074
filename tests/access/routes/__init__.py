"""How each route is tried, one file an area. Who may open it is said in the access matrix alone."""

from tests.access.routes._route import (
    EVERYBODY,
    MANAGERS,
    SEATED,
    SIGNED_IN,
    A,
    Route,
    name_of,
    readers_of,
)
from tests.access.routes.agenda import AGENDA
from tests.access.routes.directory import DIRECTORY
from tests.access.routes.events import EVENTS
from tests.access.routes.partnerships import PARTNERSHIPS
from tests.access.routes.people import PEOPLE
from tests.access.routes.public import PUBLIC
from tests.access.routes.room import ROOM
from tests.access.routes.webhooks import WEBHOOKS
from tests.access.routes.work import MEETINGS, WORK

CAPABILITIES: dict[str, dict[str, Route]] = {
    "work": WORK,
    "directory": DIRECTORY,
    "people": PEOPLE,
    "partnerships": PARTNERSHIPS,
    "room": ROOM,
    "events": EVENTS,
    "agenda": AGENDA,
    "meetings": MEETINGS,
    "webhooks": WEBHOOKS,
}

ROUTES: dict[str, Route] = {
    key: route for routes in CAPABILITIES.values() for key, route in routes.items()
}

__all__ = [
    "AGENDA",
    "CAPABILITIES",
    "DIRECTORY",
    "EVENTS",
    "EVERYBODY",
    "MANAGERS",
    "MEETINGS",
    "PARTNERSHIPS",
    "PEOPLE",
    "PUBLIC",
    "ROOM",
    "ROUTES",
    "SEATED",
    "SIGNED_IN",
    "WEBHOOKS",
    "WORK",
    "A",
    "Route",
    "name_of",
    "readers_of",
]
