"""How each page of what is done with a call is tried: who could take part, who fits, watching."""

from tests.access import calls
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix


def one(crowd: Crowd) -> dict:
    """Return A's call."""
    return {"pk": calls.main().pk}


CALL_BIDS = by_matrix(
    {
        "calls:bid": Route(one, query="?find=a&with=1"),
        "calls:fit": Route(one),
        "calls:watch": Route(one, data=lambda _: {"days_before": ["14"]}, posts_only=True),
        "calls:unwatch": Route(one, posts_only=True),
        "calls:watched": Route(),
    }
)
