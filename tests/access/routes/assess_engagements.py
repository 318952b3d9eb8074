"""How each page of requests, advisers, briefs and plans is tried."""

from proxeny.assessments.models import Engagement
from tests.access import assessments as tried
from tests.access.crowd import Crowd
from tests.access.places import room
from tests.access.routes._route import Route, by_matrix

State = Engagement.State
_STEP = tried.at(step_id=tried.step_id)
_ADVISER = tried.at(person_id=tried.adviser_id)


def _named(crowd: Crowd) -> dict:
    return {"person": crowd.world.a.manager.pk, "effort_days": "3"}


def _brief(crowd: Crowd) -> dict:
    return {"goal": "Another", "currency": "EUR", "payer": "client", "version": 1}


def _step(crowd: Crowd) -> dict:
    return {"title": "Ask two more", "due_on": tried.day(), "version": 1}


def _history(crowd: Crowd) -> dict:
    return {"kind": "assessment", "pk": tried.main().pk}


ENGAGEMENTS = by_matrix(
    {
        "assessments:list": Route(room),
        "assessments:board": Route(room),
        "assessments:workload": Route(room),
        "assessments:note": Route(room),
        "assessments:engagement": Route(tried.at()),
        "history:show assessment": Route(_history),
        "assessments:adviser-name": Route(tried.at(State.ASKED), data=_named, posts_only=True),
        "assessments:adviser-release": Route(_ADVISER, posts_only=True),
        "assessments:adviser-return": Route(_ADVISER, posts_only=True),
        "assessments:declare": Route(
            tried.at(), data=lambda _: {"conflicts": "no"}, posts_only=True
        ),
        "assessments:decline": Route(tried.at(State.ASKED), data=tried.reason, posts_only=True),
        "assessments:close": Route(
            tried.at(), data=lambda _: {"seen": 1, "text": "Ask first."}, posts_only=True
        ),
        "assessments:reopen": Route(tried.at(State.DECLINED), posts_only=True),
        "assessments:brief-edit": Route(tried.at(State.BRIEF), data=_brief),
        "assessments:brief-ask": Route(
            tried.at(State.BRIEF), data=lambda _: {"version": 1}, posts_only=True
        ),
        "assessments:brief-sign": Route(tried.at(State.BRIEF), data=tried.signing, posts_only=True),
        "assessments:brief-refuse": Route(
            tried.at(State.BRIEF), data=tried.signing, posts_only=True
        ),
        "assessments:step-add": Route(tried.at(), data=_step, posts_only=True),
        "assessments:step-restore": Route(tried.at(), posts_only=True),
        "assessments:step-edit": Route(_STEP, data=_step),
        "assessments:step-finish": Route(_STEP, posts_only=True),
        "assessments:step-reopen": Route(_STEP, posts_only=True),
        "assessments:step-drop": Route(_STEP, posts_only=True),
        "assessments:own": Route(),
        "assessments:ask": Route(tried.offer, data=tried.request),
        "assessments:own-engagement": Route(tried.own()),
        "assessments:own-edit": Route(tried.own(State.ASKED), data=tried.request),
        "assessments:own-withdraw": Route(
            tried.own(State.ASKED), data=tried.reason, posts_only=True
        ),
        "assessments:own-again": Route(tried.own(State.WITHDRAWN), posts_only=True),
        "assessments:own-sign": Route(tried.own(State.BRIEF), data=tried.signing, posts_only=True),
        "assessments:own-refuse": Route(
            tried.own(State.BRIEF), data=tried.signing, posts_only=True
        ),
    }
)
