"""Who may use which route of a room, under /api/v1/partnerships."""

from datetime import timedelta

from django.utils.timezone import localdate

from proxeny.partnerships.models import (
    Agreement,
    Delegation,
    Evidence,
    ExchangeRate,
    Favour,
    HealthReview,
    KeyResult,
    Measurement,
    Objective,
    Placement,
    Recommendation,
    Risk,
)
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd

ONE = "/api/v1/partnerships/{partnership_id}"
RECORD = f"{ONE}/records/{{kind}}/{{record_id}}"
ADVICE = f"{ONE}/recommendations/{{recommendation_id}}"
FIGURES = f"{ONE}/key-results/{{result_id}}/measurements"
REVIEW = f"{ONE}/reviews/{{review_id}}"
STAY = f"{ONE}/placements/{{placement_id}}"
TEXT = f"{ONE}/texts/{{text_id}}"


def _room(crowd: Crowd) -> dict:
    return {"partnership_id": crowd.world.partnership.pk}


def _first(kind: str, model: type) -> object:
    def find(crowd: Crowd) -> dict:
        return _room(crowd) | {"kind": kind, "record_id": model.objects.earliest("pk").pk}

    return find


def _of(name: str, model: type, **wanted: object) -> object:
    def find(crowd: Crowd) -> dict:
        return _room(crowd) | {name: model.objects.filter(**wanted).earliest("pk").pk}

    return find


def _new(**record: object) -> object:
    return lambda _: {"record": record}


def _delegation(crowd: Crowd) -> dict:
    # To B: of B's own managers it is refused as input.
    return {"organisation_id": crowd.world.b.cluster.pk, "matter": "events"}


def _risk(crowd: Crowd) -> dict:
    grades = {
        f"{step}_{grade}": 2
        for step in ("inherent", "current", "residual")
        for grade in ("likelihood", "impact")
    }
    return {"record": {"kind": "risk", "title": "Nobody comes", **grades}}


def _favour(crowd: Crowd) -> dict:
    a, b = crowd.world.partnership.parties.order_by("side")
    return {
        "record": {
            "kind": "favour",
            "sort": "hosting",
            "giver": a.pk,
            "receiver": b.pk,
            "happened_on": "2026-05-01",
            "what": "A desk",
        }
    }


def _stay(crowd: Crowd) -> dict:
    a, b = crowd.world.partnership.parties.order_by("side")
    return {
        "record": {
            "kind": "placement",
            "sender": b.pk,
            "host": a.pk,
            "place": "Desk 4",
            "person": crowd.world.b.ambassador.pk,
            "goals": "Ten meetings",
            "starts_on": "2027-05-01",
            "ends_on": "2027-06-30",
        }
    }


def _closing(crowd: Crowd) -> dict:
    return {"report": "Twenty meetings", "closed_on": str(localdate())}


def _day(crowd: Crowd) -> dict:
    return {"due_on": str(localdate() + timedelta(days=9))}


_FIGURE = {"value": "4", "measured_on": "2026-05-02"}
_SOURCE = {"name": "A grant", "sort": "european"}
_STEP = {"state": "accepted", "reason": "It is right."}

ROUTES: dict[str, ApiRoute] = {
    "list_room_records": ApiRoute("GET", f"{ONE}/records", _room, query=(("kind", "objective"),)),
    "list_room_records risk": ApiRoute("GET", f"{ONE}/records", _room, query=(("kind", "risk"),)),
    "list_room_records placement": ApiRoute(
        "GET", f"{ONE}/records", _room, query=(("kind", "placement"),)
    ),
    "list_room_records source": ApiRoute(
        "GET", f"{ONE}/records", _room, query=(("kind", "source"),)
    ),
    "show_room_record": ApiRoute("GET", RECORD, _first("objective", Objective)),
    "add_room_record": ApiRoute(
        "POST", f"{ONE}/records", _room, _new(kind="objective", title="More meetings")
    ),
    "add_room_record risk": ApiRoute("POST", f"{ONE}/records", _room, _risk),
    "add_room_record favour": ApiRoute("POST", f"{ONE}/records", _room, _favour),
    "add_room_record placement": ApiRoute("POST", f"{ONE}/records", _room, _stay),
    "add_room_record source": ApiRoute(
        "POST", f"{ONE}/records", _room, _new(kind="source", **_SOURCE)
    ),
    "change_room_record": ApiRoute(
        "PATCH", RECORD, _first("objective", Objective), _new(kind="objective", title="Fewer")
    ),
    "change_room_record risk": ApiRoute(
        "PATCH", RECORD, _first("risk", Risk), _new(kind="risk", title="Everybody comes")
    ),
    "change_room_record favour": ApiRoute(
        "PATCH", RECORD, _first("favour", Favour), _new(kind="favour", what="Two desks")
    ),
    "change_room_record placement": ApiRoute(
        "PATCH", RECORD, _first("placement", Placement), _new(kind="placement", place="Desk 5")
    ),
    "drop_room_record": ApiRoute("DELETE", RECORD, _first("objective", Objective)),
    "restore_room_record": ApiRoute("POST", f"{RECORD}/restore", _first("objective", Objective)),
    "list_figures": ApiRoute("GET", FIGURES, _of("result_id", KeyResult)),
    "measure": ApiRoute("POST", FIGURES, _of("result_id", KeyResult), lambda _: _FIGURE),
    "remove_measurement": ApiRoute(
        "DELETE", f"{ONE}/measurements/{{measurement_id}}", _of("measurement_id", Measurement)
    ),
    # What is asked for is not all there: it is theirs to be told so.
    "ask_stage": ApiRoute(
        "POST", f"{ONE}/stages", _room, lambda _: {"stage": "working"}, statuses=(422,)
    ),
    "show_stages": ApiRoute("GET", f"{ONE}/stages", _room),
    "list_texts": ApiRoute("GET", f"{ONE}/texts", _room),
    "show_text": ApiRoute("GET", TEXT, _of("text_id", Agreement, kind="exit")),
    # Not the words that were read.
    "sign_text": ApiRoute(
        "POST",
        f"{TEXT}/sign",
        _of("text_id", Agreement, kind="exit"),
        lambda _: {"text_hash": "1" * 64},
        statuses=(409,),
    ),
    "close_text": ApiRoute(
        "POST",
        f"{TEXT}/close",
        _of("text_id", Agreement, kind="exit"),
        lambda _: {"reason": "Not like this."},
    ),
    "write_exit_plan": ApiRoute(
        "POST", f"{ONE}/exit-plan", _room, lambda _: {"text": "As friends.", "number": 1}
    ),
    "list_delegated": ApiRoute("GET", f"{ONE}/delegations", _room),
    "give_delegation": ApiRoute(
        "POST", f"{ONE}/delegations", _room, _delegation, statuses=(201, 422)
    ),
    "withdraw_delegation": ApiRoute(
        "POST", f"{ONE}/delegations/{{delegation_id}}/withdraw", _of("delegation_id", Delegation)
    ),
    "accept_risk": ApiRoute(
        "POST", f"{ONE}/risks/{{risk_id}}/accept", _of("risk_id", Risk), statuses=(201,)
    ),
    "agree_placement": ApiRoute(
        "POST", f"{STAY}/agree", _of("placement_id", Placement), statuses=(204,)
    ),
    "close_placement": ApiRoute(
        "POST", f"{STAY}/close", _of("placement_id", Placement), _closing, statuses=(204,)
    ),
    "reopen_placement": ApiRoute(
        "POST", f"{STAY}/reopen", _of("placement_id", Placement), statuses=(204,)
    ),
    "show_exchange": ApiRoute("GET", f"{ONE}/exchange", _room),
    "answer_favour": ApiRoute(
        "POST",
        f"{ONE}/favours/{{favour_id}}/answer",
        _of("favour_id", Favour),
        lambda _: {"is_right": True},
    ),
    "set_rhythm": ApiRoute(
        "PUT",
        f"{ONE}/rhythm",
        _room,
        lambda _: {"in_person": True, "every_days": 182, "since_on": "2026-05-01", "version": 0},
    ),
    "set_rate": ApiRoute(
        "PUT",
        f"{ONE}/rates",
        _room,
        lambda _: {"currency": "MAD", "rate": "0.09", "since_on": "2026-05-01"},
    ),
    "remove_rate": ApiRoute("DELETE", f"{ONE}/rates/{{rate_id}}", _of("rate_id", ExchangeRate)),
    "run_stress_test": ApiRoute("GET", f"{ONE}/stress", _room),
    "list_reviews": ApiRoute("GET", f"{ONE}/reviews", _room),
    # One is open already.
    "open_review": ApiRoute("POST", f"{ONE}/reviews", _room, _day, statuses=(409,)),
    "read_review": ApiRoute("GET", REVIEW, _of("review_id", HealthReview)),
    "answer_review": ApiRoute(
        "PUT",
        f"{REVIEW}/answers",
        _of("review_id", HealthReview),
        lambda _: {"answers": {"trust": {"value": 4}}},
    ),
    # B has not answered.
    "show_review": ApiRoute(
        "POST", f"{REVIEW}/show", _of("review_id", HealthReview), statuses=(409,)
    ),
    "take_step": ApiRoute(
        "POST",
        f"{ADVICE}/step",
        _of("recommendation_id", Recommendation),
        lambda _: {"state": "proposed"},
    ),
    # It is not proposed yet.
    "take_step accept": ApiRoute(
        "POST",
        f"{ADVICE}/step",
        _of("recommendation_id", Recommendation),
        lambda _: _STEP,
        statuses=(409,),
    ),
    "list_evidence": ApiRoute(
        "GET", f"{ADVICE}/evidence", _of("recommendation_id", Recommendation)
    ),
    "add_evidence": ApiRoute(
        "POST",
        f"{ADVICE}/evidence",
        _of("recommendation_id", Recommendation),
        lambda _: {"kind": "figure", "text": "Seven of ten"},
    ),
    "remove_evidence": ApiRoute(
        "DELETE", f"{ONE}/evidence/{{evidence_id}}", _of("evidence_id", Evidence)
    ),
    "name_contact": ApiRoute("PUT", f"{ONE}/contact", _room, lambda _: {"person_id": None}),
    "show_assessment": ApiRoute("GET", f"{ONE}/assessment", _room),
    # A has written one already, B none.
    "write_assessment": ApiRoute(
        "PUT",
        f"{ONE}/assessment",
        _room,
        lambda _: {"version": 1, "brings": "Contacts"},
        statuses=(200, 409),
    ),
    "invite_party": ApiRoute(
        "POST",
        f"{ONE}/parties",
        _room,
        lambda crowd: {"organisation_id": crowd.world.b.cluster.pk},
        statuses=(409,),
    ),
    # Only two are left.
    "leave_alliance": ApiRoute(
        "POST", f"{ONE}/leave", _room, lambda _: {"reason": "Enough."}, statuses=(409,)
    ),
}
