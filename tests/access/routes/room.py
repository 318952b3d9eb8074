"""How each page of a room is tried."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Model
from django.utils.timezone import localdate

from proxeny.partnerships.models import (
    Action,
    Agreement,
    Delegation,
    Evidence,
    ExchangeRate,
    Favour,
    FundingSource,
    HealthReview,
    KeyResult,
    Measurement,
    Objective,
    Placement,
    Recommendation,
    Risk,
)
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix, reason

Arguments = Callable[[Crowd], dict]


def _room(crowd: Crowd) -> dict:
    return {"pk": crowd.world.partnership.pk}


def _kind(kind: str) -> Arguments:
    return lambda crowd: _room(crowd) | {"kind": kind}


def _record(kind: str, model: type[Model]) -> Arguments:
    return lambda crowd: _room(crowd) | {"kind": kind, "record_id": model.objects.earliest("pk").pk}


def _of(name: str, model: type[Model], **wanted: object) -> Arguments:
    return lambda crowd: _room(crowd) | {name: model.objects.filter(**wanted).earliest("pk").pk}


def _risk_history(crowd: Crowd) -> dict:
    return {"kind": "risk", "pk": Risk.objects.earliest("pk").pk}


def _goal_history(crowd: Crowd) -> dict:
    return {"kind": "objective", "pk": Objective.objects.earliest("pk").pk}


def _title(crowd: Crowd) -> dict:
    return {"title": "Something else", "version": 1}


def _figure(crowd: Crowd) -> dict:
    return {"value": "4", "measured_on": "2026-05-02"}


def _delegation(crowd: Crowd) -> dict:
    b = crowd.world.partnership.parties.order_by("side")[1]
    return {"receiver": b.pk, "matter": "events"}


def _day(crowd: Crowd) -> dict:
    return {"due_on": str(localdate() + timedelta(days=9))}


def _closing(crowd: Crowd) -> dict:
    return {"report": "Twenty meetings", "closed_on": str(localdate()), "seen": 1}


ROOM = by_matrix(
    {
        "partnerships:planning": Route(_room),
        "partnerships:work": Route(_room),
        "partnerships:results": Route(_room),
        "partnerships:papers": Route(_room),
        "partnerships:goals": Route(_room),
        "partnerships:plan": Route(_room),
        "partnerships:placements": Route(_room),
        "partnerships:risks": Route(_room),
        "partnerships:exchange": Route(_room),
        "partnerships:money": Route(_room),
        "partnerships:stress": Route(_room),
        "partnerships:health": Route(_room),
        "partnerships:advice": Route(_room),
        "partnerships:stages": Route(_room),
        "partnerships:report": Route(_room),
        "partnerships:report-pdf": Route(_room),
        "history:show objective": Route(_goal_history),
        "history:show risk": Route(_risk_history),
        "partnerships:record-export objective": Route(_kind("objective")),
        "partnerships:record-export risk": Route(_kind("risk")),
        "partnerships:record-export placement": Route(_kind("placement")),
        "partnerships:record-export source": Route(_kind("source")),
        "partnerships:record-add": Route(_kind("objective"), data=_title),
        "partnerships:record-add risk": Route(_kind("risk"), data=_title),
        "partnerships:record-add favour": Route(_kind("favour"), data=_title),
        "partnerships:record-add placement": Route(_kind("placement"), data=_title),
        "partnerships:record-add source": Route(_kind("source"), data=_title),
        "partnerships:record": Route(_record("objective", Objective), data=_title),
        "partnerships:record risk": Route(_record("risk", Risk), data=_title),
        "partnerships:record placement": Route(_record("placement", Placement), data=_title),
        "partnerships:record source": Route(_record("source", FundingSource), data=_title),
        "partnerships:record-drop": Route(_record("objective", Objective), posts_only=True),
        "partnerships:record-restore": Route(_record("objective", Objective), posts_only=True),
        "partnerships:measure": Route(_of("result_id", KeyResult), data=_figure, posts_only=True),
        "partnerships:measurement-remove": Route(
            _of("measurement_id", Measurement), posts_only=True
        ),
        "partnerships:record-done": Route(_record("action", Action), posts_only=True),
        "partnerships:risk-accept": Route(
            _of("risk_id", Risk), data=lambda _: {"version": 1}, posts_only=True
        ),
        "partnerships:placement-agree": Route(
            _of("placement_id", Placement), data=lambda _: {"seen": 1}, posts_only=True
        ),
        "partnerships:placement-close": Route(
            _of("placement_id", Placement), data=_closing, posts_only=True
        ),
        "partnerships:placement-reopen": Route(_of("placement_id", Placement), posts_only=True),
        "partnerships:rhythm": Route(_room, posts_only=True),
        "partnerships:favour-answer": Route(
            _of("favour_id", Favour),
            data=lambda _: {"is_right": "yes", "seen": 1},
            posts_only=True,
        ),
        "partnerships:rate-add": Route(_room, posts_only=True),
        "partnerships:rate-remove": Route(_of("rate_id", ExchangeRate), posts_only=True),
        "partnerships:review-open": Route(_room, data=_day, posts_only=True),
        "partnerships:review": Route(_of("review_id", HealthReview)),
        "partnerships:review-answer": Route(_of("review_id", HealthReview)),
        "partnerships:review-show": Route(_of("review_id", HealthReview), posts_only=True),
        "partnerships:recommendation": Route(_of("record_id", Recommendation)),
        "partnerships:recommendation-step": Route(
            _of("record_id", Recommendation),
            data=lambda _: {"state": "proposed", "seen": 1},
            posts_only=True,
        ),
        "partnerships:evidence-add": Route(
            _of("record_id", Recommendation),
            data=lambda _: {"kind": "figure", "text": "Seven"},
            posts_only=True,
        ),
        "partnerships:evidence-remove": Route(_of("evidence_id", Evidence), posts_only=True),
        "partnerships:stage-ask": Route(
            _room, data=lambda _: {"stage": "working"}, posts_only=True
        ),
        "partnerships:delegations": Route(_room),
        "partnerships:delegate": Route(_room, data=_delegation, posts_only=True, statuses=(422,)),
        "partnerships:delegation-withdraw": Route(
            _of("delegation_id", Delegation), posts_only=True
        ),
        "partnerships:exit-plan": Route(
            _room, data=lambda _: {"text": "As friends.", "version": 1}
        ),
        "partnerships:contact": Route(_room, data=lambda _: {"person": ""}, posts_only=True),
        "partnerships:party-invite": Route(_room),
        "partnerships:party-leave": Route(_room, data=reason),
        "partnerships:text": Route(_of("agreement_id", Agreement, kind="exit")),
        "partnerships:text-pdf": Route(_of("agreement_id", Agreement, kind="exit")),
        "partnerships:text-sign": Route(
            _of("agreement_id", Agreement, kind="exit"),
            data=lambda _: {"text_hash": "1" * 64},
            posts_only=True,
        ),
        "partnerships:text-close": Route(_of("agreement_id", Agreement, kind="exit"), data=reason),
        "partnerships:assessment": Route(_room, data=lambda _: {"brings": "Much", "version": 0}),
    }
)
