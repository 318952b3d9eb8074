"""Who may use which route of insight's foresight, under /api/v1/insight."""

from tests.access.api.route import ApiRoute
from tests.access.insight import topic_of_both, trend
from tests.access.places import at, by_program, room

_ROOM = "/api/v1/insight/partnerships/{partnership_id}"
_of_room = by_program(room)
_of_trend = by_program(at(trend_id=trend))

ROUTES: dict[str, ApiRoute] = {
    "list_trends": ApiRoute("GET", f"{_ROOM}/trends", _of_room),
    "show_trend": ApiRoute("GET", f"{_ROOM}/trends/{{trend_id}}", _of_trend),
    # Somebody of the side has said something before.
    "weigh_trend": ApiRoute(
        "PUT",
        f"{_ROOM}/trends/{{trend_id}}/relevance",
        _of_trend,
        lambda _: {"relevance": 4},
        statuses=(200, 409),
    ),
    "list_topics": ApiRoute("GET", f"{_ROOM}/topics", _of_room),
    # It is on the radar since the first of them put it there.
    "take_topic": ApiRoute(
        "POST",
        f"{_ROOM}/topics/take",
        _of_room,
        lambda crowd: {"key": topic_of_both(crowd)},
        statuses=(201, 409),
    ),
    "show_needs_table": ApiRoute("GET", f"{_ROOM}/needs", _of_room),
    "show_needs_cell": ApiRoute("GET", f"{_ROOM}/needs/{{trend_id}}", _of_trend),
}
