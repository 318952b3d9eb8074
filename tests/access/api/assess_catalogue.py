"""Who may use which route of services, templates and lessons under /api/v1/assessments."""

from proxeny.assessments.models import Service
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.routes import assess_catalogue as pages

A = "/api/v1/assessments"
ROOM = f"{A}/{{partnership_id}}"
ONE = f"{ROOM}/services/{{service_id}}"
TEMPLATE = f"{ROOM}/templates/{{question}}"
LESSON = f"{ROOM}/lessons/{{lesson_id}}"
State = Service.State


def _of(found: pages.Arguments) -> pages.Arguments:
    """Return a page's arguments as the API calls them."""
    return lambda crowd: {
        "partnership_id" if name == "pk" else name: value for name, value in found(crowd).items()
    }


_ROOM, _QUESTION, _LESSON = _of(pages.room), _of(pages.question), _of(pages.lesson)


def _at(state: str = State.OFFERED) -> pages.Arguments:
    return _of(pages.at(state))


def _service(crowd: Crowd) -> dict:
    return {
        "question": "price",
        "price": "100.00",
        "texts": [{"language": "en", "name": "A check", "summary": "Short."}],
    }


ROUTES: dict[str, ApiRoute] = {
    "list_offered_services": ApiRoute("GET", f"{A}/own/services"),
    "show_offered_service": ApiRoute("GET", f"{A}/own/services/{{service_id}}", pages.offer),
    "list_services": ApiRoute("GET", f"{ROOM}/services", _ROOM),
    "add_service": ApiRoute("POST", f"{ROOM}/services", _ROOM, data=_service),
    "show_service": ApiRoute("GET", ONE, _at(State.DRAFT)),
    "change_service": ApiRoute(
        "PATCH", ONE, _at(), data=lambda _: {"capacity": 5, "sign_anew": True}
    ),
    # Each side names its own people.
    "name_service_deliverer": ApiRoute(
        "PUT",
        f"{ONE}/deliverer",
        _at(),
        data=lambda crowd: {"person_id": crowd.world.a.manager.pk},
        statuses=(200, 422),
    ),
    "put_service_terms": ApiRoute("POST", f"{ONE}/terms", _at(State.DRAFT)),
    "pause_service": ApiRoute("POST", f"{ONE}/pause", _at()),
    "resume_service": ApiRoute("POST", f"{ONE}/resume", _at(State.PAUSED)),
    "retire_service": ApiRoute("POST", f"{ONE}/retire", _at()),
    "reopen_service": ApiRoute("POST", f"{ONE}/reopen", _at(State.RETIRED)),
    "show_template": ApiRoute("GET", TEMPLATE, _QUESTION),
    "write_template": ApiRoute(
        "PUT",
        TEMPLATE,
        _QUESTION,
        data=lambda _: {"questions": ["Why?"], "steps": [], "chapters": ["Ports"]},
    ),
    "reset_template": ApiRoute("DELETE", TEMPLATE, _QUESTION),
    "list_lessons": ApiRoute("GET", f"{ROOM}/lessons", _ROOM),
    "write_lesson": ApiRoute(
        "POST",
        f"{ROOM}/lessons",
        _ROOM,
        data=lambda _: {"question": "demand", "text": "Ask at once."},
    ),
    "apply_lesson": ApiRoute("POST", f"{LESSON}/apply", _LESSON),
    "open_lesson": ApiRoute("POST", f"{LESSON}/open", _LESSON),
}
