"""How each page of alliances is tried: in the room, and for everybody."""

from tests.access.alliances import main
from tests.access.crowd import Crowd
from tests.access.places import room
from tests.access.routes._route import Route, by_matrix, reason


def _slug(crowd: Crowd) -> dict:
    return {"slug": "ports"}


def _words(crowd: Crowd) -> dict:
    return {"headline": "Clean ports", "language": "en", "version": 1}


PAGES: dict[str, Route] = by_matrix(
    {
        "alliances:page": Route(room),
        "alliances:edit": Route(room, data=_words),
        "alliances:publication": Route(room),
        "alliances:ask": Route(room, data=lambda _: {"seen": "0" * 64}, posts_only=True),
        "alliances:withdraw": Route(room, data=reason, posts_only=True),
        "history:show public-page": Route(lambda _: {"kind": "public-page", "pk": main().pk}),
    }
)

PUBLIC: dict[str, Route] = by_matrix(
    {
        "alliances:public-list": Route(),
        "alliances:public-sitemap": Route(),
        "alliances:public": Route(_slug),
        "alliances:public-version": Route(lambda crowd: _slug(crowd) | {"number": 1}),
    }
)
