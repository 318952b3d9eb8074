"""Who may use which route of deciding, signing and submitting a bid."""

from django.utils import timezone

from tests.access.api.route import ApiRoute
from tests.access.bids import at
from tests.access.crowd import Crowd
from tests.access.places import by_program
from tests.access.routes import bid_submission as pages

ONE = "/api/v1/bids/{partnership_id}/{bid_id}"
TEXT, SENT = f"{ONE}/text", f"{ONE}/submission"
#: Something is missing in this bid, or nothing waits.
REFUSED = (200, 201, 409, 422)


def _sent(crowd: Crowd) -> dict:
    return {"submitted_at": timezone.now().isoformat(), "number": "1012", "although": "It was."}


def _answer(crowd: Crowd) -> dict:
    return {"answer": "won", "decided_on": timezone.localdate().isoformat()}


def _copy(crowd: Crowd) -> dict:
    found = pages.call(crowd)
    return {"call_id": found["call"], "title": found["title"]}


ROUTES: dict[str, ApiRoute] = {
    "list_bid_stances": ApiRoute("GET", f"{ONE}/stances", by_program(at())),
    "say_bid_stance": ApiRoute("PUT", f"{ONE}/stance", by_program(at()), pages.stance),
    "show_bid_checklist": ApiRoute("GET", f"{ONE}/checklist", by_program(at())),
    "show_bid_text": ApiRoute("GET", TEXT, by_program(at())),
    "put_bid_text": ApiRoute(
        "POST", TEXT, by_program(at()), lambda _: {"fingerprint": "0" * 64}, statuses=REFUSED
    ),
    "remind_bid_signers": ApiRoute("POST", f"{TEXT}/remind", by_program(at()), statuses=REFUSED),
    "submit_bid": ApiRoute("POST", SENT, by_program(at()), _sent),
    "take_back_bid": ApiRoute(
        "POST", f"{SENT}/take-back", by_program(pages.once("submitted")), statuses=REFUSED
    ),
    "note_bid_result": ApiRoute(
        "PUT", f"{ONE}/result", by_program(pages.once("submitted")), _answer, statuses=REFUSED
    ),
    "copy_bid": ApiRoute("POST", f"{ONE}/copy", by_program(pages.once("lost")), _copy),
}
