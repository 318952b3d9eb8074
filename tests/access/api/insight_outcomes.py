"""Who may use which route of insight's outcomes, under /api/v1/insight."""

from typing import Any

from tests.access.api.route import ApiRoute
from tests.access.places import by_program, room

_ROOM = "/api/v1/insight/partnerships/{partnership_id}/outcomes"
_STANDING = "/api/v1/insight/clusters/{organisation_id}/standing/{kind}"


def _of_a(crowd: Any) -> dict:
    return {
        "organisation_id": crowd.world.a.cluster.pk,
        "partnership_id": crowd.world.partnership.pk,
    }


ROUTES: dict[str, ApiRoute] = {
    "show_outcomes": ApiRoute("GET", _ROOM, by_program(room)),
    "show_outcome_figure": ApiRoute(
        "GET", f"{_ROOM}/{{figure}}", lambda crowd: by_program(room)(crowd) | {"figure": "held"}
    ),
    "show_figures_standing": ApiRoute(
        "GET",
        _STANDING,
        lambda crowd: {"organisation_id": crowd.world.a.cluster.pk, "kind": "network"},
    ),
    "ask_figures_anew": ApiRoute("POST", "/api/v1/insight/refresh", data=_of_a),
}
