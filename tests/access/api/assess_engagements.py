"""Who may use which route of requests, briefs, plans and workload under /api/v1/assessments."""

from proxeny.assessments.models import Engagement, Service
from tests.access import assessments as tried
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.places import room

A = "/api/v1/assessments"
ALL = f"{A}/{{partnership_id}}/engagements"
ONE = f"{ALL}/{{engagement_id}}"
STEP = f"{ONE}/steps/{{step_id}}"
OWN = f"{A}/own/engagements"
OWN_ONE = f"{OWN}/{{engagement_id}}"
State = Engagement.State


def _of(found: tried.Arguments) -> tried.Arguments:
    """Return a page's arguments as the API calls them."""
    return lambda crowd: {
        "partnership_id" if name == "pk" else name: value for name, value in found(crowd).items()
    }


_ROOM, _HERE, _BRIEF = _of(room), _of(tried.at()), _of(tried.at(State.BRIEF))
_ASKED = _of(tried.at(State.ASKED))
_STEP = _of(tried.at(step_id=tried.step_id))


def _signing(crowd: Crowd) -> dict:
    return {"agreement_id": tried.brief().pk, "text_hash": tried.brief().text_hash}


def _refusal(crowd: Crowd) -> dict:
    return {"agreement_id": tried.brief().pk, "why": "Too dear."}


def _request(crowd: Crowd) -> dict:
    asked = {"title": "And Belgium?", "market": "BE"}
    service = Service.objects.earliest("pk")
    return {**asked, "service_id": service.pk, "client_id": crowd.world.a.members[0].pk}


def _offered(crowd: Crowd) -> dict:
    # Before anything is compared: the service is on offer.
    return {**_ROOM(crowd), **tried.offer(crowd)}


def _named(crowd: Crowd) -> dict:
    return {"person_id": crowd.world.a.manager.pk}


def _step(crowd: Crowd) -> dict:
    return {"title": "Ask two more", "due_on": tried.day()}


ROUTES: dict[str, ApiRoute] = {
    "list_engagements": ApiRoute("GET", ALL, _ROOM, query=(("state", "all"),)),
    "note_engagement": ApiRoute("POST", ALL, _offered, _request),
    "show_engagement": ApiRoute("GET", ONE, _HERE),
    # B's people cannot name anybody of A.
    "name_adviser": ApiRoute("PUT", f"{ONE}/advisers", _ASKED, _named, statuses=(200, 422)),
    "release_adviser": ApiRoute(
        "DELETE",
        f"{ONE}/advisers/{{person_id}}",
        _of(tried.at(person_id=tried.adviser_id)),
    ),
    "declare_interest": ApiRoute("POST", f"{ONE}/declare", _HERE, lambda _: {"conflicts": False}),
    "decline_engagement": ApiRoute("POST", f"{ONE}/decline", _ASKED, tried.reason),
    "close_engagement": ApiRoute("POST", f"{ONE}/close", _HERE, lambda _: {"text": "Ask first."}),
    "reopen_engagement": ApiRoute("POST", f"{ONE}/reopen", _of(tried.at(State.DECLINED))),
    "write_brief": ApiRoute("PATCH", f"{ONE}/brief", _BRIEF, lambda _: {"goal": "Another"}),
    "ask_brief": ApiRoute("POST", f"{ONE}/brief/ask", _BRIEF),
    "sign_brief": ApiRoute("POST", f"{ONE}/brief/sign", _BRIEF, _signing),
    "refuse_brief": ApiRoute("POST", f"{ONE}/brief/refuse", _BRIEF, _refusal),
    "list_steps": ApiRoute("GET", f"{ONE}/steps", _HERE),
    "add_step": ApiRoute("POST", f"{ONE}/steps", _HERE, _step),
    "show_step": ApiRoute("GET", STEP, _STEP),
    "change_step": ApiRoute("PATCH", STEP, _STEP, lambda _: {"title": "Ask three more"}),
    "finish_step": ApiRoute("POST", f"{STEP}/done", _STEP),
    "reopen_step": ApiRoute("POST", f"{STEP}/undone", _STEP),
    "drop_step": ApiRoute("DELETE", STEP, _STEP),
    "show_workload": ApiRoute("GET", f"{A}/{{partnership_id}}/workload", _ROOM),
    "show_questions": ApiRoute("GET", f"{A}/own/services/{{service_id}}/questions", tried.offer),
    "list_own_engagements": ApiRoute("GET", OWN, query=(("which", "all"),)),
    "ask_assessment": ApiRoute("POST", OWN, _offered, _request),
    "show_own_engagement": ApiRoute("GET", OWN_ONE, tried.own()),
    "change_own_request": ApiRoute(
        "PATCH", OWN_ONE, tried.own(State.ASKED), lambda _: {"title": "And Belgium?"}
    ),
    "withdraw_own_request": ApiRoute(
        "POST", f"{OWN_ONE}/withdraw", tried.own(State.ASKED), tried.reason
    ),
    "reopen_own_request": ApiRoute("POST", f"{OWN_ONE}/again", tried.own(State.WITHDRAWN)),
    "sign_own_brief": ApiRoute("POST", f"{OWN_ONE}/brief/sign", tried.own(State.BRIEF), _signing),
    "refuse_own_brief": ApiRoute(
        "POST", f"{OWN_ONE}/brief/refuse", tried.own(State.BRIEF), _refusal
    ),
}
