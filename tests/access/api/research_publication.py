"""Who may use which route of what leaves a room and comes in by program."""

from datetime import timedelta

from django.utils import timezone

from tests.access.api.route import ApiRoute
from tests.access.places import by_program, room
from tests.access.research import at
from tests.access.routes import research_publication as pages

STUDY = "/api/v1/research/{partnership_id}/studies/{study_id}"
ASKED = "/api/v1/research/{partnership_id}/data-requests"
ONE = f"{ASKED}/{{request_id}}"
ARRIVALS = "/api/v1/research/{partnership_id}/arrivals"
ARRIVAL = f"{ARRIVALS}/{{arrival_id}}"
#: Something is missing before this one can be published.
MISSING = (422,)


def _day(crowd: object) -> dict:
    return {"until": (timezone.localdate() + timedelta(days=9)).isoformat()}


def _why(crowd: object) -> dict:
    return {"reason": "It does not fit."}


ROUTES = {
    "list_publications": ApiRoute("GET", f"{STUDY}/publications", by_program(at())),
    "preview_publication": ApiRoute("GET", f"{STUDY}/publication", by_program(at())),
    "ask_publication": ApiRoute(
        "POST",
        f"{STUDY}/publication",
        by_program(at()),
        lambda _: {"checksum": "0" * 64},
        statuses=MISSING,
    ),
    "withdraw_publication": ApiRoute(
        "POST", f"{STUDY}/publication/withdraw", by_program(at()), _why
    ),
    "take_study_crate": ApiRoute("GET", f"{STUDY}/crate", by_program(at())),
    "list_data_requests": ApiRoute("GET", ASKED, by_program(room)),
    "show_data_request": ApiRoute("GET", ONE, by_program(pages.asked())),
    "grant_data_request": ApiRoute("POST", f"{ONE}/grant", by_program(pages.asked()), _day),
    "refuse_data_request": ApiRoute("POST", f"{ONE}/refuse", by_program(pages.asked()), _why),
    "revoke_data_request": ApiRoute(
        "POST", f"{ONE}/revoke", by_program(pages.asked("granted")), _why
    ),
    "list_arrivals": ApiRoute("GET", ARRIVALS, by_program(room)),
    "bring_arrival": ApiRoute("POST", ARRIVALS, by_program(room), pages.archive, form=True),
    "show_arrival": ApiRoute("GET", ARRIVAL, by_program(pages.arrival)),
    "take_arrival": ApiRoute("POST", f"{ARRIVAL}/take", by_program(pages.arrival)),
    "leave_arrival": ApiRoute("POST", f"{ARRIVAL}/leave", by_program(pages.arrival)),
}
