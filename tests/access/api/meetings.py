"""Who may use which route under /api/v1/meetings."""

from datetime import UTC, datetime

from proxeny.meetings.models import Meeting
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd

M = "/api/v1/meetings"
ONE = f"{M}/{{meeting_id}}"


def _meeting(crowd: Crowd) -> dict:
    return {"meeting_id": crowd.meeting.pk}


def _hidden(crowd: Crowd) -> dict:
    return {"meeting_id": crowd.hidden_meeting.pk}


def _held(crowd: Crowd) -> dict:
    began = datetime(2026, 3, 10, 8, tzinfo=UTC)
    Meeting.objects.filter(pk=crowd.meeting.pk).update(starts_at=began)
    return _meeting(crowd)


def _partnership(crowd: Crowd) -> dict:
    return {"partnership_id": crowd.world.partnership.pk}


#: Those who met; managers of the two clusters read the meeting, and do not speak for others.
MET = ("a_member", "b_member")

ROUTES: dict[str, ApiRoute] = {
    "list_meetings": ApiRoute("GET", M),
    "list_questions": ApiRoute("GET", f"{M}/questions"),
    "download_calendar": ApiRoute("GET", f"{M}/calendar.ics"),
    "show_meetings_outcome": ApiRoute(
        "GET", f"{M}/outcome/{{partnership_id}}", _partnership
    ),
    "show_meeting": ApiRoute("GET", ONE, _meeting),
    "show_meeting hidden": ApiRoute("GET", ONE, _hidden),
    "rate_meeting": ApiRoute(
        "POST", f"{ONE}/rate", _held,
        data=lambda _: {"phase": "day", "value": "possible", "note": "We talk again."},
    ),
}  # fmt: skip
