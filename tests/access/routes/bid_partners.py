"""How each page of partners of bids, how they are asked and answer is tried."""

from tests.access.bids import at, noted, own, partner
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix


def _why(_crowd: Crowd) -> dict:
    return {"why": "It has no people any more."}


def _leave(crowd: Crowd) -> dict:
    return {"deed": "leave", **_why(crowd)}


_NOTED, _IN = at(partner_id=noted), at(partner_id=partner)

PAGES: dict[str, Route] = by_matrix(
    {
        "bids:partner": Route(_IN),
        "bids:partner-ask": Route(_NOTED, posts_only=True),
        "bids:partner-remind": Route(_NOTED, posts_only=True),
        "bids:partner-withdraw": Route(_NOTED, posts_only=True),
        "bids:partner-left": Route(_IN, data=_why, posts_only=True),
        "bids:partner-back": Route(_NOTED, posts_only=True),
        "bids:own-list": Route(),
        "bids:own": Route(own, data=_leave),
    }
)
