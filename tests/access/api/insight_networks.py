"""Who may use which route of a cluster's network, under /api/v1/insight."""

from typing import Any

from tests.access.api.route import ApiRoute

_NETWORK = "/api/v1/insight/networks/{organisation_id}"
#: The crowd's network is not worked out yet: whoever may read it is told so.
_ANSWERS = (200, 404)


def network(crowd: Any) -> dict:
    """Return whose network it is: A's."""
    return {"organisation_id": crowd.world.a.cluster.pk}


def target(crowd: Any) -> dict:
    """Return A's network, and somebody to be introduced to."""
    return network(crowd) | {"target_id": crowd.world.b.cluster.pk}


ROUTES: dict[str, ApiRoute] = {
    "show_network": ApiRoute("GET", _NETWORK, network, statuses=_ANSWERS),
    "list_network_actors": ApiRoute("GET", f"{_NETWORK}/actors", network, statuses=_ANSWERS),
    "try_network_changes": ApiRoute("GET", f"{_NETWORK}/what-if", network, statuses=_ANSWERS),
    "propose_network_links": ApiRoute("GET", f"{_NETWORK}/proposals", network, statuses=_ANSWERS),
    "list_introducers": ApiRoute(
        "GET", f"{_NETWORK}/introducers/{{target_id}}", target, statuses=_ANSWERS
    ),
}
