"""How each page is tried: meetings, and failed work."""

from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix


def _meeting(crowd: Crowd) -> dict:
    return {"meeting_id": crowd.meeting.pk}


def _failed(crowd: Crowd) -> dict:
    return {"job_id": crowd.failed.pk}


MEETINGS = by_matrix(
    {
        "meetings:ratings": Route(),
        "meetings:rate": Route(_meeting, data=lambda _: {"value": "possible"}, posts_only=True),
    }
)


WORK = by_matrix(
    {
        # Each sees the failed work of their own, which may be none.
        "failed": Route(),
        "failed-retry": Route(_failed, posts_only=True),
        "failed-dismiss": Route(_failed, posts_only=True),
    }
)
