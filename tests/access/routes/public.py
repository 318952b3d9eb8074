"""How each page is tried: what answers everybody."""

from tests.access import bids, desk
from tests.access.crowd import FEED, LINK, Crowd
from tests.access.routes._route import Route, by_matrix


def _answering(crowd: Crowd) -> dict:
    desk.at()(crowd)
    return {"token": desk.LINK}


PUBLIC = by_matrix(
    {
        "home": Route(),
        "components": Route(),
        "health-live": Route(),
        # No worker runs in tests; without the token there are no figures.
        "health-ready": Route(statuses=(503,)),
        "metrics": Route(statuses=(404,)),
        "set_language": Route(statuses=(302,)),
        "privacy:notice": Route(),
        "directory:list": Route(),
        "directory:map": Route(),
        "directory:listings": Route(),
        "directory:terms": Route(lambda _: {"scheme": "nace"}),
        "directory:regions": Route(),
        "directory:detail public": Route(lambda crowd: {"pk": crowd.public.pk}),
        "invitation": Route(lambda _: {"token": "unknown"}, statuses=(404,)),
        # Who holds the link reads who invites whom to what, and nothing else.
        "invitation known": Route(lambda _: {"token": LINK}),
        # Once there is a cluster, nothing is left of the set-up.
        "set-up": Route(lambda _: {"token": "unknown"}, statuses=(404,)),
        "set-up-code": Route(statuses=(404,)),
        "meetings:feed": Route(lambda _: {"token": "unknown"}, statuses=(404,)),
        # Who tries too many is told to wait.
        "ambassadors:link": Route(lambda _: {"token": "unknown"}, statuses=(404, 429)),
        "ambassadors:link-calendar": Route(lambda _: {"token": "unknown"}, statuses=(404, 429)),
        "ambassadors:link-briefing": Route(lambda _: {"token": "unknown"}, statuses=(404, 429)),
        "events:guest": Route(lambda _: {"token": "unknown"}, statuses=(404, 429)),
        "events:guest-calendar": Route(lambda _: {"token": "unknown"}, statuses=(404, 429)),
        "events:guest-again": Route(),
        # Whoever holds a link answers for one of the two.
        "ambassadors:link known": Route(_answering),
        "ambassadors:link-calendar known": Route(_answering),
        "ambassadors:link-briefing known": Route(_answering),
        "bids:link": Route(lambda _: {"token": "unknown"}, statuses=(404, 429)),
        # Whoever holds a link answers for one partner of a bid.
        "bids:link known": Route(bids.link),
        # Whoever holds a calendar's address reads the meetings in it.
        "meetings:feed known": Route(lambda _: {"token": FEED}),
    }
)
