"""Who may use which route of partners of bids, how they are asked and answer."""

from tests.access.api.route import ApiRoute
from tests.access.bids import at, letter, noted, own, partner
from tests.access.crowd import Crowd
from tests.access.places import by_program

ALL = "/api/v1/bids/{partnership_id}/{bid_id}/partners"
ONE = f"{ALL}/{{partner_id}}"
OWN = "/api/v1/bids/own/partners"
MINE = f"{OWN}/{{partner_id}}"
_IN, _NOTED = by_program(at(partner_id=partner)), by_program(at(partner_id=noted))


def _why(_crowd: Crowd) -> dict:
    return {"why": "It has no people any more."}


def _signed(_crowd: Crowd) -> dict:
    return {"text_id": letter().pk, "text_hash": "0" * 64}


def _refused(crowd: Crowd) -> dict:
    return {"text_id": letter().pk, **_why(crowd)}


ROUTES: dict[str, ApiRoute] = {
    "list_bid_partners": ApiRoute("GET", ALL, by_program(at())),
    "ask_bid_partner": ApiRoute("POST", f"{ONE}/ask", _NOTED),
    # It was not asked, and has not left.
    "remind_bid_partner": ApiRoute("POST", f"{ONE}/remind", _NOTED, statuses=(409,)),
    "withdraw_bid_invitation": ApiRoute("POST", f"{ONE}/withdraw", _NOTED, statuses=(409,)),
    "bring_bid_partner_back": ApiRoute("POST", f"{ONE}/back", _NOTED, statuses=(409,)),
    "note_bid_partner_left": ApiRoute("POST", f"{ONE}/left", _IN, data=_why),
    "list_own_bids": ApiRoute("GET", OWN),
    "show_own_bid": ApiRoute("GET", MINE, own),
    # It has answered already.
    "sign_own_bid": ApiRoute("POST", f"{MINE}/sign", own, data=_signed, statuses=(409,)),
    "refuse_own_bid": ApiRoute("POST", f"{MINE}/refuse", own, data=_refused, statuses=(409,)),
    "ask_about_own_bid": ApiRoute(
        "POST", f"{MINE}/ask", own, data=lambda _: {"word": "Who pays?"}, statuses=(409,)
    ),
    "leave_own_bid": ApiRoute("POST", f"{MINE}/leave", own, data=_why),
}
