"""Who may use which route of what becomes of awards, under /api/v1/labels."""

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.labels import award, scheme
from tests.access.places import at, by_program
from tests.access.routes import label_life as pages

OWN = "/api/v1/labels/own/awards"
_ONE = f"{OWN}/{{award_id}}"
ROOM = "/api/v1/labels/partnerships/{partnership_id}"
SCHEME = f"{ROOM}/schemes/{{scheme_id}}"
#: Two years of it are ahead: it cannot be renewed yet.
REFUSED = (201, 409)


def _answer(crowd: Crowd) -> dict:
    return {"still_holds": True, "achieved": "Two ports bought it.", "kind": "market"}


ROUTES: dict[str, ApiRoute] = {
    "list_own_awards": ApiRoute("GET", OWN),
    "show_own_award": ApiRoute("GET", _ONE, pages.own),
    "begin_label_renewal": ApiRoute(
        "POST", f"{_ONE}/renewal", pages.own, lambda _: {}, statuses=REFUSED
    ),
    "ask_label_name": ApiRoute(
        "POST", f"{_ONE}/name", pages.own, lambda _: {"name": "New name"}, statuses=(202, 409)
    ),
    "answer_label_checkup": ApiRoute(
        "PUT",
        "/api/v1/labels/own/checkups/{checkup_id}",
        lambda _: {"checkup_id": pages.asked().pk},
        _answer,
    ),
    "list_label_checkups": ApiRoute("GET", f"{SCHEME}/checkups", by_program(at(scheme_id=scheme))),
    "ask_label_checkup": ApiRoute(
        "POST",
        f"{SCHEME}/checkups",
        by_program(pages.asked_no_more),
        lambda _: {"award_id": award().pk},
    ),
    "ask_due_label_checkups": ApiRoute(
        "POST", f"{SCHEME}/checkups/due", by_program(pages.a_year_old)
    ),
    "show_label_checkup": ApiRoute(
        "GET", f"{ROOM}/checkups/{{checkup_id}}", by_program(at(checkup_id=pages.answered))
    ),
    "review_label_checkup": ApiRoute(
        "POST",
        f"{ROOM}/checkups/{{checkup_id}}/review",
        by_program(at(checkup_id=pages.answered)),
        lambda _: {"review": "Thanks."},
    ),
    "show_label_statistics": ApiRoute(
        "GET", f"{SCHEME}/statistics", by_program(at(scheme_id=scheme))
    ),
}
