"""Partners by program: the room asks, organisations answer."""

import pytest
from django.utils import timezone

from proxeny.bids.models import Bid, Partner
from tests.bids.bidding import bid_of, partner_of
from tests.bids.joining import ask, lab, letter_of, sign, sign_by_link, whole_text
from tests.factories.bids import SpendingFactory, WorkPackageFactory
from tests.partnerships.rooms import others

pytestmark = pytest.mark.django_db
State = Partner.State


def url(partner, rest=""):
    return f"/bids/{partner.partnership_id}/{partner.bid_id}/partners/{partner.pk}{rest}"


def test_a_program_asks_takes_back_and_notes_who_left(world, call):
    bid = bid_of(world)
    partner = partner_of(bid, lab(world), brings="Sensors.")
    greek, french = call(world.a.ambassador), call(world.b.manager)
    answer = greek.post(url(partner, "/ask"))
    assert answer.status_code == 200, answer.json()
    told = answer.json()
    assert (told["state"], told["letter"]["number"]) == ("asked", 1)
    assert told["letter"]["text"] == letter_of(partner).text
    assert french.post(url(partner, "/remind")).status_code == 409
    assert french.post(url(partner, "/withdraw")).json()["state"] == "noted"
    greek.post(url(partner, "/ask"))
    sign_by_link(partner)
    [row] = french.get(f"/bids/{bid.partnership_id}/{bid.pk}/partners").json()
    assert (row["state"], row["letter"]["signed_by"]) == ("in", "Eleni Example")
    assert (row["contact_email"], row["brings"]) == (partner.contact_email, "Sensors.")
    assert french.post(url(partner, "/left"), {"why": ""}).status_code == 422
    gone = french.post(url(partner, "/left"), {"why": "No people."}).json()
    assert (gone["state"], gone["word"]) == ("left", "No people.")
    assert greek.post(url(partner, "/left"), {"why": "No people."}).status_code == 409
    assert greek.post(url(partner, "/back")).json()["state"] == "noted"
    for person in others(world).values():
        if person == world.nobody_special:
            continue
        assert call(person).post(url(partner, "/ask")).status_code in (403, 404)


def test_a_program_is_refused_with_a_sentence(world, call):
    bid = bid_of(world)
    partner = partner_of(bid, lab(world), contact_email="")
    refused = call(world.a.manager).post(url(partner, "/ask"))
    assert refused.status_code == 422
    assert "Add an email address first" in refused.json()["detail"]
    Bid.objects.update(state="submitted", submitted_at=timezone.now())
    assert call(world.a.manager).post(url(partner, "/ask")).status_code == 409


def test_a_program_of_an_organisation_reads_and_signs(world, call):
    bid = bid_of(world, state="preparing", overhead=0)
    partner, other = partner_of(bid, world.b.members[0], rate=5000), partner_of(bid, lab(world))
    package = WorkPackageFactory(bid=bid, number=2, lead=partner)
    SpendingFactory(partner=partner, package=package, amount=4)
    for one in (partner, other):
        ask(world.a.manager, one)
    program = call(world.b.representatives[0])
    rows = program.get("/bids/own/partners").json()
    rows = rows.get("results", rows) if isinstance(rows, dict) else rows
    assert [(row["id"], row["waits"], row["title"]) for row in rows] == [
        (partner.pk, True, bid.title)
    ]
    own = f"/bids/own/partners/{partner.pk}"
    told = program.get(own).json()
    assert (told["cost"], told["person_months"], told["packages"][0]["is_lead"]) == (
        "20000.00",
        "4.00",
        True,
    )
    assert [one["name"] for one in told["mates"]] == [other.name]
    assert "contact_email" not in told
    letter = told["letter"]
    given = {"text_id": letter["id"], "text_hash": "0" * 64}
    assert program.post(f"{own}/ask", {"word": "Who pays?"}).json()["word"] == "Who pays?"
    assert program.post(f"{own}/sign", given).status_code == 409
    signed = program.post(f"{own}/sign", given | {"text_hash": letter["text_hash"], "word": "Yes."})
    assert (signed.json()["state"], signed.json()["waits"]) == ("in", False)
    whole = whole_text(bid, partner)
    refused = program.post(f"{own}/refuse", {"text_id": whole.pk, "why": "The sums are wrong."})
    assert refused.json()["whole_bid"]["closed_why"] == "The sums are wrong."
    gone = program.post(f"{own}/leave", {"why": "No people."}).json()
    assert (gone["state"], gone["mates"], gone["idea"]) == ("left", [], "")
    assert call(world.b.representatives[1]).get(own).status_code == 404
    assert call(world.a.manager).get(own).status_code == 404


def test_a_program_says_no_for_an_organisation(world, call):
    bid = bid_of(world)
    partner = partner_of(bid, world.b.members[0])
    ask(world.a.manager, partner)
    program, own = call(world.b.representatives[0]), f"/bids/own/partners/{partner.pk}"
    given = {"text_id": letter_of(partner).pk, "why": "We are full."}
    assert call(world.b.manager).post(f"{own}/refuse", given).status_code == 404
    assert program.post(f"{own}/refuse", given).json()["state"] == "declined"
    assert program.post(f"{own}/refuse", given).status_code == 409
    sign_refused = program.post(
        f"{own}/sign", {"text_id": letter_of(partner).pk, "text_hash": letter_of(partner).text_hash}
    )
    assert sign_refused.status_code == 409


def test_a_program_with_the_right_to_read_signs_nothing(world, call):
    bid = bid_of(world)
    partner = partner_of(bid, world.b.members[0])
    ask(world.a.manager, partner)
    reading = call(world.b.representatives[0], "bids:read")
    text = letter_of(partner)
    own = f"/bids/own/partners/{partner.pk}"
    assert reading.get(own).status_code == 200
    given = {"text_id": text.pk, "text_hash": text.text_hash}
    assert reading.post(f"{own}/sign", given).status_code == 403
    sign(world.b.representatives[0], partner)
