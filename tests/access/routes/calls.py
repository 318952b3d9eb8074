"""How each page of calls and of files of calls is tried."""

from tests.access import calls
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix


def one(crowd: Crowd) -> dict:
    """Return A's call."""
    return {"pk": calls.main().pk}


def away(crowd: Crowd) -> dict:
    """Return A's call, put away."""
    return {"pk": calls.away().pk}


def brought(crowd: Crowd) -> dict:
    """Return A's file of calls."""
    return {"pk": calls.brought().pk}


CALLS = by_matrix(
    {
        "calls:list": Route(query="?state=all"),
        "calls:detail": Route(one),
        "history:show call": Route(lambda crowd: {"kind": "call", **one(crowd)}),
        "calls:add": Route(data=lambda _: {"reference": "BLUE-8", "title": "Nets"}),
        "calls:edit": Route(one, data=lambda _: {"reference": "BLUE-8", "title": "Nets"}),
        "calls:put-away": Route(one, posts_only=True),
        "calls:restore": Route(away, posts_only=True),
        "calls:import": Route(),
        "calls:import-detail": Route(brought),
        "calls:import-take": Route(brought, data=lambda _: {"version": 1}, posts_only=True),
        "calls:import-leave": Route(brought, data=lambda _: {"version": 1}, posts_only=True),
    }
)
