"""How each page of reports, remarks, handovers and what came of them is tried."""

from proxeny.assessments.models import Engagement, Remark
from tests.access import assessments as tried
from tests.access.crowd import Crowd
from tests.access.places import room
from tests.access.routes._route import Route, by_matrix

State = Engagement.State
_OUT, _OWN = tried.at(State.REPORTED), tried.own(State.REPORTED)


def _remark_id() -> int:
    return Remark.objects.earliest("pk").pk


def _said(crowd: Crowd) -> dict:
    return {"number": 1, "passage": "summary", "text": "Which studios?"}


def _summary(crowd: Crowd) -> dict:
    return {"summary": "Yes.", "version": 1}


def _meeting(crowd: Crowd) -> dict:
    world = crowd.world
    return {
        "starts_on": tried.day(),
        "starts_time": "10:00",
        "duration_min": 60,
        "place": "Lyon",
        "time_zone": "Europe/Paris",
        "version": 1,
        "guests": [world.a.representatives[0].pk, world.a.ambassador.pk],
    }


def _own_remark(crowd: Crowd) -> dict:
    return {**_OWN(crowd), "remark_id": _remark_id()}


REPORTS = by_matrix(
    {
        "assessments:report": Route(_OUT),
        "assessments:report-pdf": Route(_OUT),
        "assessments:report-summary": Route(_OUT, data=_summary),
        "assessments:report-give": Route(
            tried.at(), data=lambda _: {"seen": "0" * 64}, posts_only=True
        ),
        "assessments:remark": Route(_OUT, data=_said, posts_only=True),
        "assessments:remark-settle": Route(
            tried.at(State.REPORTED, remark_id=_remark_id), posts_only=True
        ),
        "assessments:hand-over": Route(_OUT, data=_meeting),
        "assessments:hand-over-off": Route(
            _OUT, data=lambda _: {"off-seen": 1, "off-reason": "Ill"}, posts_only=True
        ),
        "assessments:hand-over-held": Route(
            _OUT, data=lambda _: {"held-seen": 1, "held-held_on": tried.day(0)}, posts_only=True
        ),
        "assessments:hand-over-without": Route(
            _OUT, data=lambda _: {"without-seen": 1, "without-reason": "By phone"}, posts_only=True
        ),
        "assessments:outcomes": Route(room),
        "assessments:own-report": Route(_OWN),
        "assessments:own-report-pdf": Route(_OWN),
        "assessments:own-remark": Route(_OWN, data=_said, posts_only=True),
        "assessments:own-remark-settle": Route(_own_remark, posts_only=True),
        "assessments:own-later": Route(
            tried.own(State.HANDED_OVER), data=lambda _: {"value": "useful", "version": 1}
        ),
    }
)
