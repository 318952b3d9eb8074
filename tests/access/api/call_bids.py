"""Who may use which route of what is done with a call by program."""

from tests.access import calls
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd

ONE = "/api/v1/calls/{call_id}"


def _one(crowd: Crowd) -> dict:
    return {"call_id": calls.main().pk}


ROUTES = {
    "show_verdict": ApiRoute("GET", f"{ONE}/verdict", _one, query=(("beneficiary", "1"),)),
    "list_fitting": ApiRoute("GET", f"{ONE}/fit", _one),
    "watch_call": ApiRoute("PUT", f"{ONE}/watch", _one, lambda _: {"days_before": [14]}),
    "unwatch_call": ApiRoute("DELETE", f"{ONE}/watch", _one),
    "list_watched_calls": ApiRoute("GET", "/api/v1/calls/own/watched"),
}
