"""Who may use which route of selections, results and appeals, under /api/v1/labels."""

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.labels import judged_round
from tests.access.places import at, by_program
from tests.access.routes import label_selection as pages

ROUND = "/api/v1/labels/partnerships/{partnership_id}/rounds/{round_id}"
RESULT, APPEAL = f"{ROUND}/results/{{result_id}}", f"{ROUND}/appeals/{{appeal_id}}"
OWN = "/api/v1/labels/applications/{application_id}/result"
#: What was decided already, or is not ready, is refused for good reason.
REFUSED = (200, 201, 409, 422)

_DISCUSSED = by_program(at(round_id=judged_round))
_DECIDED = by_program(at(round_id=pages.decided))
_RESULT = by_program(at(round_id=pages.decided, result_id=pages.result))
_APPEAL = by_program(at(round_id=pages.decided, appeal_id=pages.appeal))


def _decision(crowd: Crowd) -> dict:
    return {**pages.meeting(crowd), "fingerprint": "0" * 64}


def _letter(crowd: Crowd) -> dict:
    return {"mark": "0" * 16, "feedback": "Well done."}


ROUTES: dict[str, ApiRoute] = {
    "show_label_selection": ApiRoute("GET", f"{ROUND}/selection", _DISCUSSED),
    "decide_label_round": ApiRoute(
        "POST", f"{ROUND}/decision", _DISCUSSED, _decision, statuses=REFUSED
    ),
    "list_label_decisions": ApiRoute("GET", f"{ROUND}/decisions", _DECIDED),
    "list_label_results": ApiRoute("GET", f"{ROUND}/results", _DECIDED),
    "show_label_result": ApiRoute("GET", RESULT, _RESULT),
    "download_label_letter": ApiRoute("GET", f"{RESULT}/letter.pdf", _RESULT),
    "write_label_letter": ApiRoute("PUT", f"{RESULT}/letter", _RESULT, _letter, statuses=REFUSED),
    "send_label_letters": ApiRoute(
        "POST", f"{ROUND}/letters", _DECIDED, lambda _: {}, statuses=REFUSED
    ),
    "show_label_next_up": ApiRoute("GET", f"{ROUND}/next-up", _DECIDED),
    "move_up_in_label": ApiRoute(
        "POST",
        f"{ROUND}/next-up",
        _DECIDED,
        lambda crowd: {**pages.meeting(crowd), "number": 1},
        statuses=REFUSED,
    ),
    "list_label_appeals": ApiRoute("GET", f"{ROUND}/appeals", _DECIDED),
    "read_label_appeal": ApiRoute("POST", f"{APPEAL}/jurors", _APPEAL, statuses=REFUSED),
    "decide_label_appeal": ApiRoute(
        "POST",
        f"{APPEAL}/decision",
        _APPEAL,
        lambda crowd: {**pages.meeting(crowd), "answer": "No."},
        statuses=REFUSED,
    ),
    "show_own_label_result": ApiRoute("GET", OWN, pages.own),
    "download_own_label_letter": ApiRoute("GET", f"{OWN}/letter.pdf", pages.own),
    "ask_label_appeal": ApiRoute(
        "POST", f"{OWN}/appeals", pages.own, lambda _: {"text": "No."}, statuses=REFUSED
    ),
    "give_up_label_place": ApiRoute(
        "POST", f"{OWN}/give-up", pages.own, lambda _: {"why": "Sold."}, statuses=REFUSED
    ),
}
