"""Notes, findings, recommendations and the company's decisions by program."""

import pytest

from proxeny.partnerships.models import Recommendation
from tests.ambassadors.calling import done, rows
from tests.assessments.working import TODAY, at_work, figure, wall
from tests.factories.assessments import NoteFactory
from tests.stages import staged

pytestmark = pytest.mark.django_db


@staged
def one(world):
    return at_work(world)


@staged
def base(one):
    return f"/assessments/{one.partnership_id}/engagements/{one.pk}"


@staged
def own(one):
    return f"/assessments/own/engagements/{one.pk}/recommendations"


@pytest.fixture
def greek(world, call):
    return call(world.a.manager)


@pytest.fixture
def french(world, call):
    return call(world.b.ambassador)


def test_a_note_written_changed_put_away_and_brought_back(greek, french, base):
    body = {
        "kind": "price",
        "title": "Licence",
        "amount": "1200",
        "currency": "EUR",
        "unit": "a year",
    }
    answer = greek.post(f"{base}/notes", body)
    made = done(answer, 201)
    assert (made["amount"], made["version"]) == ("1200.00", 1)
    url = f"{base}/notes/{made['id']}"
    assert answer["Location"] == f"/api/v1{url}"
    assert french.patch(url, {"unit": "a month"}).status_code == 428
    assert french.patch(url, {"unit": "a month"}, version=9).status_code == 412
    changed = done(french.patch(url, {"unit": "a month"}, version=1))
    assert (changed["unit"], changed["amount"], changed["version"]) == ("a month", "1200.00", 2)
    refused = french.patch(url, {"amount": None}, version=2)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "#/amount"
    assert done(greek.post(f"{url}/drop"))["dropped_at"]
    assert rows(greek.get(f"{base}/notes")) == []
    assert done(greek.post(f"{url}/restore"))["dropped_at"] is None
    assert [row["id"] for row in rows(french.get(f"{base}/notes", {"kind": "price"}))] == [
        made["id"]
    ]
    assert rows(french.get(f"{base}/notes", {"kind": "risk"})) == []
    assert rows(french.get(f"{base}/notes", {"q": "licence"}))


def test_a_finding_with_its_sources(one, greek, french, base):
    note, values = NoteFactory(engagement=one), figure(one)
    first = done(greek.post(f"{base}/findings", {"title": "First", "chapter": "Price"}), 201)
    made = done(greek.post(f"{base}/findings", {"title": "Second", "chapter": "Price"}), 201)
    url = f"{base}/findings/{made['id']}"
    done(french.post(f"{url}/sources", {"note_id": note.pk, "place": "minute 4"}), 201)
    told = done(french.post(f"{url}/sources", {"figure_version_id": values.pk}), 201)
    assert [
        (row["note_id"], row["figure_version_id"], row["place"]) for row in told["sources"]
    ] == [
        (note.pk, None, "minute 4"),
        (None, values.pk, ""),
    ]
    assert french.post(f"{url}/sources", {}).status_code == 422
    moved = done(french.post(f"{url}/move", {"by": -1}))
    assert (moved["order"], done(greek.get(f"{base}/findings/{first['id']}"))["order"]) == (1, 2)
    source = told["sources"][0]["id"]
    assert french.delete(f"{url}/sources/{source}").status_code == 204
    changed = done(greek.patch(url, {"confidence": "high"}, version=1))
    assert (changed["confidence"], len(changed["sources"])) == ("high", 1)
    done(greek.post(f"{url}/drop"))
    assert [row["title"] for row in rows(french.get(f"{base}/findings"))] == ["First"]
    assert done(greek.post(f"{url}/restore"))["title"] == "Second"


def test_from_a_draft_to_the_company_s_decision(world, one, call, greek, french, base, own):
    finding = done(greek.post(f"{base}/findings", {"title": "They buy by the year"}), 201)
    made = done(
        greek.post(f"{base}/recommendations", {"title": "Offer a licence", "addressee": "org"}), 201
    )
    url = f"{base}/recommendations/{made['id']}"
    assert made["organisation_id"] == one.client_id
    assert greek.post(f"{url}/propose", version=1).status_code == 422
    body = {"target": "assessments.finding", "target_id": finding["id"], "place": "all of it"}
    piece = done(french.post(f"{url}/evidence", body), 201)
    assert (piece["kind"], piece["text"]) == ("finding", "They buy by the year")
    assert french.post(f"{url}/evidence", body).status_code == 409
    client = call(world.a.representatives[0])
    assert done(client.get(own)) == []
    assert client.get(f"{own}/{made['id']}").status_code == 404
    assert done(greek.post(f"{url}/propose", version=1))["state"] == "proposed"
    assert french.delete(f"{url}/evidence/{piece['id']}").status_code == 409
    (told,) = done(client.get(own))
    assert (told["id"], told["version"]) == (made["id"], 2)
    whole = done(client.get(f"{own}/{made['id']}"))
    assert [(row["text"], row["place"]) for row in whole["evidence"]] == [
        ("They buy by the year", "all of it")
    ]
    step = f"{own}/{made['id']}/step"
    assert client.post(step, {"state": "refused"}, version=2).status_code == 422
    assert client.post(step, {"state": "adopted", "reason": "x"}, version=2).status_code == 409
    assert greek.post(step, {"state": "accepted"}, version=2).status_code == 404
    decided = done(client.post(step, {"state": "amended", "reason": "For two years."}, version=2))
    assert (decided["state"], decided["decided_on"]) == ("amended", TODAY.isoformat())
    assert client.post(step, {"state": "doing"}, version=2).status_code == 412
    assert done(greek.get(url))["reason"] == "For two years."
    assert greek.patch(url, {"title": "Ours"}, version=3).status_code == 409
    assert Recommendation.objects.get().title == "Offer a licence"


def test_nothing_is_there_for_who_has_a_conflict_or_is_not_of_the_teams(
    world, one, call, base, own
):
    NoteFactory(engagement=one)
    walled = wall(one, world.b.ambassador)
    for person in (
        walled,
        world.a.representatives[0],
        world.a.representatives[1],
        world.b.representatives[0],
        world.c.manager,
    ):
        program = call(person)
        for path in ("notes", "findings", "recommendations"):
            assert program.get(f"{base}/{path}").status_code == 404
            assert program.post(f"{base}/{path}", {"title": "x"}).status_code == 404
        if person != world.a.representatives[0]:
            assert program.get(own).status_code == 404
