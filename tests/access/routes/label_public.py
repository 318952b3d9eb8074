"""How each page of what everybody reads of labels is tried."""

from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix


def _slug(_crowd: Crowd) -> dict:
    return {"slug": "atlas"}


def _code(_crowd: Crowd) -> dict:
    return {"code": "awardofamember"}


PUBLIC: dict[str, Route] = by_matrix(
    {
        "labels:public-list": Route(),
        "labels:public-sitemap": Route(),
        "labels:public": Route(_slug),
        "labels:public-version": Route(lambda crowd: _slug(crowd) | {"number": 1}),
        "labels:issuer": Route(lambda crowd: {"pk": crowd.world.a.cluster.pk}),
        "labels:did": Route(_slug),
        # No other clusters have published it; its award and its list were not signed.
        "labels:did-since": Route(lambda crowd: _slug(crowd) | {"since": 2}, statuses=(404,)),
        "labels:status": Route(lambda crowd: _slug(crowd) | {"number": 1}, statuses=(404,)),
        "labels:credential": Route(lambda _: {"code": "awardofamember"}, statuses=(404,)),
        "labels:award": Route(_code),
        "labels:award-badge": Route(lambda crowd: _code(crowd) | {"form": "svg"}),
        "labels:award-code": Route(_code),
        # Asked for nothing, the page says so.
        "labels:verify": Route(statuses=(200, 422)),
        "labels:verify-answer": Route(query="?award=awardofamember", statuses=(200, 422)),
    }
)
