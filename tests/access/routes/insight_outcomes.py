"""How each page of insight's outcomes is tried."""

from typing import Any

from tests.access.insight import refresh_of_a
from tests.access.places import room
from tests.access.routes._route import Route, by_matrix


def figures_of_a(crowd: Any) -> dict:
    """Return whose figures a form names: A's, in the room of A and B."""
    return {"organisation": crowd.world.a.cluster.pk, "partnership": crowd.world.partnership.pk}


ROUTES: dict[str, Route] = by_matrix(
    {
        "insight:outcomes": Route(room),
        "insight:figure": Route(lambda crowd: room(crowd) | {"figure": "held"}),
        "insight:refresh": Route(data=figures_of_a, posts_only=True),
        "insight:refresh-progress": Route(refresh_of_a),
    }
)
