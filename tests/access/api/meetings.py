"""Who may use which route under /api/v1/meetings."""

from collections.abc import Callable
from datetime import UTC, datetime

from proxeny.meetings.models import Meeting
from tests.access import catch_ups
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd

M = "/api/v1/meetings"
ONE = f"{M}/{{meeting_id}}"
ALL = f"{M}/catch-ups/{{partnership_id}}"
CATCH_UP = f"{ALL}/{{catch_up_id}}"


def _meeting(crowd: Crowd) -> dict:
    return {"meeting_id": crowd.meeting.pk}


def _hidden(crowd: Crowd) -> dict:
    return {"meeting_id": crowd.hidden_meeting.pk}


def _held(crowd: Crowd) -> dict:
    began = datetime(2026, 3, 10, 8, tzinfo=UTC)
    Meeting.objects.filter(pk=crowd.meeting.pk).update(starts_at=began)
    return _meeting(crowd)


def _at(put: Callable[[Crowd], dict]) -> Callable[[Crowd], dict]:
    def arguments(crowd: Crowd) -> dict:
        found = put(crowd)
        return {"partnership_id": found["pk"], "catch_up_id": found["catch_up_id"]}

    return arguments


def _partnership(crowd: Crowd) -> dict:
    return {"partnership_id": crowd.world.partnership.pk}


#: Those who met; managers of the two clusters read the meeting, and do not speak for others.
MET = ("a_member", "b_member")

ROUTES: dict[str, ApiRoute] = {
    "list_meetings": ApiRoute("GET", M),
    "list_catch_ups": ApiRoute("GET", ALL, _partnership),
    "plan_catch_up": ApiRoute("POST", ALL, _partnership, data=catch_ups.facts),
    "show_catch_up": ApiRoute("GET", CATCH_UP, _at(catch_ups.coming)),
    "change_catch_up": ApiRoute(
        "PATCH", CATCH_UP, _at(catch_ups.coming), data=lambda _: {"title": "Spring"}
    ),
    "call_off_catch_up": ApiRoute(
        "POST", f"{CATCH_UP}/call-off", _at(catch_ups.coming), data=lambda _: {"reason": "Snow"}
    ),
    "answer_catch_up": ApiRoute(
        "POST", f"{CATCH_UP}/answer", _at(catch_ups.coming), data=lambda _: {"will_come": True}
    ),
    "write_catch_up_minutes": ApiRoute(
        "PUT", f"{CATCH_UP}/minutes", _at(catch_ups.over), data=catch_ups.minutes
    ),
    "close_catch_up": ApiRoute("POST", f"{CATCH_UP}/close", _at(catch_ups.over)),
    "miss_catch_up": ApiRoute("POST", f"{CATCH_UP}/miss", _at(catch_ups.over)),
    "reopen_catch_up": ApiRoute("POST", f"{CATCH_UP}/reopen", _at(catch_ups.closed)),
    "list_questions": ApiRoute("GET", f"{M}/questions"),
    "download_calendar": ApiRoute("GET", f"{M}/calendar.ics"),
    "show_meetings_outcome": ApiRoute("GET", f"{M}/outcome/{{partnership_id}}", _partnership),
    "show_outcome_funnel": ApiRoute("GET", f"{M}/outcomes/{{partnership_id}}", _partnership),
    "show_outcome_funnel source": ApiRoute(
        "GET", f"{M}/outcomes/{{partnership_id}}", _partnership, query=(("by", "source"),)
    ),
    "show_meeting": ApiRoute("GET", ONE, _meeting),
    "show_meeting hidden": ApiRoute("GET", ONE, _hidden),
    "rate_meeting": ApiRoute(
        "POST",
        f"{ONE}/rate",
        _held,
        data=lambda _: {"phase": "day", "value": "possible", "note": "We talk again."},
    ),
}
