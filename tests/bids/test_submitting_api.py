"""Deciding on bids, signing them off, submitting, the answer and another bid, over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.bids.models import Bid, Stance
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.models import Agreement
from tests.bids.bidding import bid_of, call_of
from tests.bids.finishing import GO, fresh, put, sign_all, whole_bid
from tests.partnerships.rooms import day, party

pytestmark = pytest.mark.django_db
SCOPES = ("bids:read", "bids:write", "partnerships:read", "partnerships:write")


def at(bid, rest):
    return f"/bids/{bid.partnership_id}/{bid.pk}/{rest}"


def test_both_sides_answer_by_program(world, call):
    bid = bid_of(world)
    greek, french = call(world.a.manager, *SCOPES), call(world.b.manager, *SCOPES)
    listed = greek.get(at(bid, "stances"))
    assert [(one["side"], one["says"]) for one in listed.json()] == [("A", None), ("B", None)]
    assert listed["ETag"] == '"0"'
    said = greek.put(at(bid, "stance"), GO, version=0)
    assert said.status_code == 200, said.content
    assert said.json()[0]["without_grant"] == GO["without_grant"]
    # A colleague's answer is not written over.
    refused = greek.put(at(bid, "stance"), GO | {"says": "no", "why": "Late."}, version=0)
    assert refused.status_code == 412
    french.put(at(bid, "stance"), GO)
    assert fresh(bid).state == "preparing"
    assert Stance.objects.get(party=party(world, world.b)).person == world.b.manager
    assert french.put(at(bid, "stance"), GO | {"says": "no"}).status_code == 422
    assert french.put(at(bid, "stance"), GO | {"without_grant": "None"}).status_code == 422


def test_a_bid_is_signed_submitted_and_won_by_program(world, call):
    bid = whole_bid(world)
    greek = call(world.a.manager, *SCOPES)
    shown = greek.get(at(bid, "text")).json()
    assert shown["newest"] is None
    assert shown["prepared"]["missing"] == []
    stale = greek.post(at(bid, "text"), {"fingerprint": "0" * 64})
    assert stale.status_code == 409
    made = greek.post(at(bid, "text"), {"fingerprint": shown["prepared"]["fingerprint"]})
    assert made.status_code == 201, made.content
    assert made.json()["text"] == shown["prepared"]["text"]
    signers = {one["name"]: one["person_name"] for one in made.json()["signers"]}
    assert signers == {
        "Greek cluster": "Greek manager",
        "French member 1": None,
        "Lab of Vigo": None,
    }
    assert greek.post(at(bid, "text/remind")).status_code == 409
    items = {one["code"]: one["state"] for one in greek.get(at(bid, "checklist")).json()}
    assert [code for code, state in items.items() if state == "missing"] == ["signed"]
    sign_all(Agreement.objects.get(kind="bid"))
    sent = greek.post(
        at(bid, "submission"),
        {"submitted_at": timezone.now().isoformat(), "number": "1012"},
        version=fresh(bid).version,
    )
    assert sent.status_code == 200, sent.content
    assert (sent.json()["state"], sent.json()["submitted_as"]) == ("submitted", "1012")
    assert greek.get(at(bid, "checklist")).json() == []
    assert greek.get(at(bid, "text")).json()["prepared"] is None
    back = greek.post(at(bid, "submission/take-back"), version=fresh(bid).version)
    assert back.json()["state"] == "preparing"
    Bid.objects.update(state="submitted", submitted_at=timezone.now() - timedelta(days=9))
    won = greek.put(
        at(bid, "result"),
        {"answer": "won", "decided_on": day(0).isoformat(), "granted": "180000.00"},
        version=fresh(bid).version,
    )
    assert (won.json()["state"], won.json()["granted"]) == ("won", "180000.00")


def test_who_signs_by_program_signs_it_as_any_text(world, call):
    bid = whole_bid(world)
    agreement = put(world.b.manager, bid)
    greek = call(world.a.manager, *SCOPES)
    signed = greek.post(
        f"/partnerships/{bid.partnership_id}/texts/{agreement.pk}/sign",
        {"text_hash": agreement.text_hash},
    )
    assert signed.status_code == 200, signed.content
    newest = greek.get(at(bid, "text")).json()["newest"]
    assert newest["signers"][0]["person_name"] == "Greek manager"


def test_a_submission_is_refused_with_what_is_missing(world, call):
    bid = whole_bid(world)
    greek, sent = call(world.a.manager, *SCOPES), {"number": "1012"}
    now = timezone.now()
    assert (
        greek.post(at(bid, "submission"), sent | {"submitted_at": now.isoformat()}).status_code
        == 428
    )
    refused = greek.post(
        at(bid, "submission"), sent | {"submitted_at": now.isoformat()}, version=bid.version
    )
    assert refused.status_code == 422
    assert "It hasn’t been sent for signature yet." in refused.json()["detail"]
    naive = now.replace(tzinfo=None).isoformat()
    assert (
        greek.post(
            at(bid, "submission"), sent | {"submitted_at": naive}, version=bid.version
        ).status_code
        == 422
    )
    forced = greek.post(
        at(bid, "submission"),
        sent | {"submitted_at": now.isoformat(), "although": "It was sent."},
        version=bid.version,
    )
    assert forced.status_code == 200
    assert AuditEntry.objects.get(verb="submit_bid").why == "It was sent."
    lost = greek.put(
        at(bid, "result"),
        {"answer": "lost", "decided_on": day(0).isoformat()},
        version=fresh(bid).version,
    )
    assert lost.status_code == 422


def test_another_bid_begins_by_program(world, call):
    bid = whole_bid(world)
    other, helper = call_of(world), call(world.b.ambassador, *SCOPES)
    made = helper.post(at(bid, "copy"), {"call_id": other.pk, "title": "Again"})
    assert made.status_code == 201, made.content
    assert made.json()["copied_from_id"] == bid.pk
    assert made["Location"] == f"/api/v1/bids/{bid.partnership_id}/{made.json()['id']}"
    assert len(made.json()["partners"]) == 3
    away = call_of(world, put_away_at=timezone.now())
    assert helper.post(at(bid, "copy"), {"call_id": away.pk}).status_code == 422


def test_others_get_nothing_and_only_managers_decide(world, call):
    bid, other = whole_bid(world), call_of(world)
    sent = {"submitted_at": timezone.now().isoformat(), "number": "1"}
    deeds = [
        ("PUT", "stance", GO),
        ("POST", "text", {"fingerprint": "0" * 64}),
        ("POST", "text/remind", None),
        ("POST", "submission", sent),
        ("POST", "submission/take-back", None),
        ("PUT", "result", {"answer": "won"}),
    ]
    for person, status in (
        (world.a.representatives[0], 404),
        (world.c.manager, 404),
        (world.b.ambassador, 403),
    ):
        caller = call(person, *SCOPES)
        for method, path, data in deeds:
            answer = caller.send(method, at(bid, path), data=data, version="*")
            assert answer.status_code == status, (method, path, answer.content)
    stranger = call(world.c.manager, *SCOPES)
    for path in ("stances", "checklist", "text"):
        assert stranger.get(at(bid, path)).status_code == 404
    assert stranger.post(at(bid, "copy"), {"call_id": other.pk}).status_code == 404
    assert Bid.objects.count() == 1
