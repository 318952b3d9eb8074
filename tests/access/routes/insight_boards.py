"""How each page of boards is tried."""

from tests.access.places import room
from tests.access.routes._route import Route, by_matrix

ROUTES: dict[str, Route] = by_matrix(
    {
        "insight:board": Route(room),
        "insight:board-pdf": Route(room),
        "insight:board-export": Route(lambda crowd: room(crowd) | {"form": "csv"}),
        "insight:board-schema": Route(room),
        "insight:board-mail": Route(room, data=lambda _: {"wanted": "yes"}, posts_only=True),
    }
)
