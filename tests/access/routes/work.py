"""How each page is tried: meetings, failed work, and the search."""

from tests.access import catch_ups
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix, reason


def _meeting(crowd: Crowd) -> dict:
    return {"meeting_id": crowd.meeting.pk}


def _partnership(crowd: Crowd) -> dict:
    return {"pk": crowd.world.partnership.pk}


def _failed(crowd: Crowd) -> dict:
    return {"job_id": crowd.failed.pk}


MEETINGS = by_matrix(
    {
        "meetings:ratings": Route(),
        "meetings:rate": Route(_meeting, data=lambda _: {"value": "possible"}, posts_only=True),
        "meetings:outcomes": Route(_partnership),
        "meetings:outcomes source": Route(_partnership, query="?by=source"),
        "meetings:catch-ups": Route(_partnership),
        "meetings:catch-up-plan": Route(_partnership),
        "meetings:catch-up": Route(catch_ups.coming),
        "meetings:catch-up-edit": Route(catch_ups.coming),
        "meetings:catch-up-call-off": Route(catch_ups.coming, data=reason),
        # Who is asked to come answers, for themselves alone.
        "meetings:catch-up-answer": Route(
            catch_ups.coming, data=lambda _: {"answer": "yes"}, posts_only=True
        ),
        "meetings:catch-up-minutes": Route(catch_ups.over),
        "meetings:catch-up-close": Route(catch_ups.over, posts_only=True),
        "meetings:catch-up-miss": Route(catch_ups.over, posts_only=True),
        "meetings:catch-up-reopen": Route(catch_ups.closed, posts_only=True),
        "history:show catch-up": Route(
            lambda crowd: {"kind": "catch-up", "pk": catch_ups.coming(crowd)["catch_up_id"]}
        ),
    }
)


WORK = by_matrix(
    {
        # Each sees the failed work of their own, which may be none.
        "failed": Route(),
        "work": Route(),
        # Once it is over, it leads to what came of it.
        "work-one": Route(lambda crowd: {"job_id": crowd.job.pk}, statuses=(200, 302)),
        # Each is led to their own pages.
        "tour": Route(),
        "tour-begin": Route(posts_only=True),
        "tour-go": Route(lambda _: {"number": 2}, posts_only=True),
        "tour-leave": Route(posts_only=True),
        "first-steps-dismiss": Route(posts_only=True),
        "search": Route(query="?q=greek"),
        # Each has a number of their own.
        "waiting-count": Route(),
        "failed-retry": Route(_failed, posts_only=True),
        "failed-dismiss": Route(_failed, posts_only=True),
    }
)
