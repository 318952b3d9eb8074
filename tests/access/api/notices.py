"""Who may use which route under /api/v1/notices."""

from proxeny.notices.models import Notice
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd

N = "/api/v1/notices"


def _told(crowd: Crowd) -> dict:
    return {"notice_id": Notice.objects.get().pk}


ROUTES: dict[str, ApiRoute] = {
    "list_what_waits": ApiRoute("GET", "/api/v1/waiting"),
    "list_notices": ApiRoute("GET", N),
    "read_notices": ApiRoute("POST", f"{N}/read", data=lambda _: {"until_id": 1}),
    "read_notice": ApiRoute("POST", f"{N}/{{notice_id}}/read", _told),
    "unread_notice": ApiRoute("POST", f"{N}/{{notice_id}}/unread", _told),
    "list_notice_topics": ApiRoute("GET", f"{N}/topics"),
    "choose_notice_topics": ApiRoute(
        "PUT", f"{N}/topics", data=lambda _: {"topics": [{"topic": "events", "way": "daily"}]}
    ),
    "show_notice_hours": ApiRoute("GET", f"{N}/hours"),
    "choose_notice_hours": ApiRoute("PATCH", f"{N}/hours", data=lambda _: {"digest_hour": 8}),
}
