"""How each page of searches for partners is tried."""

from proxeny.bids.models import Search
from tests.access.bids import at
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix


def search() -> Search:
    """Return the search of the bid."""
    return Search.objects.earliest("pk")


def _asked(crowd: Crowd) -> dict:
    return {"least": 3, "most": 6, "differ_by": 1}


ONE = at(search_id=search)
PAGES: dict[str, Route] = by_matrix(
    {
        "bids:searches": Route(at(), data=_asked),
        "bids:search": Route(ONE),
        "bids:search-progress": Route(ONE),
        "bids:search-stop": Route(ONE, posts_only=True),
        "bids:search-again": Route(ONE, posts_only=True),
        "bids:search-take": Route(ONE, posts_only=True, data=lambda _: {"proposal": 1}),
        "bids:search-untake": Route(ONE, posts_only=True),
    }
)
